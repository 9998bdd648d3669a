import { useState } from "react";
import { useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Field } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import type { OpenSession } from "../sessions/stored.ts";
import { CheckMail } from "../uia/check-mail.tsx";
import { askForMail, type EmailValidation, looksLikeEmail } from "../uia/email-validation.ts";
import { withProofs } from "../uia/flow.ts";
import { useProver } from "../uia/prove-dialog.tsx";
import { addAddress, requestAddressMail } from "./addresses.ts";

interface AddAddressProps {
  session: OpenSession;
  onStart: () => void;
  onAdded: () => Promise<void>;
}

/** Adds an e-mail address: first the mail with the link, then the account password. */
export function AddAddress({ session, onStart, onAdded }: AddAddressProps) {
  const t = useTexts();
  const [email, setEmail] = useState("");
  const [validation, setValidation] = useState<EmailValidation | null>(null);
  const { prove, dialog } = useProver(session, t("addresses.add"));
  const task = useTask();
  const ask = async () => {
    setValidation(await askForMail(requestAddressMail, email.trim(), validation ?? undefined));
  };
  const submit = () => {
    onStart();
    if (!looksLikeEmail(email)) task.fail({ key: "problem.invalid_email" });
    else void task.run(ask);
  };
  const finish = (current: EmailValidation) =>
    task.run(async () => {
      await withProofs((proof) => addAddress(current, proof), prove);
      setValidation(null);
      setEmail("");
      await onAdded();
    });
  if (validation) {
    return (
      <div className="panel">
        <h3>{t("mail.title")}</h3>
        <CheckMail
          email={validation.email}
          onSendAgain={ask}
          onWrongAddress={() => setValidation(null)}
        >
          <p>{t("addresses.mail_explain")}</p>
          <ProblemNotice problem={task.problem} />
          <div>
            <Button look="main" busy={task.busy} onPress={() => finish(validation)}>
              {t("mail.followed")}
            </Button>
          </div>
        </CheckMail>
        {dialog}
      </div>
    );
  }
  return (
    <Form onSubmit={submit}>
      <Field
        label={t("addresses.new")}
        type="email"
        name="email"
        autoComplete="email"
        value={email}
        onChange={setEmail}
      />
      <ProblemNotice problem={task.problem} />
      <div>
        <Button type="submit" busy={task.busy} isDisabled={email.trim() === ""}>
          {t("addresses.add")}
        </Button>
      </div>
    </Form>
  );
}
