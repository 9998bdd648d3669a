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
  | "reset";
