import { useEffect, useState } from "react";
import type { Server } from "../discovery/server.ts";
import { WithServer } from "../discovery/server-picker.tsx";
import { useTexts } from "../kit/i18n.ts";
import { Link } from "../kit/router.tsx";
import { useStore } from "../kit/store.ts";
import { useTask } from "../kit/task.ts";
import { Callout, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { SecretField } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { Page } from "../kit/ui/page.tsx";
import { IdentifierFields, isFilled, noIdentifier } from "./identifier-fields.tsx";
import { type Identifier, signIn, signInTexts, takesPasswords } from "./login.ts";
import { SignInAgain } from "./signin-again.tsx";
import { ownSession } from "./stored.ts";

export function SignInPage() {
  const t = useTexts();
  const session = useStore(ownSession);
  if (session) return <SignInAgain session={session} />;
  return (
    <Page title={t("signin.title")}>
      <div className="card">
        <WithServer lead="signin.server">{(server) => <SignInForm server={server} />}</WithServer>
      </div>
    </Page>
  );
}

/** True once a server has said that it takes no passwords; until then the form is worth a try. */
function useRefusesPasswords(server: Server): boolean {
  const [refuses, setRefuses] = useState(false);
  useEffect(() => {
    let gone = false;
    takesPasswords(server).then(
      (takes) => gone || setRefuses(!takes),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [server]);
  return refuses;
}

/** Once the session is stored, the frame leads on to the page that was wanted. */
function SignInForm({ server }: { server: Server }) {
  const t = useTexts();
  const [identifier, setIdentifier] = useState<Identifier>(noIdentifier);
  const [password, setPassword] = useState("");
  const task = useTask(signInTexts);
  const refusesPasswords = useRefusesPasswords(server);
  const submit = () => {
    // The button is never off: browsers may fill the form in without telling the page at once.
    if (!isFilled(identifier) || password === "") return task.fail({ key: "signin.incomplete" });
    void task.run(async () => {
      await signIn(server, identifier, password);
    });
  };
  if (refusesPasswords) return <Callout look="info">{t("signin.no_passwords")}</Callout>;
  return (
    <>
      <Form onSubmit={submit}>
        <IdentifierFields value={identifier} onChange={setIdentifier} />
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
        <Button type="submit" look="main" busy={task.busy}>
          {t("signin.submit")}
        </Button>
      </Form>
      {server.info?.registration === "closed" ? null : (
        <p className="alternative">
          {t("signin.no_account")} <Link to="/register">{t("register.link")}</Link>
        </p>
      )}
    </>
  );
}
