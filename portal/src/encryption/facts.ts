import { clientPath, extraPath, MatrixError } from "../kit/http.ts";
import { sendSigned } from "../sessions/authed.ts";
import { listDevices } from "../sessions/devices.ts";
import { asking } from "./asking.ts";
import { inside } from "./inside.ts";
import type { Machine } from "./machine.ts";

/** The secrets that belong under the recovery key (Client-Server API, "Secrets"). */
export const secretNames = [
  "m.cross_signing.master",
  "m.cross_signing.self_signing",
  "m.cross_signing.user_signing",
  "m.megolm_backup.v1",
] as const;

export interface OtherSession {
  id: string;
  name: string | null;
  verified: boolean;
  /** Whether it stores keys in the current backup; null where the server can't tell. */
  backingUp: boolean | null;
}

/** What is true of an account's encryption. */
export interface Facts {
  identity: boolean;
  verified: boolean;
  others: OtherSession[];
  /** The recovery key's ID in secret storage; null: there is none. */
  keyId: string | null;
  /** Whether a recovery phrase opens secret storage too. */
  phrase: boolean;
  /** How many of the four secrets the recovery key opens. */
  secrets: number;
  /** Whether this session holds what a new recovery key is to open. */
  holdsSecrets: boolean;
  /** Whether the key of the key backup is among them. */
  backupSecret: boolean;
  /** The key backup on the server; null: it is off. */
  backup: { version: string; count: number } | null;
  /** Whether this session stores its keys there. */
  connected: boolean;
  roomKeys: RoomKeys;
  /** When the recovery key was last shown to open everything, in Unix milliseconds. */
  provenAt: number | null;
}

/** This session's room keys: all, and those that it has stored in the backup. */
export interface RoomKeys {
  total: number;
  backedUp: number;
}

/** What is noted of a successful test; no secret is in it. */
const proofType = "dev.holdfast.recovery_key_proven";

interface ProofNote {
  key_id?: string;
  ts?: number;
}

/** Notes that the recovery key was shown to work. */
export async function noteProof(userId: string, keyId: string): Promise<void> {
  const path = clientPath("user", userId, "account_data", proofType);
  await sendSigned({ method: "PUT", path, body: { key_id: keyId, ts: Date.now() } });
}

/** What a server answers, or null where it has nothing of the kind. */
async function ifThere<T>(path: string): Promise<T | null> {
  try {
    return await sendSigned<T>({ method: "GET", path });
  } catch (error) {
    if (error instanceof MatrixError && error.status === 404) return null;
    throw error;
  }
}

/** Gathers the facts; asks the server anew for what other sessions may have changed. */
export async function gather(machine: Machine): Promise<Facts> {
  const { client, crypto } = machine;
  const userId = client.getSafeUserId();
  return asking(async () => {
    const identity = await crypto.userHasCrossSigningKeys(userId, true);
    await crypto.checkKeyBackupAndEnable();
    const [storage, backup, note] = await Promise.all([
      readStorage(machine),
      // Asked of the server itself: the client remembers the count it was once told.
      ifThere<{ version: string; count: number }>(clientPath("room_keys", "version")),
      ifThere<ProofNote>(clientPath("user", userId, "account_data", proofType)),
    ]);
    const active = await crypto.getActiveSessionBackupVersion();
    return {
      identity,
      verified: await isVerified(machine, client.getDeviceId() ?? ""),
      others: await otherSessions(machine),
      ...storage,
      holdsSecrets: await holdsSecrets(machine),
      backup: backup && { version: backup.version, count: backup.count },
      connected: active !== null && active === backup?.version,
      roomKeys: await roomKeys(machine),
      provenAt: note && note.key_id === storage.keyId ? (note.ts ?? null) : null,
    };
  });
}

/** Whether this session has the private keys of the identity. */
export async function holdsSecrets({ crypto }: Machine): Promise<boolean> {
  const { privateKeysCachedLocally: cached } = await crypto.getCrossSigningStatus();
  return cached.masterKey && cached.selfSigningKey && cached.userSigningKey;
}

async function isVerified({ client, crypto }: Machine, deviceId: string): Promise<boolean> {
  const status = await crypto.getDeviceVerificationStatus(client.getSafeUserId(), deviceId);
  return status?.crossSigningVerified ?? false;
}

async function readStorage({ client }: Machine) {
  const found = await client.secretStorage.getKey();
  const [keyId, info] = found ?? [null, null];
  const stored = await Promise.all(secretNames.map((name) => client.secretStorage.isStored(name)));
  const under = stored.map((keys) => keyId !== null && keys !== null && keyId in keys);
  return {
    keyId,
    phrase: Boolean(info?.passphrase),
    secrets: under.filter(Boolean).length,
    backupSecret: under[3] ?? false,
  };
}

interface KeptSessions {
  sessions: { device_id: string }[];
}

/** The account's other sessions that can encrypt. */
async function otherSessions(machine: Machine): Promise<OtherSession[]> {
  const { client, crypto } = machine;
  const userId = client.getSafeUserId();
  const [published, listed, kept] = await Promise.all([
    crypto.getUserDeviceInfo([userId], true),
    listDevices(),
    ifThere<KeptSessions>(extraPath("key_backup", "sessions")),
  ]);
  const names = new Map(listed.map((device) => [device.device_id, device.display_name ?? null]));
  const storing = kept && new Set(kept.sessions.map((one) => one.device_id));
  const others = [...(published.get(userId)?.keys() ?? [])].filter(
    (id) => id !== client.getDeviceId() && names.has(id),
  );
  return Promise.all(
    others.map(async (id) => ({
      id,
      name: names.get(id) ?? null,
      // By the account's identity, whether or not this session trusts that yet.
      verified: (await crypto.getDeviceVerificationStatus(userId, id))?.signedByOwner ?? false,
      backingUp: storing?.has(id) ?? null,
    })),
  );
}

/** How many room keys this session has. */
export async function roomKeys({ crypto }: Machine): Promise<RoomKeys> {
  const { total, backedUp } = await inside(crypto).roomKeyCounts();
  return { total, backedUp };
}
