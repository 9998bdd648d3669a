import type { PasswordPolicy } from "../discovery/server.ts";
import { type TextKey, type TextValues, useTexts } from "../kit/i18n.ts";

/** Used where a server does not announce its own: only what every homeserver can be expected to want. */
export const usualPolicy: PasswordPolicy = {
  enabled: true,
  minimum_length: 8,
  recommended_length: 15,
  maximum_length: 512,
};

/** What the owner of the password is called; none of it may be part of the password. */
export interface Owner {
  userId?: string | undefined;
  email?: string | undefined;
}

export interface PolicyProblem {
  key: TextKey;
  values?: TextValues;
}

/** Names shorter than this would forbid too much. */
const shortestName = 4;

function contains(password: string, part: string): boolean {
  return part.length >= shortestName && password.toLowerCase().includes(part.toLowerCase());
}

/** Length as the server counts it: characters after normalisation, not UTF-16 units. */
export function lengthOf(password: string): number {
  return [...password.normalize("NFKC")].length;
}

/** The local part of `@alice:example.org`, or the text itself. */
export function localPart(userId: string): string {
  return userId.replace(/^@/, "").split(":")[0] ?? "";
}

/** What the policy has against `password`, as far as a browser can tell; the server has the last word. */
export function checkPolicy(
  password: string,
  policy: PasswordPolicy,
  owner: Owner,
): PolicyProblem | null {
  if (!policy.enabled) return password === "" ? { key: "policy.empty" } : null;
  const length = lengthOf(password);
  if (length < policy.minimum_length) {
    return { key: "policy.too_short", values: { count: policy.minimum_length } };
  }
  if (length > policy.maximum_length) {
    return { key: "policy.too_long", values: { count: policy.maximum_length } };
  }
  if (owner.userId && contains(password, localPart(owner.userId))) {
    return { key: "problem.weak.contains_name" };
  }
  const mailbox = owner.email?.split("@")[0] ?? "";
  if (contains(password, mailbox)) return { key: "problem.weak.contains_address" };
  return null;
}

/** The policy as a sentence, shown before anything is typed. */
export function usePolicyHint(policy: PasswordPolicy): string {
  const t = useTexts();
  if (!policy.enabled) return t("policy.none");
  return t("policy.hint", {
    minimum: policy.minimum_length,
    recommended: policy.recommended_length,
  });
}
