import { type Logger, logger } from "matrix-js-sdk/lib/logger";

function nothing(): void {}

/** The client's log goes nowhere: it names rooms, sessions and keys, and nobody reads it here. */
export const quiet: Logger = {
  getChild: () => quiet,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};

/** Some of the client's classes write to this one, whatever logger the client was given. */
(logger as unknown as { setLevel(level: "silent", persist: boolean): void }).setLevel(
  "silent",
  false,
);
