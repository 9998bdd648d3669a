import type { OlmMachine } from "@matrix-org/matrix-sdk-crypto-wasm";
import type { CryptoApi } from "matrix-js-sdk/lib/crypto-api";

/**
 * The Rust crypto inside matrix-js-sdk, for the two things that its interface does not offer: the
 * numbers of room keys, and making an identity without storing its secrets before the server has
 * accepted it. The class keeps it private; the version of the package is pinned, and tests hold it.
 */
export function inside(crypto: CryptoApi): OlmMachine {
  return (crypto as unknown as { olmMachine: OlmMachine }).olmMachine;
}
