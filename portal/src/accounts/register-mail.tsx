import { useEffect, useRef, useState } from "react";
import type { Server } from "../discovery/server.ts";
import { MatrixError, UnreachableError } from "../kit/http.ts";
import { useTexts } from "../kit/i18n.ts";
import { explain, type Problem } from "../kit/problem.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { CheckMail } from "../uia/check-mail.tsx";
import { askForMail, type EmailValidation, type RequestToken } from "../uia/email-validation.ts";
import type { Challenge } from "../uia/flow.ts";
import { goOn, type RegisterForm, type Standing } from "./register-steps.ts";
import { emailProof, emailStage, requestRegistrationMail, tryRegister } from "./registration.ts";

const pollMs = 2000;

interface RegisterMailProps {
  server: Server;
  form: RegisterForm;
  challenge: Challenge;
  onStand: (standing: Standing) => void;
  onBack: () => void;
}

/** Waits until the link in the mail was followed, on whatever machine that happens. */
export function RegisterMail(props: RegisterMailProps) {
  const { server, form } = props;
  const t = useTexts();
  const [validation, setValidation] = useState<EmailValidation | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const asked = useRef(false);
  const request: RequestToken = (body) => requestRegistrationMail(server, body);
  const ask = async () => {
    setValidation(await askForMail(request, form.email, validation ?? undefined));
  };
  const askFirst = useRef(ask);

  useEffect(() => {
    // Effects can run twice; the mail goes out once.
    if (asked.current) return;
    asked.current = true;
    askFirst.current().catch((error: unknown) => setProblem(explain(error)));
  }, []);
  usePolling(props, validation, setProblem);

  return (
    <>
      <h2>{t("mail.title")}</h2>
      <ProblemNotice problem={problem} />
      {validation ? (
        <CheckMail email={form.email} onSendAgain={ask} onWrongAddress={props.onBack}>
          <p>{t("register.mail_explain")}</p>
        </CheckMail>
      ) : (
        <Button onPress={props.onBack}>{t("action.back")}</Button>
      )}
    </>
  );
}

/** Asks the server every two seconds whether the link was followed. */
function usePolling(
  props: RegisterMailProps,
  validation: EmailValidation | null,
  onProblem: (problem: Problem) => void,
): void {
  const latest = useRef({ props, onProblem });
  latest.current = { props, onProblem };
  useEffect(() => {
    if (!validation) return;
    let timer: ReturnType<typeof setTimeout>;
    let gone = false;
    const poll = async () => {
      const delay = await pollOnce(latest.current.props, validation, (standing) => {
        if (!gone) latest.current.props.onStand(standing);
      }).catch((error: unknown) => {
        if (!gone) latest.current.onProblem(explain(error));
        return null;
      });
      if (delay !== null && !gone) timer = setTimeout(poll, delay);
    };
    timer = setTimeout(poll, pollMs);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [validation]);
}

/** One question; gives the time until the next, or null once there is nothing left to ask. */
async function pollOnce(
  { server, form, challenge }: RegisterMailProps,
  validation: EmailValidation,
  onStand: (standing: Standing) => void,
): Promise<number | null> {
  const { username, password } = form;
  try {
    const proof = emailProof(challenge, validation);
    const attempt = await tryRegister(server, { username, password }, proof);
    if (!attempt.done && !attempt.challenge.completed.includes(emailStage)) return pollMs;
    onStand(await goOn(server, form, attempt));
    return null;
  } catch (error) {
    if (error instanceof UnreachableError) return pollMs;
    if (error instanceof MatrixError && error.status === 429) return error.retryAfterMs ?? pollMs;
    throw error;
  }
}
