// What the scripts about keys share: matrix-js-sdk with its Rust crypto, as Element sets it up. The
// keys live in an IndexedDB, so that a client that starts again finds them, as a tab does.
import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { clientOf, given, passwordStage, sdk, start } from "./kit.mjs";

const api = await import(`${given.sdk ?? "matrix-js-sdk"}/lib/crypto-api/index.js`);
export const { CryptoEvent, VerificationPhase, VerificationRequestEvent, VerifierEvent } = api;

/** The room keys that the user has, in the format of a key export. */
export const roomKeys = JSON.parse(readFileSync(given.roomKeys));

/** What the user has written down: the recovery key, as secret storage shows it once. */
export const noted = { recoveryKey: null };

/** How apps find the key to secret storage: in memory, or they ask the user for it. */
function cryptoCallbacks() {
  const cached = new Map();
  return {
    getSecretStorageKey: async ({ keys }) => {
      for (const keyId of Object.keys(keys)) {
        const key = cached.get(keyId);
        if (key) return [keyId, key];
      }
      if (noted.recoveryKey === null) return null;
      return [Object.keys(keys)[0], api.decodeRecoveryKey(noted.recoveryKey)];
    },
    cacheSecretStorageKey: (keyId, _info, key) => cached.set(keyId, key),
  };
}

/** A running client with encryption for the answer to a sign-in; `before` it starts, listen. */
export async function encrypting(answer, before = () => {}) {
  const client = clientOf(answer, { cryptoCallbacks: cryptoCallbacks() });
  before(client);
  await client.initRustCrypto({ cryptoDatabasePrefix: `${answer.user_id} ${answer.device_id}` });
  await start(client);
  return client;
}

/** Waits until `look` answers something that is true, and returns that. */
export async function until(what, look) {
  for (let tries = 0; tries < 1000; tries += 1) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

/** Proof by account password where the server asks for it, as `authUploadDeviceSigningKeys`. */
export function provenIn(client, password, asked = () => {}) {
  return async (makeRequest) => {
    try {
      return await makeRequest(null);
    } catch (error) {
      asked(error);
      const stage = passwordStage(client.getUserId(), password);
      return makeRequest({ ...stage, session: error.data.session });
    }
  };
}

/** Sets up an identity, secret storage and a key backup, as apps do for a new account. */
export async function setUp(client) {
  const crypto = client.getCrypto();
  await crypto.getUserDeviceInfo([client.getUserId()], true);
  await crypto.bootstrapCrossSigning({
    authUploadDeviceSigningKeys: (makeRequest) => makeRequest(null),
  });
  await crypto.bootstrapSecretStorage({
    createSecretStorageKey: async () => {
      const made = await crypto.createRecoveryKeyFromPassphrase();
      noted.recoveryKey = made.encodedPrivateKey;
      return made;
    },
    setupNewSecretStorage: true,
    setupNewKeyBackup: true,
  });
  return until("the key backup", () => crypto.getActiveSessionBackupVersion());
}

/** The key backup as the server tells of it now (the client remembers what it was told); or null. */
export async function backupOf(client) {
  const prefix = sdk.ClientPrefix.V3;
  try {
    return await client.http.authedRequest("GET", "/room_keys/version", undefined, undefined, {
      prefix,
    });
  } catch (error) {
    if (error.errcode === "M_NOT_FOUND") return null;
    throw error;
  }
}

/** Imports room keys and waits until all of them are in the key backup. */
export async function backUp(client, keys) {
  await client.getCrypto().importRoomKeys(keys);
  return until("all keys in the backup", async () => {
    const info = await backupOf(client);
    return info !== null && info.count === keys.length && info;
  });
}

/** What apps do with the recovery key on a new session; how many keys came out of the backup. */
export async function unlock(client) {
  const crypto = client.getCrypto();
  await crypto.getUserDeviceInfo([client.getUserId()], true);
  await crypto.bootstrapCrossSigning({});
  await crypto.checkKeyBackupAndEnable();
  await crypto.loadSessionBackupPrivateKeyFromSecretStorage();
  return crypto.restoreKeyBackup();
}

/** How many of the user's room keys a client has, each with its secret part unchanged. */
export async function keysHeldBy(client) {
  const held = await client.getCrypto().exportRoomKeys();
  const secrets = new Map(held.map((key) => [key.session_id, key.session_key]));
  return roomKeys.filter((key) => secrets.get(key.session_id) === key.session_key).length;
}

/** Whether a session's owner has vouched for it with the identity, as `client` sees it. */
export async function isVerified(client, deviceId = client.getDeviceId()) {
  const crypto = client.getCrypto();
  const status = await crypto.getDeviceVerificationStatus(client.getUserId(), deviceId);
  return status?.crossSigningVerified ?? null;
}

/** A request to Holdfast's own API, which no stock client knows. */
export async function extra(client, method, path, body) {
  const answer = await fetch(
    `${given.baseUrl}/_matrix/client/unstable/dev.holdfast/${path}`,
    {
      method,
      headers: {
        authorization: `Bearer ${client.getAccessToken()}`,
        "content-type": "application/json",
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    },
  );
  return { status: answer.status, body: await answer.json() };
}
