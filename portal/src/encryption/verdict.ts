import type { Facts } from "./facts.ts";

/** How an account's encryption is, by the first thing that is not well. */
export type Verdict =
  | "nothing" // there is no identity yet
  | "stranded" // nothing and nobody can verify this session
  | "unverified" // this session is not verified
  | "no_key" // there is no recovery key
  | "incomplete" // the recovery key does not open everything
  | "no_backup"
  | "no_way_in" // the key backup is on, and nothing here opens it
  | "not_connected" // this session is not connected to the key backup
  | "waiting" // keys are on their way into the backup
  | "others" // other sessions are not verified
  | "not_backing_up" // other sessions store nothing in the backup
  | "unproven" // the recovery key was never tested
  | "good";

/** The first thing that is not well, in the order in which it can be mended. */
export function verdictOf(facts: Facts): Verdict {
  const waits = facts.roomKeys.total > facts.roomKeys.backedUp;
  const checks: [boolean, Verdict][] = [
    [!facts.identity, "nothing"],
    // Without a recovery key another session has to vouch for this one.
    [!facts.verified && facts.keyId === null && !hasVerified(facts), "stranded"],
    [!facts.verified, "unverified"],
    [facts.keyId === null, "no_key"],
    [facts.backup === null, "no_backup"],
    [!facts.connected && !facts.backupSecret, "no_way_in"],
    [facts.secrets < 4, "incomplete"],
    [!facts.connected, "not_connected"],
    [waits, "waiting"],
    [facts.others.some((one) => !one.verified), "others"],
    [facts.provenAt === null, "unproven"],
    [facts.others.some((one) => one.backingUp === false), "not_backing_up"],
  ];
  return checks.find(([wrong]) => wrong)?.[1] ?? "good";
}

function hasVerified(facts: Facts): boolean {
  return facts.others.some((one) => one.verified);
}
