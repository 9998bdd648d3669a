import { useEffect, useState } from "react";
import type { TextKey } from "../kit/i18n.ts";
import type { Owner } from "./policy.ts";
import { localPart } from "./policy.ts";

/** From 0, guessed at once, to 4, out of reach. */
export type Score = 0 | 1 | 2 | 3 | 4;

export const scoreTexts: Record<Score, TextKey> = {
  0: "strength.0",
  1: "strength.1",
  2: "strength.2",
  3: "strength.3",
  4: "strength.4",
};

type Estimate = (password: string, related: string[]) => Score;

/** Longer passwords are not judged any better, and the estimate's cost grows with the square. */
const judgedLength = 64;

let estimator: Promise<Estimate> | null = null;

/** The dictionaries weigh more than the whole portal: they load when a password is first typed. */
function loadEstimator(): Promise<Estimate> {
  estimator ??= import("./estimator.ts").then((module) => module.estimate);
  estimator.catch(() => {
    estimator = null;
  });
  return estimator;
}

/** How hard `password` is to guess; null while unknown (nothing typed, still loading). */
export function useStrength(password: string, owner: Owner): Score | null {
  const [score, setScore] = useState<Score | null>(null);
  const { userId = "", email = "" } = owner;
  useEffect(() => {
    if (password === "") {
      setScore(null);
      return;
    }
    let gone = false;
    const related = [localPart(userId), email].filter((part) => part !== "");
    // Without the dictionaries there is no estimate; the server's policy still holds.
    loadEstimator().then(
      (estimate) => gone || setScore(estimate(password.slice(0, judgedLength), related)),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [password, userId, email]);
  return score;
}
