import { useState } from "react";
import {
  AccountName,
  isAcceptable,
  NewPasswordFields,
  noPassword,
} from "../credentials/new-password-fields.tsx";
import { usualPolicy } from "../credentials/policy.ts";
import { useServerAt } from "../discovery/chosen.ts";
import { useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Form } from "../kit/ui/form.tsx";
import { type FateOutcome, lockAll } from "../sessions/fate.ts";
import { FateFields } from "../sessions/fate-fields.tsx";
import { completeReset, type OpenedLink } from "./reset.ts";

interface ResetFormProps {
  token: string;
  link: OpenedLink;
  onDone: (outcome: FateOutcome) => void;
}

/** Chooses the new account password and what becomes of the sessions. */
export function ResetForm({ token, link, onDone }: ResetFormProps) {
  const t = useTexts();
  const server = useServerAt(window.location.origin);
  const [value, setValue] = useState(noPassword);
  const [choice, setChoice] = useState(lockAll);
  const task = useTask({ M_NOT_FOUND: "reset.expired" });
  const known = server.status === "ready" ? server.server.info : null;
  const policy = known?.password_policy ?? usualPolicy;
  const owner = { userId: link.user_id };
  const submit = () => {
    setValue({ ...value, checked: true });
    if (!isAcceptable(value, policy, owner)) return;
    void task.run(async () => {
      onDone(await completeReset(window.location.origin, token, value.password, choice));
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
