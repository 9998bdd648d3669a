import { describe, expect, it } from "vitest";
import type { Facts } from "../src/encryption/facts.ts";
import { verdictOf } from "../src/encryption/verdict.ts";

const well: Facts = {
  identity: true,
  verified: true,
  others: [],
  keyId: "key",
  phrase: false,
  secrets: 4,
  holdsSecrets: true,
  backupSecret: true,
  backup: { version: "1", count: 3 },
  connected: true,
  roomKeys: { total: 3, backedUp: 3 },
  provenAt: 1,
};
const other = { id: "A", name: null, verified: true, backingUp: true };

describe("the verdict on encryption", () => {
  it.each([
    ["good", {}],
    ["nothing", { identity: false, verified: false, keyId: null, backup: null }],
    ["unverified", { verified: false }],
    ["unverified", { verified: false, keyId: null, others: [other] }],
    ["stranded", { verified: false, keyId: null }],
    ["no_key", { keyId: null }],
    ["no_backup", { backup: null, connected: false }],
    ["no_way_in", { connected: false, backupSecret: false, secrets: 3 }],
    ["incomplete", { secrets: 3 }],
    ["not_connected", { connected: false }],
    ["waiting", { roomKeys: { total: 4, backedUp: 3 } }],
    ["others", { others: [{ ...other, verified: false }] }],
    ["unproven", { provenAt: null }],
    ["not_backing_up", { others: [{ ...other, backingUp: false }] }],
    ["good", { others: [{ ...other, backingUp: null }] }],
  ] as [string, Partial<Facts>][])("is %s for %j", (verdict, facts) => {
    expect(verdictOf({ ...well, ...facts })).toBe(verdict);
  });

  it("names first what has to be mended first", () => {
    const bad = { ...well, verified: false, backup: null, connected: false, provenAt: null };
    expect(verdictOf(bad)).toBe("unverified");
  });
});
