import type { TextKey, TextValues } from "../kit/i18n.ts";
import { hasWayIn, type Report, roomsAtRisk, type SessionFacts } from "./report.ts";

/** One thing to be well before an account password is changed, and what to do where it is not. */
export interface Check {
  id: string;
  /** Null: nobody can tell. */
  well: boolean | null;
  text: TextKey;
  values?: TextValues;
  /** Where the one next step is done, and what its link says. */
  next?: [string, TextKey];
}

const encryption = "/settings/encryption";
const secretCount = 4;

/** What the old advice told people to check by hand, and what else may go wrong. */
export function checksOf(report: Report, own: string | null): Check[] {
  return [
    backup(report),
    ...sessionChecks(report, own),
    recoveryKey(report),
    atHand(report),
    identity(report),
    email(report),
    coverage(report),
  ];
}

function backup({ recovery }: Report): Check {
  const well = recovery.backup_version !== "";
  if (well) return { id: "backup", well, text: "check.backup" };
  return { id: "backup", well, text: "check.no_backup", next: [encryption, "check.set_up"] };
}

function sessionChecks({ sessions }: Report, own: string | null): Check[] {
  const open = sessions.filter((one) => one.state === "signed_in");
  const missing = open.filter((one) => one.backing_up === "no");
  const unverified = sessions.filter((one) => !one.verified);
  const checks = missing.map((one) => notBackingUp(one, one.device_id === own));
  if (missing.length === 0) {
    const known = open.some((one) => one.backing_up === "yes");
    checks.push({
      id: "backing_up",
      well: known ? true : null,
      text: known ? "check.backing_up" : "check.nothing_to_judge",
    });
  }
  checks.push(
    unverified.length === 0
      ? { id: "verified", well: true, text: "check.verified" }
      : {
          id: "verified",
          well: false,
          text: "check.not_verified",
          values: { count: unverified.length },
          next: [encryption, "check.verify"],
        },
  );
  return checks;
}

function notBackingUp(session: SessionFacts, isOwn: boolean): Check {
  const id = `not_backing_up ${session.device_id}`;
  if (isOwn) {
    const next: Check["next"] = [encryption, "check.connect"];
    return { id, well: false, text: "check.this_not_backing_up", next };
  }
  const values = { session: session.display_name ?? session.device_id };
  return { id, well: false, text: "check.not_backing_up", values };
}

function recoveryKey(report: Report): Check {
  const { recovery } = report;
  const whole = recovery.default_key !== "" && recovery.secrets.length === secretCount;
  if (whole && hasWayIn(report)) return { id: "key", well: true, text: "check.key" };
  const text = recovery.default_key === "" ? "check.no_key" : "check.key_incomplete";
  return { id: "key", well: false, text, next: [encryption, "check.set_up"] };
}

function atHand({ recovery }: Report): Check {
  if (recovery.default_key === "") return { id: "at_hand", well: null, text: "check.no_test" };
  const next: Check["next"] = [`${encryption}?do=test`, "check.test"];
  if (recovery.last_proven_ts === 0) {
    return { id: "at_hand", well: false, text: "check.never_tested", next };
  }
  const values = { ts: recovery.last_proven_ts };
  return { id: "at_hand", well: true, text: "check.tested", values, next };
}

function identity({ recovery }: Report): Check {
  if (recovery.identity) return { id: "identity", well: true, text: "check.identity" };
  const next: Check["next"] = [encryption, "check.set_up"];
  return { id: "identity", well: false, text: "check.no_identity", next };
}

function email({ recovery }: Report): Check {
  if (recovery.email) return { id: "email", well: true, text: "check.email" };
  if (recovery.recovery_key_reset) return { id: "email", well: true, text: "check.key_reset" };
  return { id: "email", well: false, text: "check.no_email" };
}

function coverage(report: Report): Check {
  const { events, at_risk: atRisk } = report.coverage;
  if (events === 0) return { id: "coverage", well: true, text: "check.no_messages" };
  if (atRisk === 0) {
    return { id: "coverage", well: true, text: "check.covered", values: { count: events } };
  }
  const values = { count: atRisk, events, rooms: roomsAtRisk(report) };
  const next: Check["next"] = [`${encryption}?do=heal`, "check.fix"];
  return { id: "coverage", well: false, text: "check.at_risk", values, next };
}
