import type { PasswordPolicy } from "../discovery/server.ts";

/** For what protects keys: whoever has the file, or the server's database, can try for ever. */
export const passphrasePolicy: PasswordPolicy = {
  enabled: true,
  minimum_length: 8,
  recommended_length: 16,
  maximum_length: 512,
};
