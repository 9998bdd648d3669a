/** What can happen to a session when the account password changes. */
export type Fate = "keep" | "lock" | "remove";

/** One fate for all other sessions, and exceptions by device ID. */
export interface FateChoice {
  default: Fate;
  each: Record<string, Fate>;
}

/** Locking is what never costs anything that cannot be had back. */
export const lockAll: FateChoice = { default: "lock", each: {} };

/** What happened to which session, by device ID. */
export interface FateOutcome {
  kept: string[];
  locked: string[];
  removed: string[];
}

export function fateOf(choice: FateChoice, deviceId: string): Fate {
  return choice.each[deviceId] ?? choice.default;
}

/** `choice` with another fate, or none of its own, for one session. */
export function withFate(choice: FateChoice, deviceId: string, fate: Fate | null): FateChoice {
  const { [deviceId]: _former, ...others } = choice.each;
  return { ...choice, each: fate === null ? others : { ...others, [deviceId]: fate } };
}

/** How many of these sessions are kept, locked and removed. */
export function countFates(choice: FateChoice, ids: readonly string[]): Record<Fate, number> {
  const counts = { keep: 0, lock: 0, remove: 0 };
  for (const id of ids) counts[fateOf(choice, id)] += 1;
  return counts;
}

/** The value of `dev.holdfast.sessions` in a request. */
export function fateBody(choice: FateChoice): Record<string, Fate> {
  return { ...choice.each, default: choice.default };
}
