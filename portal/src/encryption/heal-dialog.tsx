import { useState } from "react";
import { type TextKey, useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { Callout, Finished, Notice, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { ProgressBar } from "../kit/ui/progress.tsx";
import type { OpenSession } from "../sessions/stored.ts";
import { useProver } from "../uia/prove-dialog.tsx";
import { type Healed, heal, type Step } from "./healing.ts";
import { CloseButton, type DialogProps } from "./key-dialogs.tsx";
import type { Progress } from "./unlocking.ts";

const stepTexts: Record<Step, TextKey> = {
  deleted: "heal.deleted",
  own: "heal.own",
  asking: "heal.asking",
  storing: "heal.storing",
};

interface HealDialogProps extends DialogProps {
  session: OpenSession;
  onImport: () => void;
}

/** Collects what keys there are for messages that the backup does not cover, and says what it brought. */
export function HealDialog({ machine, facts, session, onImport, onClose }: HealDialogProps) {
  const t = useTexts();
  const task = useTask();
  const { prove, dialog } = useProver(session, t("heal.submit"));
  const [step, setStep] = useState<{ step: Step; progress: Progress | null } | null>(null);
  const [healed, setHealed] = useState<Healed | null>(null);
  const begin = () =>
    task.run(async () =>
      setHealed(await heal(machine, prove, (at, progress) => setStep({ step: at, progress }))),
    );
  const body = () => {
    if (healed) return <HealResult healed={healed} onImport={onImport} onClose={onClose} />;
    if (!facts.connected) {
      return (
        <>
          <Callout look="warning">{t("heal.not_connected")}</Callout>
          <CloseButton onClose={onClose} />
        </>
      );
    }
    return (
      <div className="form">
        <p>{t("heal.intro")}</p>
        {task.busy && step ? <Notice look="info">{t(stepTexts[step.step])}</Notice> : null}
        {task.busy && step?.progress ? (
          <ProgressBar label={t("heal.rooms")} {...step.progress} />
        ) : null}
        <ProblemNotice problem={task.problem} />
        <div className="actions">
          <Button look="main" busy={task.busy} onPress={() => void begin()}>
            {t("heal.submit")}
          </Button>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
        </div>
      </div>
    );
  };
  return (
    <>
      <Dialog title={t("job.heal")} onClose={onClose}>
        {body()}
      </Dialog>
      {dialog}
    </>
  );
}

interface HealResultProps {
  healed: Healed;
  onImport: () => void;
  onClose: () => void;
}

function HealResult({ healed, onImport, onClose }: HealResultProps) {
  const t = useTexts();
  const before = healed.before.coverage.at_risk;
  const left = healed.after.coverage.at_risk;
  return (
    <>
      <Finished>
        <p>{t("heal.done", { before, left })}</p>
      </Finished>
      {left > 0 ? <Callout look="info">{t("heal.left")}</Callout> : null}
      <div className="actions">
        {left > 0 ? <Button onPress={onImport}>{t("job.import")}</Button> : null}
        <Button look="main" onPress={onClose}>
          {t("action.close")}
        </Button>
      </div>
    </>
  );
}
