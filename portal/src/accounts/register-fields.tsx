import { useState } from "react";
import {
  isAcceptable,
  type NewPassword,
  NewPasswordFields,
  noPassword,
} from "../credentials/new-password-fields.tsx";
import { usualPolicy } from "../credentials/policy.ts";
import type { Server } from "../discovery/server.ts";
import { useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { Callout, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Field } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { looksLikeEmail } from "../uia/email-validation.ts";
import { goOn, type RegisterForm, refusedToken, type Standing } from "./register-steps.ts";
import { type RegistrationNeeds, tryRegister } from "./registration.ts";
import { isValidName, UserNameField } from "./user-name-field.tsx";

interface RegisterFieldsProps {
  server: Server;
  needs: RegistrationNeeds;
  form: RegisterForm;
  onChange: (form: RegisterForm) => void;
  onStand: (standing: Standing) => void;
}

/** The form in which a new account is described. */
export function RegisterFields(props: RegisterFieldsProps) {
  const { server, needs, form, onChange } = props;
  const t = useTexts();
  const [typed, setTyped] = useState<NewPassword>({
    ...noPassword,
    password: form.password,
    again: form.password,
  });
  const task = useTask({
    [refusedToken]: "register.wrong_token",
    M_UNAUTHORIZED: "register.refused",
  });
  const policy = server.info?.password_policy ?? usualPolicy;
  const owner = { userId: form.username, email: form.email };
  const emailError = emailProblem(form.email, needs);
  const ready =
    isValidName(form.username) &&
    emailError === null &&
    (!needs.token || form.token.trim() !== "") &&
    isAcceptable(typed, policy, owner);
  const submit = () => {
    setTyped({ ...typed, checked: true });
    if (!ready) return;
    void task.run(async () => {
      const filled = { ...form, email: form.email.trim(), password: typed.password };
      onChange(filled);
      const { username, password } = filled;
      const attempt = await tryRegister(server, { username, password });
      props.onStand(await goOn(server, filled, attempt));
    });
  };
  return (
    <Form onSubmit={submit}>
      <UserNameField
        server={server}
        value={form.username}
        onChange={(username) => onChange({ ...form, username })}
        checked={typed.checked}
      />
      <NewPasswordFields
        label={t("password.account")}
        value={typed}
        onChange={setTyped}
        policy={policy}
        owner={owner}
      />
      {needs.email === "no" ? null : (
        <Field
          label={t(needs.email === "required" ? "register.email" : "register.email_optional")}
          type="email"
          name="email"
          autoComplete="email"
          value={form.email}
          onChange={(email) => onChange({ ...form, email })}
          hint={t("register.email_hint")}
          error={emailError && typed.checked ? t(emailError) : null}
          isRequired={needs.email === "required"}
        />
      )}
      {form.email.trim() === "" && needs.email !== "required" ? (
        <Callout look="warning">
          {t(needs.email === "no" ? "register.mail_not_offered" : "register.without_email")}
        </Callout>
      ) : null}
      {needs.token ? (
        <Field
          label={t("register.token")}
          value={form.token}
          onChange={(token) => onChange({ ...form, token })}
          hint={t("register.token_hint")}
          autoComplete="off"
          isRequired
        />
      ) : null}
      <ProblemNotice problem={task.problem} />
      <Button type="submit" look="main" busy={task.busy}>
        {t("register.submit")}
      </Button>
    </Form>
  );
}

function emailProblem(email: string, needs: RegistrationNeeds) {
  if (needs.email === "no" || looksLikeEmail(email)) return null;
  const mayBeEmpty = needs.email === "optional" && email.trim() === "";
  return mayBeEmpty ? null : ("problem.invalid_email" as const);
}
