import { useState } from "react";
import {
  AccountName,
  isAcceptable,
  NewPasswordFields,
  noPassword,
} from "../credentials/new-password-fields.tsx";
import { usualPolicy } from "../credentials/policy.ts";
import { Checklist } from "../custody/checklist.tsx";
import { Decide } from "../custody/decide.tsx";
import { useServerAt } from "../discovery/chosen.ts";
import { type TextKey, useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Form } from "../kit/ui/form.tsx";
import { type FateChoice, type FateOutcome, lockAll, withFate } from "../sessions/fate.ts";
import { FateFields } from "../sessions/fate-fields.tsx";
import { ownSession } from "../sessions/stored.ts";
import { completeReset, type OpenedLink, uselessText } from "./reset.ts";

/** Who forgot the account password while signed in stays signed in here. */
function startWith(link: OpenedLink): FateChoice {
  const own = ownSession.get();
  return own?.accessToken && own.userId === link.user_id && own.baseUrl === window.location.origin
    ? withFate(lockAll, own.deviceId, "keep")
    : lockAll;
}

interface ResetFormProps {
  token: string;
  link: OpenedLink;
  onDone: (outcome: FateOutcome, password: string) => Promise<void>;
  /** The link ended while the form was being filled in. */
  onUseless: (why: TextKey) => void;
}

/** Chooses the new account password and what becomes of the sessions. */
export function ResetForm({ token, link, onDone, onUseless }: ResetFormProps) {
  const t = useTexts();
  const server = useServerAt(window.location.origin);
  const [value, setValue] = useState(noPassword);
  const [choice, setChoice] = useState(() => startWith(link));
  const task = useTask();
  const known = server.status === "ready" ? server.server.info : null;
  const policy = known?.password_policy ?? usualPolicy;
  const owner = { userId: link.user_id };
  const deciding = { devices: link.sessions, value: choice, onChange: setChoice };
  const submit = () => {
    setValue({ ...value, checked: true });
    if (!isAcceptable(value, policy, owner)) return;
    void task.run(async () => {
      try {
        const outcome = await completeReset(window.location.origin, token, value.password, choice);
        await onDone(outcome, value.password);
      } catch (error) {
        const why = uselessText(error);
        if (!why) throw error;
        onUseless(why);
      }
    });
  };
  return (
    <Form onSubmit={submit}>
      <p>{t("reset.for", { user: link.user_id })}</p>
      {link.custody ? (
        <>
          <h2>{t("change.before")}</h2>
          <Checklist report={link.custody} own={null} />
        </>
      ) : null}
      <AccountName userId={link.user_id} />
      <NewPasswordFields
        label={t("password.new")}
        value={value}
        onChange={setValue}
        policy={policy}
        owner={owner}
      />
      {link.custody ? (
        <Decide report={link.custody} own={null} {...deciding} />
      ) : (
        <FateFields which="all" {...deciding} />
      )}
      <ProblemNotice problem={task.problem} />
      <Button type="submit" look="main" busy={task.busy}>
        {t("reset.submit")}
      </Button>
    </Form>
  );
}
