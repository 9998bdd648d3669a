import { fetchReport } from "../custody/report.ts";
import { useTexts } from "../kit/i18n.ts";
import { useLoaded } from "../kit/loaded.ts";
import { useTask } from "../kit/task.ts";
import { Callout, Done, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import type { OpenSession } from "../sessions/stored.ts";
import { useProver } from "../uia/prove-dialog.tsx";
import { CloseButton, type DialogProps } from "./key-dialogs.tsx";
import { KeyForm } from "./key-form.tsx";
import { letItReset, revokeReset } from "./recovery-reset.ts";

interface RecoveryResetDialogProps extends DialogProps {
  session: OpenSession;
}

/** Whether the recovery key can set a new account password: set up, and taken back. */
export function RecoveryResetDialog(props: RecoveryResetDialogProps) {
  const { machine, facts, session, onClose } = props;
  const t = useTexts();
  const task = useTask();
  const { value: report, problem, reload } = useLoaded(fetchReport);
  const { prove, dialog } = useProver(session, t("key_reset.submit"));
  const revoke = () =>
    task.run(async () => {
      await revokeReset();
      await reload();
    });
  const body = () => {
    if (!report) return <ProblemNotice problem={problem} />;
    if (report.recovery.recovery_key_reset) {
      return (
        <>
          <Done>{t("key_reset.on")}</Done>
          <ProblemNotice problem={task.problem} />
          <div className="actions">
            <Button look="danger" busy={task.busy} onPress={() => void revoke()}>
              {t("key_reset.revoke")}
            </Button>
            <Button onPress={onClose}>{t("action.close")}</Button>
          </div>
        </>
      );
    }
    if (facts.phrase) {
      return (
        <>
          <Callout look="warning">{t("key_reset.no_phrase")}</Callout>
          <CloseButton onClose={onClose} />
        </>
      );
    }
    return (
      <KeyForm
        machine={machine}
        phrase={false}
        submit={t("key_reset.submit")}
        task={task}
        onCancel={onClose}
        onKey={async (open) => {
          await letItReset(open, session.userId, prove);
          await reload();
        }}
      >
        <p>{t("key_reset.intro")}</p>
        <Callout look="info">{t("key_reset.risk")}</Callout>
      </KeyForm>
    );
  };
  return (
    <>
      <Dialog title={t("job.key_reset")} onClose={onClose}>
        {body()}
      </Dialog>
      {dialog}
    </>
  );
}
