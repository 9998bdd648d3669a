import type { VerificationRequest } from "matrix-js-sdk/lib/crypto-api";
import { useState } from "react";
import { useServerAt } from "../discovery/chosen.ts";
import { useTexts } from "../kit/i18n.ts";
import { Callout } from "../kit/ui/alert.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { isHeldFor } from "../recovery/handover.ts";
import type { OpenSession } from "../sessions/stored.ts";
import { ExportDialog, ImportDialog } from "./file-dialogs.tsx";
import { HealDialog } from "./heal-dialog.tsx";
import type { Job } from "./jobs.ts";
import {
  BackupOnDialog,
  CloseButton,
  type DialogProps,
  RestoreDialog,
  SureDialog,
  TestKeyDialog,
  VerifyByKeyDialog,
} from "./key-dialogs.tsx";
import { RecoveryResetDialog } from "./recovery-reset-dialog.tsx";
import { SetUpDialog } from "./set-up-dialog.tsx";
import { turnBackupOff } from "./setting-up.ts";
import { VerifyDialog } from "./verify-dialog.tsx";

interface JobDialogProps extends DialogProps {
  job: Job;
  session: OpenSession;
  onJob: (job: Job) => void;
  onRequest: (request: VerificationRequest) => void;
}

/** The dialog of one thing to do. */
export function JobDialog(props: JobDialogProps) {
  const { job, session, machine, facts, onClose } = props;
  const [byKey, setByKey] = useState(() => isHeldFor(session.userId));
  const common = { machine, facts, onClose };
  const setUp = { session, machine, onClose, onDone: onClose };
  switch (job) {
    case "set_up":
      return (
        <SetUpDialog
          {...setUp}
          heading="setup.title"
          plan={{ newIdentity: false, newBackup: true }}
        />
      );
    case "new_key":
      return <NewKeyDialog {...common} session={session} />;
    case "verify":
      if (byKey) return <VerifyByKeyDialog {...common} />;
      return (
        <VerifyDialog
          {...common}
          onByKey={() => setByKey(true)}
          onRequest={props.onRequest}
          onReset={() => props.onJob("reset")}
        />
      );
    case "recovery_reset":
      return <RecoveryResetDialog {...common} session={session} />;
    case "heal":
      return <HealDialog {...common} session={session} onImport={() => props.onJob("import")} />;
    case "test":
      return <TestKeyDialog {...common} />;
    case "restore":
      return <RestoreDialog {...common} />;
    case "export":
      return <ExportDialog machine={machine} onClose={onClose} />;
    case "import":
      return <ImportDialog machine={machine} onClose={onClose} />;
    case "backup_on":
      return <BackupOnDialog {...common} />;
    case "backup_off":
      return <BackupOffDialog {...common} session={session} />;
    case "reset":
      return <ResetDialog {...common} session={session} />;
  }
}

interface SessionDialogProps extends DialogProps {
  session: OpenSession;
}

/** A new recovery key in place of the one there is; needs a session that holds what is under it. */
function NewKeyDialog({ machine, facts, session, onClose }: SessionDialogProps) {
  const t = useTexts();
  if (!facts.holdsSecrets) {
    return (
      <Dialog title={t("new_key.title")} onClose={onClose}>
        <Callout look="warning">{t("new_key.verify_first")}</Callout>
        <CloseButton onClose={onClose} />
      </Dialog>
    );
  }
  const plan = { newIdentity: false, newBackup: facts.backup === null };
  return (
    <SetUpDialog
      session={session}
      machine={machine}
      heading="new_key.title"
      plan={plan}
      onDone={onClose}
      onClose={onClose}
    />
  );
}

function BackupOffDialog({ machine, facts, session, onClose }: SessionDialogProps) {
  const t = useTexts();
  const server = useServerAt(session.baseUrl, session.serverName);
  const kept = server.status === "ready" && server.server.info !== null;
  const { backup } = facts;
  return (
    <SureDialog
      heading="backup_off.title"
      costs={[t("backup_off.cost", { count: backup?.count ?? 0 })]}
      kept={[t(kept ? "backup_off.undo" : "backup_off.for_good")]}
      confirm="job.backup_off"
      onClose={onClose}
      onConfirm={async () => {
        if (backup) await turnBackupOff(machine, backup.version);
        onClose();
      }}
    />
  );
}

/** A new identity: says what is lost and what is not, asks twice, and sets everything up anew. */
function ResetDialog({ machine, facts, session, onClose }: SessionDialogProps) {
  const t = useTexts();
  const [asked, setAsked] = useState(0);
  const costs = [
    t("reset_identity.cost_sessions", { count: facts.others.length }),
    t("reset_identity.cost_people"),
    t("reset_identity.cost_backup", { count: facts.backup?.count ?? 0 }),
  ];
  if (asked === 0) {
    return (
      <SureDialog
        heading="reset_identity.title"
        costs={costs}
        kept={[t("reset_identity.kept")]}
        confirm="reset_identity.go_on"
        onConfirm={() => setAsked(1)}
        onClose={onClose}
      />
    );
  }
  if (asked === 1) {
    return (
      <SureDialog
        key="again"
        heading="reset_identity.sure"
        costs={[t("reset_identity.last", { count: facts.roomKeys.total })]}
        confirm="reset_identity.confirm"
        onConfirm={() => setAsked(2)}
        onClose={onClose}
      />
    );
  }
  return (
    <SetUpDialog
      session={session}
      machine={machine}
      heading="setup.title"
      plan={{ newIdentity: true, newBackup: true }}
      onDone={onClose}
      onClose={onClose}
    />
  );
}
