import { extraPath } from "../kit/http.ts";
import { sendSigned } from "../sessions/authed.ts";

/** What is known of one session; times are Unix milliseconds, and 0 where there was none. */
export interface SessionFacts {
  device_id: string;
  state: "signed_in" | "locked";
  verified: boolean;
  backing_up: "yes" | "no" | "unknown";
  last_backup_ts: number;
  /** Messages that only this session is known to be able to open. */
  at_risk_if_removed: number;
  keeps_keys_when_locked: "yes" | "no" | "unknown";
  display_name: string | null;
}

/** The custody report: who can open the account's encrypted history. */
export interface Report {
  coverage: {
    events: number;
    covered: number;
    at_risk: number;
    not_readable: number;
    rooms: { room_id: string; at_risk: number; first_at_risk_ts: number }[];
  };
  sessions: SessionFacts[];
  recovery: {
    backup_version: string;
    default_key: string;
    secrets: string[];
    last_proven_ts: number;
    identity: boolean;
    email: boolean;
    recovery_key_reset: boolean;
  };
}

export function fetchReport(): Promise<Report> {
  return sendSigned<Report>({ method: "GET", path: extraPath("custody") });
}

/** Whether the recovery key opens the current key backup. */
export function hasWayIn({ recovery }: Report): boolean {
  return recovery.backup_version !== "" && recovery.secrets.includes("m.megolm_backup.v1");
}

export function roomsAtRisk({ coverage }: Report): number {
  return coverage.rooms.filter((room) => room.at_risk > 0).length;
}
