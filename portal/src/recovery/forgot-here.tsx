import { useState } from "react";
import {
  isAcceptable,
  NewPasswordFields,
  noPassword,
} from "../credentials/new-password-fields.tsx";
import { usualPolicy } from "../credentials/policy.ts";
import type { Server } from "../discovery/server.ts";
import { useTexts } from "../kit/i18n.ts";
import { navigate } from "../kit/router.tsx";
import { useTask } from "../kit/task.ts";
import { Callout, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Form } from "../kit/ui/form.tsx";
import { Tick } from "../kit/ui/tick.tsx";
import { CheckMail } from "../uia/check-mail.tsx";
import { askForMail, type EmailValidation } from "../uia/email-validation.ts";
import { AddressForm } from "./address-form.tsx";
import { requestResetToken, resetByAddress } from "./reset.ts";

/** The standard's way, for servers whose mail only confirms the address. */
export function ForgotHere({ server }: { server: Server }) {
  const t = useTexts();
  const [email, setEmail] = useState("");
  const [validation, setValidation] = useState<EmailValidation | null>(null);
  const [followed, setFollowed] = useState(false);
  const ask = async (former?: EmailValidation) => {
    const request = (body: Parameters<typeof requestResetToken>[1]) =>
      requestResetToken(server, body);
    setValidation(await askForMail(request, email.trim(), former));
  };
  if (!validation) {
    return <AddressForm email={email} onChange={setEmail} onSubmit={() => ask()} />;
  }
  if (!followed) {
    return (
      <>
        <h2>{t("mail.title")}</h2>
        <CheckMail
          email={validation.email}
          onSendAgain={() => ask(validation)}
          onWrongAddress={() => setValidation(null)}
        >
          <p>{t("forgot.here_explain")}</p>
          <Button look="main" onPress={() => setFollowed(true)}>
            {t("mail.followed")}
          </Button>
        </CheckMail>
      </>
    );
  }
  return <NewPasswordHere server={server} validation={validation} />;
}

interface NewPasswordHereProps {
  server: Server;
  validation: EmailValidation;
}

function NewPasswordHere({ server, validation }: NewPasswordHereProps) {
  const t = useTexts();
  const [value, setValue] = useState(noPassword);
  const [signOutOthers, setSignOutOthers] = useState(false);
  const owner = { email: validation.email };
  const policy = server.info?.password_policy ?? usualPolicy;
  const task = useTask({
    M_UNKNOWN: "problem.link_not_followed",
    M_UNAUTHORIZED: "problem.link_not_followed",
  });
  const submit = () => {
    setValue({ ...value, checked: true });
    if (!isAcceptable(value, policy, owner)) return;
    void task.run(async () => {
      await resetByAddress(server, validation, value.password, signOutOthers);
      navigate("/signin", { notice: "reset.sign_in_now" });
    });
  };
  return (
    <Form onSubmit={submit}>
      <NewPasswordFields
        label={t("password.new")}
        value={value}
        onChange={setValue}
        policy={policy}
        owner={owner}
      />
      <Tick isSelected={signOutOthers} onChange={setSignOutOthers}>
        {t("logout_others.tick")}
      </Tick>
      <Callout look={signOutOthers ? "warning" : "info"}>
        {t(signOutOthers ? "logout_others.cost" : "logout_others.kept")}
      </Callout>
      <ProblemNotice problem={task.problem} />
      <Button type="submit" look="main" busy={task.busy}>
        {t("reset.submit")}
      </Button>
    </Form>
  );
}
