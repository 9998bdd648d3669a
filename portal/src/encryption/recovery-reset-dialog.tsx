import { fetchReport } from "../custody/report.ts";
import { extraPath } from "../kit/http.ts";
import { useTexts } from "../kit/i18n.ts";
import { useLoaded } from "../kit/loaded.ts";
import { useTask } from "../kit/task.ts";
import { Callout, Done, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { recoverySecret } from "../recovery/recovery-secret.ts";
import { sendSigned } from "../sessions/authed.ts";
import type { OpenSession } from "../sessions/stored.ts";
import { type Prover, withProofs } from "../uia/flow.ts";
import { useProver } from "../uia/prove-dialog.tsx";
import { CloseButton, type DialogProps } from "./key-dialogs.tsx";
import { KeyForm } from "./key-form.tsx";
import type { StorageKey } from "./keyring.ts";

const path = extraPath("recovery_key_reset");

/** Has the server let this recovery key set new account passwords; it gets a secret made from it. */
async function letItReset(open: StorageKey, userId: string, prove: Prover): Promise<void> {
  const secret = await recoverySecret(open.key, userId);
  await withProofs((proof) => {
    const body = { key_id: open.keyId, secret, ...(proof ? { auth: proof } : {}) };
    return sendSigned({ method: "PUT", path, body });
  }, prove);
}

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
      await sendSigned({ method: "DELETE", path });
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
