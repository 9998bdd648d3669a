import type { MatrixClient, Room } from "matrix-js-sdk";
import { CryptoEvent } from "matrix-js-sdk/lib/crypto-api";
import { fetchReport, type Report } from "../custody/report.ts";
import { extraPath } from "../kit/http.ts";
import { sendSigned } from "../sessions/authed.ts";
import { type Proof, type Prover, sessionOnly } from "../uia/flow.ts";
import { asking } from "./asking.ts";
import { bringBack } from "./backup-history.ts";
import { roomKeys } from "./facts.ts";
import { inside } from "./inside.ts";
import type { Machine } from "./machine.ts";
import type { Progress } from "./unlocking.ts";

/** Other sessions answer within moments if they are there at all. */
const answerMs = 5_000;
/** Keys reach the backup in the background, in batches with pauses between them. */
const uploadMs = 60_000;
const pageSize = 100;
/** How far back in a room keys are asked for. */
const pagesAtMost = 30;

export type Step = "own" | "deleted" | "asking" | "storing";

export interface Healed {
  before: Report;
  after: Report;
}

type OnStep = (step: Step, progress: Progress | null) => void;

/**
 * Collects the keys of messages at risk, and stores them in the key backup: those that were deleted
 * from it, this session's own, and what the account's other verified sessions send when asked.
 */
export async function heal(machine: Machine, prove: Prover, onStep: OnStep): Promise<Healed> {
  return asking(async () => {
    const before = await fetchReport();
    onStep("deleted", null);
    await bringDeletedBack(prove);
    onStep("own", null);
    await storeAgain(machine);
    await askOthers(machine, before, (progress) => onStep("asking", progress));
    onStep("storing", null);
    await allStored(machine);
    return { before, after: await fetchReport() };
  });
}

interface History {
  changes: { id: string; ended_how: "replaced" | "deleted" }[];
}

/** Keys that were deleted go back to their places; the account password is asked for once. */
async function bringDeletedBack(prove: Prover): Promise<void> {
  const path = extraPath("key_backup", "history");
  const { changes } = await sendSigned<History>({ method: "GET", path });
  const deleted = changes.filter((change) => change.ended_how === "deleted");
  let given: Promise<Proof> | null = null;
  const once: Prover = async (challenge, stage) => {
    if (challenge.errcode) given = null;
    given ??= prove(challenge, stage);
    return { ...(await given), ...sessionOnly(challenge) };
  };
  for (const change of deleted) await bringBack(change.id, once);
}

/**
 * Sends every key of this session once more. A key that was in the backup and has gone from it is
 * marked as stored all the same; only the Rust crypto itself can take these marks back.
 */
async function storeAgain({ crypto }: Machine): Promise<void> {
  const version = await crypto.getActiveSessionBackupVersion();
  const key = await crypto.getSessionBackupPrivateKey();
  if (version === null || key === null) return;
  await inside(crypto).disableBackup();
  await crypto.storeSessionBackupPrivateKey(key, version);
  await crypto.checkKeyBackupAndEnable();
}

/** Reads the rooms with messages at risk: for each that has no key here, other sessions are asked. */
async function askOthers(
  { client }: Machine,
  report: Report,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const rooms = report.coverage.rooms.filter((room) => room.at_risk > 0);
  onProgress({ done: 0, total: rooms.length });
  for (const [done, { room_id: id, first_at_risk_ts: since }] of rooms.entries()) {
    const room = client.getRoom(id);
    if (room) await readBack(client, room, since);
    onProgress({ done: done + 1, total: rooms.length });
  }
  if (rooms.length > 0) await quiet(client);
}

async function readBack(client: MatrixClient, room: Room, since: number): Promise<void> {
  for (let page = 0; page < pagesAtMost; page += 1) {
    const events = room.getLiveTimeline().getEvents();
    await Promise.all(events.map((event) => client.decryptEventIfNeeded(event)));
    const [oldest] = events;
    if (!room.oldState.paginationToken || (oldest && oldest.getTs() < since)) return;
    await client.scrollback(room, pageSize);
  }
}

/** Waits until no key has come for a while. */
function quiet(client: MatrixClient): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      client.off(CryptoEvent.KeyBackupSessionsRemaining, again);
      resolve();
    };
    let timer = setTimeout(end, answerMs);
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(end, answerMs);
    };
    client.on(CryptoEvent.KeyBackupSessionsRemaining, again);
  });
}

/** Waits until every key of this session is in the backup, for a minute at most. */
async function allStored(machine: Machine): Promise<void> {
  const { client } = machine;
  const { total, backedUp } = await roomKeys(machine);
  if (total === backedUp) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      client.off(CryptoEvent.KeyBackupSessionsRemaining, look);
      resolve();
    };
    const look = (remaining: number) => {
      if (remaining === 0) end();
    };
    const timer = setTimeout(end, uploadMs);
    client.on(CryptoEvent.KeyBackupSessionsRemaining, look);
  });
}
