/** Encrypts and decrypts key files beside the page, which stays usable meanwhile. */
import { decryptKeys, encryptKeys, type FileTrouble, KeyFileError } from "./key-file.ts";

export interface Order {
  what: "encrypt" | "decrypt";
  text: string;
  passphrase: string;
}

export type Delivery = { text: string } | { trouble: FileTrouble } | { error: string };

async function deliver({ what, text, passphrase }: Order): Promise<Delivery> {
  try {
    const work = what === "encrypt" ? encryptKeys : decryptKeys;
    return { text: await work(text, passphrase) };
  } catch (error) {
    return error instanceof KeyFileError ? { trouble: error.trouble } : { error: String(error) };
  }
}

self.onmessage = async (event: MessageEvent<Order>) => {
  self.postMessage(await deliver(event.data));
};
