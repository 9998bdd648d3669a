import type { CryptoCallbacks } from "matrix-js-sdk/lib/crypto-api";

/** A key that opens secret storage. */
export interface StorageKey {
  keyId: string;
  key: Uint8Array<ArrayBuffer>;
}

/** Holds the key to secret storage in memory while a task needs it, and no longer. */
export class Keyring {
  private readonly held = new Map<string, Uint8Array<ArrayBuffer>>();

  /** How the client asks for the key. */
  readonly callbacks: CryptoCallbacks = {
    getSecretStorageKey: async ({ keys }) => {
      for (const keyId of Object.keys(keys)) {
        const key = this.held.get(keyId);
        if (key) return [keyId, key];
      }
      return null;
    },
    cacheSecretStorageKey: (keyId, _info, key) => {
      this.held.set(keyId, key);
    },
  };

  /** Does `work`, which may open secret storage with a key if one is given. */
  async during<T>(open: StorageKey | null, work: () => Promise<T>): Promise<T> {
    if (open) this.held.set(open.keyId, open.key);
    try {
      return await work();
    } finally {
      this.held.clear();
    }
  }
}
