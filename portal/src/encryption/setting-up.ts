import type { GeneratedSecretStorageKey } from "matrix-js-sdk/lib/crypto-api";
import { clientPath } from "../kit/http.ts";
import { sendSigned } from "../sessions/authed.ts";
import { type Prover, withProofs } from "../uia/flow.ts";
import { asking } from "./asking.ts";
import { holdsSecrets, noteProof, secretNames } from "./facts.ts";
import { inside } from "./inside.ts";
import type { StorageKey } from "./keyring.ts";
import type { Machine } from "./machine.ts";

/** A recovery key that exists in this tab only, until `setUp` puts it to use. */
export type NewKey = GeneratedSecretStorageKey & { encodedPrivateKey: string };

/** Makes a recovery key, from a recovery phrase if one is given. */
export async function makeKey({ crypto }: Machine, phrase?: string): Promise<NewKey> {
  const made = await crypto.createRecoveryKeyFromPassphrase(phrase);
  if (!made.encodedPrivateKey) throw new Error("a new key always has its text");
  return { ...made, encodedPrivateKey: made.encodedPrivateKey };
}

/** What a recovery key is put to use for. */
export interface Plan {
  /** A new identity in place of the one there is. */
  newIdentity: boolean;
  /** A new key backup; false: the one that this session is connected to goes on. */
  newBackup: boolean;
}

/** Sets up what is missing: identity, secret storage under the new recovery key, key backup. */
export async function setUp(machine: Machine, made: NewKey, plan: Plan, prove: Prover) {
  const { client, crypto, keyring } = machine;
  const putBack = await asking(() => rememberStorage(machine));
  if (plan.newIdentity) await replaceIdentity(machine, prove);
  try {
    await asking(() =>
      keyring.during(null, async () => {
        if (!(await holdsSecrets(machine))) {
          await crypto.bootstrapCrossSigning({
            authUploadDeviceSigningKeys: (make) =>
              withProofs((proof) => asking(() => make(proof ? { ...proof } : null)), prove),
          });
        }
        await crypto.bootstrapSecretStorage({
          createSecretStorageKey: async () => made,
          setupNewSecretStorage: true,
          setupNewKeyBackup: plan.newBackup,
        });
        await crypto.checkKeyBackupAndEnable();
      }),
    );
  } catch (error) {
    // Called off, or the network failed: the recovery key that was there goes on being the one.
    await putBack().catch(() => undefined);
    throw error;
  }
  // It was typed back or read from its file just now, so it is known to have been kept. Without the
  // note, the page asks for a test: no reason to say that setting up has failed.
  const keyId = await client.secretStorage.getDefaultKeyId();
  if (keyId) await noteProof(client.getSafeUserId(), keyId).catch(() => undefined);
}

/** What puts secret storage back to what it is now; nothing where there is none. */
async function rememberStorage({ client }: Machine): Promise<() => Promise<void>> {
  const keyId = await client.secretStorage.getDefaultKeyId();
  const secrets = await Promise.all(
    secretNames.map(async (name) => [name, await client.getAccountDataFromServer(name)] as const),
  );
  return async () => {
    if (!keyId) return;
    await client.secretStorage.setDefaultKeyId(keyId);
    for (const [name, content] of secrets) if (content) await client.setAccountData(name, content);
  };
}

/**
 * Publishes a new identity. matrix-js-sdk would put its secrets in the place of the old ones first,
 * and ask for the account password then: whoever calls it off there has lost the old identity.
 */
async function replaceIdentity({ client, crypto }: Machine, prove: Prover): Promise<void> {
  const made = await inside(crypto).bootstrapCrossSigning(true);
  const keys = JSON.parse(made.uploadSigningKeysRequest.body);
  await withProofs(
    (proof) =>
      sendSigned({
        method: "POST",
        path: clientPath("keys", "device_signing", "upload"),
        body: proof ? { ...keys, auth: proof } : keys,
      }),
    prove,
  );
  await sendSigned({
    method: "POST",
    path: clientPath("keys", "signatures", "upload"),
    body: JSON.parse(made.uploadSignaturesRequest.body),
  });
  await crypto.userHasCrossSigningKeys(client.getSafeUserId(), true);
}

/** Turns the key backup on where it is off: begins a new one. */
export async function turnBackupOn({ crypto, keyring }: Machine, open: StorageKey) {
  await asking(() =>
    keyring.during(open, async () => {
      await crypto.resetKeyBackup();
      await crypto.checkKeyBackupAndEnable();
    }),
  );
}

/** Turns the key backup off: it is deleted on the server. */
export async function turnBackupOff({ crypto }: Machine, version: string) {
  await asking(() => crypto.deleteKeyBackupVersion(version));
}
