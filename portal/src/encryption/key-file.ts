/**
 * The file of a key export (Client-Server API, "Key export format"): room keys as JSON, encrypted
 * with AES-256-CTR and authenticated with HMAC-SHA-256, both keys out of a passphrase.
 */
export const rounds = 500_000;
const first = "-----BEGIN MEGOLM SESSION DATA-----";
const last = "-----END MEGOLM SESSION DATA-----";
const version = 1;
const [saltBytes, ivBytes, roundsBytes, macBytes] = [16, 16, 4, 32];
const headBytes = 1 + saltBytes + ivBytes + roundsBytes;
/** A file that asks for more is not one that anybody has written: it would only stop the tab. */
const mostRounds = 50_000_000;
/** A multiple of three, so that pieces can be encoded one after the other; lines of 96 bytes. */
const lineBytes = 96;

/** Why a file cannot be read. */
export type FileTrouble = "not_a_file" | "damaged" | "wrong_passphrase";

export class KeyFileError extends Error {
  readonly trouble: FileTrouble;

  constructor(trouble: FileTrouble) {
    super(trouble);
    this.trouble = trouble;
  }
}

interface Keys {
  aes: CryptoKey;
  mac: CryptoKey;
}

async function keysFrom(
  passphrase: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<Keys> {
  const { subtle } = globalThis.crypto;
  const text = new TextEncoder().encode(passphrase);
  const base = await subtle.importKey("raw", text, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-512", salt, iterations };
  const bits = await subtle.deriveBits(how, base, 512);
  const hmac = { name: "HMAC", hash: "SHA-256" };
  return {
    aes: await subtle.importKey("raw", bits.slice(0, 32), "AES-CTR", false, ["encrypt", "decrypt"]),
    mac: await subtle.importKey("raw", bits.slice(32), hmac, false, ["sign", "verify"]),
  };
}

function counter(iv: Uint8Array<ArrayBuffer>) {
  return { name: "AES-CTR", counter: iv, length: 64 };
}

/** The text of a file that holds `json`. */
export async function encryptKeys(json: string, passphrase: string): Promise<string> {
  const { subtle } = globalThis.crypto;
  const salt = crypto.getRandomValues(new Uint8Array(saltBytes));
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  // Some implementations count in 63 bits only (the specification asks for this bit to be clear).
  iv[8] = (iv[8] ?? 0) & 0x7f;
  const { aes, mac } = await keysFrom(passphrase, salt, rounds);
  const sealed = await subtle.encrypt(counter(iv), aes, new TextEncoder().encode(json));
  const body = new Uint8Array(headBytes + sealed.byteLength + macBytes);
  body[0] = version;
  body.set(salt, 1);
  body.set(iv, 1 + saltBytes);
  new DataView(body.buffer).setUint32(1 + saltBytes + ivBytes, rounds);
  body.set(new Uint8Array(sealed), headBytes);
  const end = body.length - macBytes;
  body.set(new Uint8Array(await subtle.sign("HMAC", mac, body.subarray(0, end))), end);
  return [first, ...lines(body), last, ""].join("\n");
}

function* lines(bytes: Uint8Array): Generator<string> {
  for (let start = 0; start < bytes.length; start += lineBytes) {
    yield btoa(String.fromCharCode(...bytes.subarray(start, start + lineBytes)));
  }
}

/** The bytes between a file's first and last line. */
function unwrapped(file: string): Uint8Array<ArrayBuffer> {
  const start = file.indexOf(first);
  if (start < 0) throw new KeyFileError("not_a_file");
  const end = file.indexOf(last, start);
  if (end < 0) throw new KeyFileError("damaged");
  try {
    const text = atob(file.slice(start + first.length, end).replace(/\s/g, ""));
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  } catch {
    throw new KeyFileError("damaged");
  }
}

/**
 * The JSON in a file. Throws `KeyFileError`. A file that was changed and a wrong passphrase look
 * the same to the cryptography; what has the right shape is taken for a wrong passphrase.
 */
export async function decryptKeys(file: string, passphrase: string): Promise<string> {
  const body = unwrapped(file);
  if (body.length < headBytes + macBytes || body[0] !== version) throw new KeyFileError("damaged");
  const salt = body.slice(1, 1 + saltBytes);
  const iv = body.slice(1 + saltBytes, 1 + saltBytes + ivBytes);
  const iterations = new DataView(body.buffer).getUint32(1 + saltBytes + ivBytes);
  if (iterations < 1 || iterations > mostRounds) throw new KeyFileError("damaged");
  const { aes, mac } = await keysFrom(passphrase, salt, iterations);
  const end = body.length - macBytes;
  const { subtle } = globalThis.crypto;
  const right = await subtle.verify("HMAC", mac, body.subarray(end), body.subarray(0, end));
  if (!right) throw new KeyFileError("wrong_passphrase");
  const opened = await subtle.decrypt(counter(iv), aes, body.subarray(headBytes, end));
  return new TextDecoder().decode(opened);
}
