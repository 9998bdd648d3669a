import { fetchReport } from "../custody/report.ts";
import { extraPath, MatrixError } from "../kit/http.ts";
import { CalledOff } from "../kit/task.ts";
import { recoverySecret } from "../recovery/recovery-secret.ts";
import { sendSigned } from "../sessions/authed.ts";
import { type Prover, withProofs } from "../uia/flow.ts";
import type { StorageKey } from "./keyring.ts";
import type { Machine } from "./machine.ts";
import type { NewKey } from "./setting-up.ts";

const path = extraPath("recovery_key_reset");

/** Has the server let this recovery key set new account passwords; it gets a secret made from it. */
export async function letItReset(open: StorageKey, userId: string, prove: Prover): Promise<void> {
  const secret = await recoverySecret(open.key, userId);
  await withProofs((proof) => {
    const body = { key_id: open.keyId, secret, ...(proof ? { auth: proof } : {}) };
    return sendSigned({ method: "PUT", path, body });
  }, prove);
}

/** Lets no recovery key set a new account password any more. */
export async function revokeReset(): Promise<void> {
  await sendSigned({ method: "DELETE", path });
}

/** Whether the recovery key can set a new account password; no on servers without this. */
export async function canReset(): Promise<boolean> {
  try {
    return (await fetchReport()).recovery.recovery_key_reset;
  } catch (error) {
    if (error instanceof MatrixError && error.status === 404) return false;
    throw error;
  }
}

/**
 * Lets a new recovery key do what the former one could: the server takes that one for nothing now.
 * Who would rather not give the account password for it goes on without.
 */
export async function carryOver({ client }: Machine, made: NewKey, prove: Prover): Promise<void> {
  const keyId = await client.secretStorage.getDefaultKeyId();
  if (!keyId) return;
  try {
    await letItReset({ keyId, key: made.privateKey }, client.getSafeUserId(), prove);
  } catch (error) {
    if (!(error instanceof CalledOff)) throw error;
  }
}
