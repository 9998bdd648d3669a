import { useState } from "react";
import { AccountName } from "../credentials/new-password-fields.tsx";
import { useTexts } from "../kit/i18n.ts";
import { Link } from "../kit/router.tsx";
import { useTask } from "../kit/task.ts";
import { Callout, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { SecretField } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { Page } from "../kit/ui/page.tsx";
import { holdsKeys } from "./kept-keys.ts";
import { signIn, signInTexts } from "./login.ts";
import { type StoredSession, storeSession } from "./stored.ts";

/** For a session that was locked: signing in gives its tokens back, as the same session. */
export function SignInAgain({ session }: { session: StoredSession }) {
  const t = useTexts();
  const [password, setPassword] = useState("");
  const [leaving, setLeaving] = useState(false);
  const task = useTask(signInTexts);
  const leave = () => (holdsKeys(session) ? setLeaving(true) : storeSession(null));
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
            <Button onPress={leave}>{t("again.other")}</Button>
          </div>
        </Form>
      </div>
      {leaving ? <LeaveDialog onClose={() => setLeaving(false)} /> : null}
    </Page>
  );
}

/** Using another account gives this session's keys up: asks first. */
function LeaveDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  return (
    <Dialog title={t("again.leave_title")} onClose={onClose} role="alertdialog">
      <Callout look="warning">{t("again.leave_cost")}</Callout>
      <div className="actions">
        <Button look="danger" onPress={() => storeSession(null)}>
          {t("again.leave")}
        </Button>
        <Button onPress={onClose}>{t("action.cancel")}</Button>
      </div>
    </Dialog>
  );
}
