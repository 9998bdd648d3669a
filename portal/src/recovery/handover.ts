/**
 * The recovery key that somebody has just reset their account password with, for the page that
 * unlocks the history next. In memory only, and taken once.
 */
let held: { userId: string; typed: string } | null = null;

export function hold(userId: string, typed: string): void {
  held = { userId, typed };
}

/** Whether a key waits for this user. */
export function isHeldFor(userId: string): boolean {
  return held?.userId === userId;
}

/** The key that waits for this user; it does not wait any longer. */
export function takeHeld(userId: string): string | null {
  const typed = held?.userId === userId ? held.typed : null;
  held = null;
  return typed;
}
