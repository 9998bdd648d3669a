import { decodeRecoveryKey } from "matrix-js-sdk/lib/crypto-api/recovery-key";

/** The 32 bytes of a recovery key that was typed; null if it is none, or has a slip in it. */
export function decoded(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return decodeRecoveryKey(text);
  } catch {
    return null;
  }
}

/** Names this use of the recovery key; whatever else is derived from it gets another name. */
const use = "dev.holdfast.recovery_key_reset";

/**
 * The secret with which a recovery key resets the account password of one user: HKDF (RFC 5869) with
 * SHA-256, no salt as the key is random, and the user's ID bound in. In URL-safe base64.
 */
export async function recoverySecret(
  key: Uint8Array<ArrayBuffer>,
  userId: string,
): Promise<string> {
  const material = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode(`${use}|${userId}`);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(hkdf, material, 256));
  return btoa(String.fromCharCode(...bits))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}
