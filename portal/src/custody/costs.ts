import { type Fate, type FateChoice, fateOf } from "../sessions/fate.ts";
import { hasWayIn, type Report, type SessionFacts } from "./report.ts";

/** What a choice about the sessions would cost. */
export interface Cost {
  /** Messages that lose the last session known to hold their key: it is removed. */
  certain: number;
  /** Those whose session is locked, and may discard its keys then. */
  possible: number;
  /** The sessions they would be lost with, and how many with each. */
  lost: SessionFacts[];
  /** No session would hold keys any more, and no recovery key opens a backup. */
  noWayBack: boolean;
}

/** Whether a session has its keys after its fate; one that is locked already loses nothing more. */
function keepsKeys(session: SessionFacts, fate: Fate): boolean {
  if (fate === "remove") return false;
  if (fate === "keep" || session.state === "locked") return true;
  return session.keeps_keys_when_locked === "yes";
}

/** The cost of a choice; `own` is the session that decides, and stays; null where there is none. */
export function costOf(report: Report, choice: FateChoice, own: string | null): Cost {
  const others = report.sessions.filter((session) => session.device_id !== own);
  const gone = others.filter((one) => !keepsKeys(one, fateOf(choice, one.device_id)));
  const lost = gone.filter((session) => session.at_risk_if_removed > 0);
  const readable = report.coverage.events - report.coverage.not_readable;
  const removed = lost.filter((one) => fateOf(choice, one.device_id) === "remove");
  const certain = sumOf(removed);
  return {
    certain,
    possible: sumOf(lost) - certain,
    lost,
    noWayBack: readable > 0 && own === null && gone.length === others.length && !hasWayIn(report),
  };
}

function sumOf(sessions: SessionFacts[]): number {
  return sessions.reduce((sum, session) => sum + session.at_risk_if_removed, 0);
}

/** What locking or removing one session would cost. */
export function costOfOne(session: SessionFacts, fate: Fate): number {
  return keepsKeys(session, fate) ? 0 : session.at_risk_if_removed;
}

/**
 * Locking costs nothing that cannot be had back. Where somebody else may be signed in, sessions that
 * were never verified are removed: the owner's own are verified.
 */
export function preset(report: Report, own: string | null, stranger: boolean): FateChoice {
  const suspects = report.sessions.filter((one) => one.device_id !== own && !one.verified);
  const each = stranger ? suspects.map((one) => [one.device_id, "remove"] as const) : [];
  return { default: "lock", each: Object.fromEntries(each) };
}
