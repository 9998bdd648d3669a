import { useState } from "react";
import { AccountName } from "../credentials/new-password-fields.tsx";
import { useTexts } from "../kit/i18n.ts";
import { Link } from "../kit/router.tsx";
import { useTask } from "../kit/task.ts";
import { Callout, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { SecretField } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { Page } from "../kit/ui/page.tsx";
import { signIn, signInTexts } from "./login.ts";
import { type StoredSession, storeSession } from "./stored.ts";

/** For a session that was locked: signing in gives its tokens back, as the same session. */
export function SignInAgain({ session }: { session: StoredSession }) {
  const t = useTexts();
  const [password, setPassword] = useState("");
  const task = useTask(signInTexts);
  const server = { baseUrl: session.baseUrl, name: session.serverName };
  const submit = () => {
    if (password === "") return task.fail({ key: "signin.incomplete" });
    void task.run(async () => {
      const identifier = { kind: "user", name: session.userId } as const;
      await signIn(server, identifier, password, session.deviceId);
    });
  };
  return (
    <Page title={t("again.title")}>
      <div className="card">
        <Callout look="info">{t("again.why")}</Callout>
        <Form onSubmit={submit}>
          <p>{t("again.who", { user: session.userId })}</p>
          <AccountName userId={session.userId} />
          <SecretField
            label={t("password.account")}
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={setPassword}
            isRequired
          />
          <p className="aside">
            <Link to="/forgot">{t("signin.forgot")}</Link>
          </p>
          <ProblemNotice problem={task.problem} />
          <div className="actions">
            <Button type="submit" look="main" busy={task.busy}>
              {t("again.submit")}
            </Button>
            <Button onPress={() => storeSession(null)}>{t("again.other")}</Button>
          </div>
        </Form>
      </div>
    </Page>
  );
}
