import { useState } from "react";
import {
  AccountName,
  isAcceptable,
  NewPasswordFields,
  noPassword,
} from "../credentials/new-password-fields.tsx";
import { usualPolicy } from "../credentials/policy.ts";
import { useServerAt } from "../discovery/chosen.ts";
import { type TextKey, useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Form } from "../kit/ui/form.tsx";
import { type FateOutcome, lockAll } from "../sessions/fate.ts";
import { FateFields } from "../sessions/fate-fields.tsx";
import { completeReset, type OpenedLink, uselessText } from "./reset.ts";

interface ResetFormProps {
  token: string;
  link: OpenedLink;
  onDone: (outcome: FateOutcome) => void;
  /** The link ended while the form was being filled in. */
  onUseless: (why: TextKey) => void;
}

/** Chooses the new account password and what becomes of the sessions. */
export function ResetForm({ token, link, onDone, onUseless }: ResetFormProps) {
  const t = useTexts();
  const server = useServerAt(window.location.origin);
  const [value, setValue] = useState(noPassword);
  const [choice, setChoice] = useState(lockAll);
  const task = useTask();
  const known = server.status === "ready" ? server.server.info : null;
  const policy = known?.password_policy ?? usualPolicy;
  const owner = { userId: link.user_id };
  const submit = () => {
    setValue({ ...value, checked: true });
    if (!isAcceptable(value, policy, owner)) return;
    void task.run(async () => {
      try {
        onDone(await completeReset(window.location.origin, token, value.password, choice));
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
      <AccountName userId={link.user_id} />
      <NewPasswordFields
        label={t("password.new")}
        value={value}
        onChange={setValue}
        policy={policy}
        owner={owner}
      />
      <FateFields which="all" devices={link.sessions} value={choice} onChange={setChoice} />
      <ProblemNotice problem={task.problem} />
      <Button type="submit" look="main" busy={task.busy}>
        {t("reset.submit")}
      </Button>
    </Form>
  );
}
