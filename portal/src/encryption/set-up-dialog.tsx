import { useState } from "react";
import {
  isAcceptable,
  type NewPassword,
  NewPasswordFields,
  noPassword,
} from "../credentials/new-password-fields.tsx";
import { type TextKey, useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { Callout, Notice, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { Form } from "../kit/ui/form.tsx";
import { Radios } from "../kit/ui/tick.tsx";
import type { OpenSession } from "../sessions/stored.ts";
import { useProver } from "../uia/prove-dialog.tsx";
import { RecoveryKeyField } from "./key-form.tsx";
import type { Machine } from "./machine.ts";
import { passphrasePolicy } from "./passphrase.ts";
import { canReset, carryOver } from "./recovery-reset.ts";
import { makeKey, type NewKey, type Plan, setUp } from "./setting-up.ts";
import { ShowKey } from "./show-key.tsx";

interface SetUpDialogProps {
  session: OpenSession;
  machine: Machine;
  plan: Plan;
  heading: TextKey;
  onDone: () => void;
  onClose: () => void;
}

type Step = { step: "choose" } | { step: "show" | "prove"; made: NewKey; phrase: string | null };

/** Sets encryption up with a new recovery key, which is proven to have been kept before it counts. */
export function SetUpDialog(props: SetUpDialogProps) {
  const t = useTexts();
  const [step, setStep] = useState<Step>({ step: "choose" });
  const { prove, dialog } = useProver(props.session, t("setup.go_on"));
  const task = useTask();
  const finish = (made: NewKey, phrase: string | null) =>
    task.run(async () => {
      const could = await canReset();
      await setUp(props.machine, made, props.plan, prove);
      // A phrase can be guessed: see the dialog in which this is switched on.
      if (could && !phrase) await carryOver(props.machine, made, prove);
      props.onDone();
    });
  return (
    <>
      <Dialog title={t(props.heading)} onClose={props.onClose}>
        {step.step === "choose" ? (
          <Choose
            machine={props.machine}
            onMade={(made, phrase) => setStep({ step: "show", made, phrase })}
            onClose={props.onClose}
          />
        ) : null}
        {step.step === "show" ? (
          <ShowKey
            text={step.made.encodedPrivateKey}
            userId={props.session.userId}
            onKept={() => setStep({ ...step, step: "prove" })}
            onClose={props.onClose}
          />
        ) : null}
        {step.step === "prove" ? (
          <Prove
            kept={[step.made.encodedPrivateKey, step.phrase]}
            task={task}
            onBack={() => setStep({ ...step, step: "show" })}
            onProven={() => void finish(step.made, step.phrase)}
          />
        ) : null}
      </Dialog>
      {dialog}
    </>
  );
}

interface ChooseProps {
  machine: Machine;
  onMade: (made: NewKey, phrase: string | null) => void;
  onClose: () => void;
}

function Choose({ machine, onMade, onClose }: ChooseProps) {
  const t = useTexts();
  const task = useTask();
  const [kind, setKind] = useState<"key" | "phrase">("key");
  const [phrase, setPhrase] = useState<NewPassword>(noPassword);
  const submit = () => {
    setPhrase({ ...phrase, checked: true });
    if (kind === "phrase" && !isAcceptable(phrase, passphrasePolicy, {})) return;
    const words = kind === "phrase" ? phrase.password : null;
    void task.run(async () => onMade(await makeKey(machine, words ?? undefined), words));
  };
  return (
    <Form onSubmit={submit}>
      <p>{t("setup.intro")}</p>
      <Radios
        label={t("setup.kind")}
        value={kind}
        onChange={setKind}
        options={[
          { value: "key", text: t("setup.by_key"), hint: t("setup.by_key_hint") },
          { value: "phrase", text: t("setup.by_phrase"), hint: t("setup.by_phrase_hint") },
        ]}
      />
      {kind === "phrase" ? (
        <NewPasswordFields
          label={t("recovery.phrase")}
          value={phrase}
          onChange={setPhrase}
          policy={passphrasePolicy}
          owner={{}}
        />
      ) : null}
      <ProblemNotice problem={task.problem} />
      <div className="actions">
        <Button type="submit" look="main" busy={task.busy}>
          {t("setup.make")}
        </Button>
        <Button onPress={onClose}>{t("action.cancel")}</Button>
      </div>
    </Form>
  );
}

interface ProveProps {
  /** What the person may type: the key, or the phrase if there is one. */
  kept: (string | null)[];
  task: ReturnType<typeof useTask>;
  onBack: () => void;
  onProven: () => void;
}

function Prove({ kept, task, onBack, onProven }: ProveProps) {
  const t = useTexts();
  const [typed, setTyped] = useState("");
  const bare = (text: string) => text.replace(/\s/g, "");
  const submit = () => {
    const right = kept.some((text) => text !== null && bare(text) === bare(typed));
    if (!right) return task.fail({ key: "setup.differs" });
    onProven();
  };
  return (
    <Form onSubmit={submit}>
      <p>{t("setup.prove")}</p>
      <RecoveryKeyField phrase={kept[1] !== null} value={typed} onChange={setTyped} />
      {task.busy ? <Notice look="info">{t("setup.working")}</Notice> : null}
      <ProblemNotice problem={task.problem} />
      <Callout look="info">{t("setup.prove_why")}</Callout>
      <div className="actions">
        <Button type="submit" look="main" busy={task.busy}>
          {t("setup.finish")}
        </Button>
        <Button onPress={onBack}>{t("setup.back")}</Button>
      </div>
    </Form>
  );
}
