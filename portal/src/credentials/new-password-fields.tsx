import { useState } from "react";
import type { PasswordPolicy } from "../discovery/server.ts";
import { useTexts } from "../kit/i18n.ts";
import { SecretField } from "../kit/ui/field.tsx";
import { checkPolicy, lengthOf, type Owner, usePolicyHint } from "./policy.ts";
import { scoreTexts, useStrength } from "./strength.ts";

/** The state of the two fields in which a new account password is typed. */
export interface NewPassword {
  password: string;
  again: string;
  /** Set once the form was sent: from then on errors are shown while they last. */
  checked: boolean;
}

export const noPassword: NewPassword = { password: "", again: "", checked: false };

export function isAcceptable(value: NewPassword, policy: PasswordPolicy, owner: Owner): boolean {
  return checkPolicy(value.password, policy, owner) === null && value.password === value.again;
}

interface NewPasswordFieldsProps {
  value: NewPassword;
  onChange: (value: NewPassword) => void;
  policy: PasswordPolicy;
  owner: Owner;
  label: string;
}

/** The new account password, twice, with its strength and what the policy says while it is typed. */
export function NewPasswordFields(props: NewPasswordFieldsProps) {
  const { value, onChange, policy, owner } = props;
  const t = useTexts();
  const hint = usePolicyHint(policy);
  const [left, setLeft] = useState(false);
  const problem = checkPolicy(value.password, policy, owner);
  const showProblem = value.checked || (left && value.password !== "");
  const differs = value.again !== value.password && (value.checked || value.again !== "");
  return (
    <>
      <SecretField
        label={props.label}
        name="new-password"
        autoComplete="new-password"
        value={value.password}
        onChange={(password) => onChange({ ...value, password })}
        onBlur={() => setLeft(true)}
        hint={hint}
        error={problem && showProblem ? t(problem.key, problem.values) : null}
        isRequired
      />
      {problem ? null : <Strength password={value.password} policy={policy} owner={owner} />}
      <SecretField
        label={t("password.again")}
        name="new-password-again"
        autoComplete="new-password"
        value={value.again}
        onChange={(again) => onChange({ ...value, again })}
        error={differs ? t("password.differs") : null}
        isRequired
      />
    </>
  );
}

interface StrengthProps {
  password: string;
  policy: PasswordPolicy;
  owner: Owner;
}

function Strength({ password, policy, owner }: StrengthProps) {
  const t = useTexts();
  const score = useStrength(password, owner);
  const length = lengthOf(password);
  const short = policy.enabled && length > 0 && length < policy.recommended_length;
  return (
    <div className="strength" role="status">
      {score === null ? null : (
        <>
          <span className="strength-bar" data-score={score} aria-hidden="true" />
          <span>{t("strength.label", { strength: t(scoreTexts[score]) })}</span>
        </>
      )}
      {score !== null && short ? (
        <span className="hint">{t("strength.longer", { count: policy.recommended_length })}</span>
      ) : null}
    </div>
  );
}

/**
 * Tells password managers whose account password the form is about. They look for a field of this
 * kind and accept one that is not shown.
 */
export function AccountName({ userId }: { userId: string }) {
  return (
    <input type="text" name="username" autoComplete="username" value={userId} readOnly hidden />
  );
}
