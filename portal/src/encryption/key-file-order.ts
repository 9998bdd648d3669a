import { decryptKeys, encryptKeys, type FileTrouble, KeyFileError } from "./key-file.ts";

/** A file to write or to read. */
export interface Order {
  what: "encrypt" | "decrypt";
  text: string;
  passphrase: string;
}

/** What came of it. */
export type Delivery = { text: string } | { trouble: FileTrouble } | { error: string };

/** Carries an order out; never throws. */
export async function deliver({ what, text, passphrase }: Order): Promise<Delivery> {
  try {
    const work = what === "encrypt" ? encryptKeys : decryptKeys;
    return { text: await work(text, passphrase) };
  } catch (error) {
    return error instanceof KeyFileError ? { trouble: error.trouble } : { error: String(error) };
  }
}
