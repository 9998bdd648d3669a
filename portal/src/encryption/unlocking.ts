import { BackupDecryptionKey } from "@matrix-org/matrix-sdk-crypto-wasm";
import type { KeyBackupRestoreResult } from "matrix-js-sdk/lib/crypto-api";
import { clientPath } from "../kit/http.ts";
import { Told } from "../kit/problem.ts";
import { sendSigned } from "../sessions/authed.ts";
import { asking } from "./asking.ts";
import { noteProof, secretNames } from "./facts.ts";
import type { StorageKey } from "./keyring.ts";
import type { Machine } from "./machine.ts";

/** How far something is: so many of so many. */
export interface Progress {
  done: number;
  total: number;
}

export type OnProgress = (progress: Progress) => void;

/** Verifies this session with what the recovery key opens, and connects it to the key backup. */
export async function verifyByKey(machine: Machine, open: StorageKey, onProgress: OnProgress) {
  const { client, crypto, keyring } = machine;
  return asking(() =>
    keyring.during(open, async () => {
      await crypto.getUserDeviceInfo([client.getSafeUserId()], true);
      await crypto.bootstrapCrossSigning({});
      await crypto.checkKeyBackupAndEnable();
      if (!(await crypto.getKeyBackupInfo())) return null;
      await crypto.loadSessionBackupPrivateKeyFromSecretStorage();
      await crypto.checkKeyBackupAndEnable();
      return restored(machine, onProgress);
    }),
  );
}

/** Brings all keys of the backup into this session; `open` where it is not connected yet. */
export async function restore(machine: Machine, open: StorageKey | null, onProgress: OnProgress) {
  const { crypto, keyring } = machine;
  return asking(() =>
    keyring.during(open, async () => {
      if (open) await crypto.loadSessionBackupPrivateKeyFromSecretStorage();
      await crypto.checkKeyBackupAndEnable();
      return restored(machine, onProgress);
    }),
  );
}

function restored({ crypto }: Machine, onProgress: OnProgress): Promise<KeyBackupRestoreResult> {
  return crypto.restoreKeyBackup({
    progressCallback: (progress) => {
      if (progress.stage !== "load_keys") return;
      onProgress({ done: progress.successes + progress.failures, total: progress.total });
    },
  });
}

/** The key of the backup, if this session holds it. */
export async function holdsBackupKey({ crypto }: Machine): Promise<boolean> {
  return (await crypto.getSessionBackupPrivateKey()) !== null;
}

/** What a test of the recovery key found. */
export interface Tested {
  /** How many room keys of the backup it opens, of how many there are. */
  opened: number;
  total: number;
  /** How many of the four secrets it opens. */
  secrets: number;
}

interface BackedUpKey {
  session_data: { ephemeral: string; mac: string; ciphertext: string };
}

interface BackedUpKeys {
  rooms: Record<string, { sessions: Record<string, BackedUpKey> }>;
}

/**
 * Opens everything that the recovery key is to open: secret storage, and each key in the backup.
 * Nothing is changed by it, here or on the server, but for the note that it went well.
 */
export async function testKey(
  machine: Machine,
  open: StorageKey,
  onProgress: OnProgress,
): Promise<Tested> {
  const { client, crypto, keyring } = machine;
  const secrets = await asking(() =>
    keyring.during(open, () =>
      Promise.all(secretNames.map((name) => client.secretStorage.get(name).catch(() => undefined))),
    ),
  );
  const info = await asking(() => crypto.getKeyBackupInfo());
  const found = { secrets: secrets.filter(Boolean).length };
  const secret = secrets[3];
  if (!info?.version || !secret) return { ...found, opened: 0, total: info?.count ?? 0 };
  const key = BackupDecryptionKey.fromBase64(secret);
  const { public_key: publicKey } = info.auth_data as { public_key?: string };
  if (key.megolmV1PublicKey.publicKeyBase64 !== publicKey) {
    throw new Told("test.other_backup");
  }
  const keys = await fetchBackup(info.version);
  const opened = await countOpened(key, keys, onProgress);
  if (opened === keys.length && found.secrets === secretNames.length) {
    await noteProof(client.getSafeUserId(), open.keyId);
  }
  return { ...found, opened, total: keys.length };
}

async function fetchBackup(version: string): Promise<BackedUpKey[]> {
  const path = `${clientPath("room_keys", "keys")}?version=${encodeURIComponent(version)}`;
  const { rooms } = await sendSigned<BackedUpKeys>({ method: "GET", path, timeoutMs: 600_000 });
  return Object.values(rooms).flatMap(({ sessions }) => Object.values(sessions));
}

/** Opens keys a few at a time, so that the page stays usable with a hundred thousand of them. */
async function countOpened(key: BackupDecryptionKey, keys: BackedUpKey[], onProgress: OnProgress) {
  const atOnce = 200;
  let opened = 0;
  for (let start = 0; start < keys.length; start += atOnce) {
    for (const { session_data: data } of keys.slice(start, start + atOnce)) {
      if (opens(key, data)) opened += 1;
    }
    onProgress({ done: Math.min(start + atOnce, keys.length), total: keys.length });
    await new Promise((resolve) => setTimeout(resolve));
  }
  return opened;
}

function opens(key: BackupDecryptionKey, data: BackedUpKey["session_data"]): boolean {
  try {
    const text = key.decryptV1(data.ephemeral, data.mac, data.ciphertext);
    return typeof JSON.parse(text).session_key === "string";
  } catch {
    return false;
  }
}
