import { useCallback, useState } from "react";
import { AccountName } from "../credentials/new-password-fields.tsx";
import { useTexts } from "../kit/i18n.ts";
import { CalledOff } from "../kit/task.ts";
import { Notice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { SecretField } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { FallbackStage } from "./fallback.tsx";
import { type Challenge, type Proof, type Prover, passwordProof, sessionOnly } from "./flow.ts";

interface Question {
  challenge: Challenge;
  stage: string;
  answer: (proof: Proof) => void;
  callOff: () => void;
}

interface Account {
  baseUrl: string;
  userId: string;
}

/** A prover that asks in a dialog, and the dialog to render while it does. */
export function useProver(account: Account, submitText: string) {
  const [question, setQuestion] = useState<Question | null>(null);
  const prove = useCallback<Prover>(
    (challenge, stage) =>
      new Promise((resolve, reject) => {
        const close = (then: () => void) => () => {
          setQuestion(null);
          then();
        };
        setQuestion({
          challenge,
          stage,
          answer: (proof) => close(() => resolve(proof))(),
          callOff: close(() => reject(new CalledOff())),
        });
      }),
    [],
  );
  const dialog = question ? (
    <ProveDialog question={question} account={account} submitText={submitText} />
  ) : null;
  return { prove, dialog };
}

interface ProveDialogProps {
  question: Question;
  account: Account;
  submitText: string;
}

function ProveDialog({ question, account, submitText }: ProveDialogProps) {
  const t = useTexts();
  const { challenge, stage, answer, callOff } = question;
  const [password, setPassword] = useState("");
  if (stage !== "m.login.password") {
    return (
      <Dialog title={t("prove.title")} onClose={callOff}>
        <FallbackStage
          baseUrl={account.baseUrl}
          challenge={challenge}
          stage={stage}
          onDone={() => answer(sessionOnly(challenge))}
          onCancel={callOff}
        />
      </Dialog>
    );
  }
  return (
    <Dialog title={t("prove.title")} onClose={callOff}>
      <Form onSubmit={() => answer(passwordProof(challenge, account.userId, password))}>
        <p>{t("prove.explain", { user: account.userId })}</p>
        <AccountName userId={account.userId} />
        <SecretField
          label={t("prove.password")}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          isRequired
          autoFocus
        />
        {challenge.errcode === "M_FORBIDDEN" ? (
          <Notice look="problem">{t("prove.wrong")}</Notice>
        ) : null}
        <div className="actions">
          <Button type="submit" look="main" isDisabled={password === ""}>
            {submitText}
          </Button>
          <Button onPress={callOff}>{t("action.cancel")}</Button>
        </div>
      </Form>
    </Dialog>
  );
}
