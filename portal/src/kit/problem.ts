import { MatrixError, UnreachableError } from "./http.ts";
import type { TextKey, TextValues } from "./i18n.ts";

/** What went wrong, in words for the person in front of the screen. */
export interface Problem {
  key: TextKey;
  values?: TextValues;
  /** When trying again makes sense, in Unix milliseconds. */
  retryAt?: number;
}

/** Thrown by work that knows what to tell the person. */
export class Told extends Error {
  readonly problem: Problem;

  constructor(key: TextKey, values?: TextValues) {
    super(key);
    this.problem = values ? { key, values } : { key };
  }
}

/** Texts for error codes that mean something particular where they are used. */
export type ProblemTexts = Partial<Record<string, TextKey>>;

const common: ProblemTexts = {
  M_FORBIDDEN: "problem.forbidden",
  M_UNKNOWN_TOKEN: "problem.signed_out",
  M_MISSING_TOKEN: "problem.signed_out",
  M_USER_DEACTIVATED: "problem.deactivated",
  M_USER_IN_USE: "problem.user_in_use",
  M_INVALID_USERNAME: "problem.invalid_username",
  M_EXCLUSIVE: "problem.user_in_use",
  M_THREEPID_IN_USE: "problem.address_in_use",
  M_THREEPID_DENIED: "problem.address_denied",
  M_THREEPID_NOT_FOUND: "problem.address_unknown",
  M_THREEPID_AUTH_FAILED: "problem.link_not_followed",
  M_INVALID_EMAIL: "problem.invalid_email",
  M_WEAK_PASSWORD: "problem.weak",
  M_TOO_LARGE: "problem.too_large",
  M_UNRECOGNIZED: "problem.not_offered",
};

const weakness: ProblemTexts = {
  too_short: "problem.weak.too_short",
  too_long: "problem.weak.too_long",
  common: "problem.weak.common",
  contains_name: "problem.weak.contains_name",
  contains_address: "problem.weak.contains_address",
};

/** Turns whatever was thrown into a problem; `texts` says what codes mean here. */
export function explain(error: unknown, texts: ProblemTexts = {}, now = Date.now()): Problem {
  if (error instanceof Told) return error.problem;
  if (error instanceof UnreachableError) return { key: "problem.unreachable" };
  if (!(error instanceof MatrixError))
    return { key: "problem.unexpected", values: { detail: String(error) } };
  if (error.status === 429) {
    return { key: "problem.rate", retryAt: now + (error.retryAfterMs ?? 0) };
  }
  const key =
    texts[error.errcode] ??
    (error.errcode === "M_WEAK_PASSWORD" ? weakness[error.reason ?? ""] : undefined) ??
    common[error.errcode];
  if (key) return { key };
  if (error.status >= 500) return { key: "problem.server" };
  return { key: "problem.unexpected", values: { detail: error.message } };
}
