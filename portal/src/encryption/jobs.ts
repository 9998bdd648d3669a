/** What can be done on the encryption page, each in a dialog of its own. */
export type Job =
  | "set_up"
  | "verify"
  | "test"
  | "restore"
  | "export"
  | "import"
  | "new_key"
  | "backup_on"
  | "backup_off"
  | "recovery_reset"
  | "heal"
  | "reset";

/** What other pages may ask for in the address; anything else is passed over. */
const asked: readonly Job[] = ["test", "heal", "verify", "recovery_reset"];

export function askedFor(query: URLSearchParams): Job | null {
  return asked.find((job) => job === query.get("do")) ?? null;
}
