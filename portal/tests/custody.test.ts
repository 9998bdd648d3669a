import { describe, expect, it } from "vitest";
import { checksOf } from "../src/custody/checks.ts";
import { costOf, preset } from "../src/custody/costs.ts";
import type { Report, SessionFacts } from "../src/custody/report.ts";
import { lockAll } from "../src/sessions/fate.ts";

function session(id: string, more: Partial<SessionFacts> = {}): SessionFacts {
  return {
    device_id: id,
    state: "signed_in",
    verified: true,
    backing_up: "yes",
    last_backup_ts: 1,
    at_risk_if_removed: 0,
    keeps_keys_when_locked: "yes",
    display_name: null,
    ...more,
  };
}

function report(sessions: SessionFacts[], more: Partial<Report["recovery"]> = {}): Report {
  const atRisk = sessions.reduce((sum, one) => sum + one.at_risk_if_removed, 0);
  return {
    coverage: { events: 10, covered: 10 - atRisk, at_risk: atRisk, not_readable: 0, rooms: [] },
    sessions,
    recovery: {
      backup_version: "1",
      default_key: "k",
      secrets: [
        "m.cross_signing.master",
        "m.cross_signing.self_signing",
        "m.cross_signing.user_signing",
        "m.megolm_backup.v1",
      ],
      last_proven_ts: 1,
      identity: true,
      email: true,
      recovery_key_reset: false,
      ...more,
    },
  };
}

describe("what a choice costs", () => {
  const own = session("OWN");
  const phone = session("PHONE", { at_risk_if_removed: 3 });
  const other = session("OTHER", { at_risk_if_removed: 2, keeps_keys_when_locked: "unknown" });
  const found = report([own, phone, other]);

  it("locking costs only what a client may discard", () => {
    expect(costOf(found, lockAll, "OWN")).toMatchObject({ certain: 0, possible: 2 });
    expect(costOf(found, lockAll, "OWN").lost).toEqual([other]);
  });

  it("removing costs what only that session holds", () => {
    const choice = { default: "keep", each: { PHONE: "remove" } } as const;
    expect(costOf(found, choice, "OWN")).toMatchObject({ certain: 3, possible: 0 });
  });

  it("what is locked already loses nothing by being locked", () => {
    const locked = report([own, { ...other, state: "locked" }]);
    expect(costOf(locked, lockAll, "OWN").lost).toEqual([]);
    expect(costOf(locked, { default: "remove", each: {} }, "OWN").certain).toBe(2);
  });

  it("there is no way back when nothing is left", () => {
    const all = { default: "remove", each: {} } as const;
    const lost = report([phone], { backup_version: "" });
    expect(costOf(lost, all, null).noWayBack).toBe(true);
    expect(costOf(lost, all, "OWN").noWayBack).toBe(false);
    expect(costOf(report([phone]), all, null).noWayBack).toBe(false);
  });

  it("a stranger's sessions are those that were never verified", () => {
    const suspect = session("SUSPECT", { verified: false });
    const known = report([session("OWN", { verified: false }), phone, suspect]);
    expect(preset(known, "OWN", false)).toEqual(lockAll);
    expect(preset(known, "OWN", true)).toEqual({ default: "lock", each: { SUSPECT: "remove" } });
  });
});

describe("what is checked", () => {
  const bad = (found: Report) =>
    checksOf(found, "OWN")
      .filter((check) => check.well !== true)
      .map((check) => check.text);

  it("finds nothing where all is well", () => {
    expect(bad(report([session("OWN")]))).toEqual([]);
  });

  it("finds each thing that is not", () => {
    const nothing = { backup_version: "", default_key: "", secrets: [], last_proven_ts: 0 };
    const found = report(
      [
        session("OWN", { backing_up: "no" }),
        session("PHONE", { backing_up: "no", verified: false, at_risk_if_removed: 1 }),
      ],
      { ...nothing, identity: false, email: false },
    );
    expect(bad(found)).toEqual([
      "check.no_backup",
      "check.this_not_backing_up",
      "check.not_backing_up",
      "check.not_verified",
      "check.no_key",
      "check.no_test",
      "check.no_identity",
      "check.no_email",
      "check.at_risk",
    ]);
  });
});
