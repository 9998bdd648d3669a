import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import * as common from "@zxcvbn-ts/language-common";
import type { Score } from "./strength.ts";

// The list of leaked passwords knows the common words of many languages; a full dictionary of just
// one of them would be three times as large a download and help only its speakers.
const zxcvbn = new ZxcvbnFactory({
  graphs: common.adjacencyGraphs,
  dictionary: common.dictionary,
});

/** The score of `password`, counting the words in `related` as known to an attacker. */
export function estimate(password: string, related: string[]): Score {
  return zxcvbn.check(password, related).score;
}
