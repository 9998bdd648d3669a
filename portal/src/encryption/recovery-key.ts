import { deriveRecoveryKeyFromPassphrase } from "matrix-js-sdk/lib/crypto-api";
import type { SecretStorageKeyDescriptionAesV1 } from "matrix-js-sdk/lib/secret-storage";
import { Told } from "../kit/problem.ts";
import { decoded } from "../recovery/recovery-secret.ts";
import type { StorageKey } from "./keyring.ts";
import type { Machine } from "./machine.ts";

/** What base58 is made of: no 0, O, I or l, which look alike. */
const letters = /^[1-9A-HJ-NP-Za-km-z]+$/;
/** A recovery key without its spaces: 35 bytes in base58. */
const [shortest, longest] = [44, 52];

/** Whether a text could be a recovery key with a slip in it, rather than something else. */
export function looksLikeKey(text: string): boolean {
  const bare = text.replace(/\s/g, "");
  return letters.test(bare) && bare.length >= shortest && bare.length <= longest;
}

/**
 * The key to secret storage that was typed: the recovery key or, where there is one, the phrase.
 * Throws `Told` with what it is instead.
 */
export async function openStorage({ client }: Machine, typed: string): Promise<StorageKey> {
  const found = await client.secretStorage.getKey();
  if (!found) throw new Told("recovery.none");
  const [keyId, info] = found;
  const key = decoded(typed);
  if (key) {
    if (await client.secretStorage.checkKey(key, info)) return { keyId, key };
    throw new Told("recovery.other_key");
  }
  const derived = await fromPhrase(typed, info);
  if (derived && (await client.secretStorage.checkKey(derived, info))) {
    return { keyId, key: derived };
  }
  if (looksLikeKey(typed)) throw new Told("recovery.slip");
  throw new Told(derived ? "recovery.not_phrase" : "recovery.not_key");
}

async function fromPhrase(
  typed: string,
  { passphrase }: SecretStorageKeyDescriptionAesV1,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!passphrase) return null;
  const { salt, iterations, bits } = passphrase;
  return deriveRecoveryKeyFromPassphrase(typed, salt, iterations, bits);
}
