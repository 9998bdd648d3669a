import { useEffect, useState } from "react";
import { type TextKey, useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { Callout, Finished, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { ProgressBar } from "../kit/ui/progress.tsx";
import { takeHeld } from "../recovery/handover.ts";
import type { Facts } from "./facts.ts";
import { KeyForm } from "./key-form.tsx";
import type { Machine } from "./machine.ts";
import { turnBackupOn } from "./setting-up.ts";
import {
  holdsBackupKey,
  type Progress,
  restore,
  type Tested,
  testKey,
  verifyByKey,
} from "./unlocking.ts";

/** What the dialogs of this page get. */
export interface DialogProps {
  machine: Machine;
  facts: Facts;
  onClose: () => void;
}

interface Restored {
  imported: number;
  total: number;
}

/** Proves that the recovery key opens everything, and changes nothing. */
export function TestKeyDialog({ machine, facts, onClose }: DialogProps) {
  const t = useTexts();
  const task = useTask();
  const [tested, setTested] = useState<Tested | null>(null);
  return (
    <Dialog title={t("test.title")} onClose={onClose}>
      {tested ? (
        <TestResult tested={tested} onClose={onClose} />
      ) : (
        <KeyForm
          machine={machine}
          phrase={facts.phrase}
          submit={t("test.submit")}
          task={task}
          onCancel={onClose}
          onKey={async (open, onProgress) => setTested(await testKey(machine, open, onProgress))}
        >
          <p>{t("test.intro")}</p>
        </KeyForm>
      )}
    </Dialog>
  );
}

function TestResult({ tested, onClose }: { tested: Tested; onClose: () => void }) {
  const t = useTexts();
  const { opened, total, secrets } = tested;
  const whole = opened === total && secrets === 4;
  return (
    <>
      <Finished>
        <p>{t("test.opened", { opened, total })}</p>
        <p>{t("test.secrets", { secrets })}</p>
      </Finished>
      <Callout look={whole ? "good" : "warning"}>{t(whole ? "test.good" : "test.not_all")}</Callout>
      <CloseButton onClose={onClose} />
    </>
  );
}

export function CloseButton({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  return (
    <div className="actions">
      <Button look="main" onPress={onClose}>
        {t("action.close")}
      </Button>
    </div>
  );
}

/** Verifies this session with the recovery key, and brings its keys back. */
export function VerifyByKeyDialog({ machine, facts, onClose }: DialogProps) {
  const t = useTexts();
  const task = useTask();
  const [restored, setRestored] = useState<Restored | null>(null);
  const [typed] = useState(() => takeHeld(machine.client.getSafeUserId()));
  return (
    <Dialog title={t("verify.by_key_title")} onClose={onClose}>
      {restored ? (
        <>
          <Finished>
            <p>{t("verify.done")}</p>
            <p>{t("restore.done", { count: restored.imported, total: restored.total })}</p>
          </Finished>
          <CloseButton onClose={onClose} />
        </>
      ) : (
        <KeyForm
          machine={machine}
          phrase={facts.phrase}
          typed={typed}
          submit={t("verify.submit")}
          task={task}
          onCancel={onClose}
          onKey={async (open, onProgress) => {
            const result = await verifyByKey(machine, open, onProgress);
            setRestored(result ?? { imported: 0, total: 0 });
          }}
        >
          <p>{t("verify.by_key_intro")}</p>
        </KeyForm>
      )}
    </Dialog>
  );
}

/** Turns the key backup on, under the recovery key there is. */
export function BackupOnDialog({ machine, facts, onClose }: DialogProps) {
  const t = useTexts();
  const task = useTask();
  return (
    <Dialog title={t("backup_on.title")} onClose={onClose}>
      <KeyForm
        machine={machine}
        phrase={facts.phrase}
        submit={t("backup_on.submit")}
        task={task}
        onCancel={onClose}
        onKey={async (open) => {
          await turnBackupOn(machine, open);
          onClose();
        }}
      >
        <p>{t("backup_on.intro")}</p>
      </KeyForm>
    </Dialog>
  );
}

/** Brings the backup's keys into this session; asks for the recovery key only where it must. */
export function RestoreDialog({ machine, facts, onClose }: DialogProps) {
  const t = useTexts();
  const task = useTask();
  const [connected, setConnected] = useState<boolean | null>(null);
  const [restored, setRestored] = useState<Restored | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  useEffect(() => void holdsBackupKey(machine).then(setConnected), [machine]);
  const begin = () => task.run(async () => setRestored(await restore(machine, null, setProgress)));
  const body = () => {
    if (restored) {
      return (
        <>
          <Finished>
            {t("restore.done", { count: restored.imported, total: restored.total })}
          </Finished>
          <CloseButton onClose={onClose} />
        </>
      );
    }
    if (connected === null) return null;
    if (!connected) {
      return (
        <KeyForm
          machine={machine}
          phrase={facts.phrase}
          submit={t("restore.submit")}
          task={task}
          onCancel={onClose}
          onKey={async (open, onProgress) => setRestored(await restore(machine, open, onProgress))}
        >
          <p>{t("restore.intro")}</p>
        </KeyForm>
      );
    }
    return (
      <div className="form">
        <p>{t("restore.intro")}</p>
        {progress ? <ProgressBar label={t("progress.keys")} {...progress} /> : null}
        <ProblemNotice problem={task.problem} />
        <div className="actions">
          <Button look="main" busy={task.busy} onPress={() => void begin()}>
            {t("restore.submit")}
          </Button>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
        </div>
      </div>
    );
  };
  return (
    <Dialog title={t("restore.title")} onClose={onClose}>
      {body()}
    </Dialog>
  );
}

interface SureDialogProps {
  heading: TextKey;
  /** What it costs, one sentence each. */
  costs: string[];
  kept?: string[];
  confirm: TextKey;
  onConfirm: () => Promise<void> | void;
  onClose: () => void;
}

/** Asks before something is lost, and says what. */
export function SureDialog({ heading, costs, kept, confirm, onConfirm, onClose }: SureDialogProps) {
  const t = useTexts();
  const task = useTask();
  return (
    <Dialog title={t(heading)} onClose={onClose} role="alertdialog">
      <div className="form">
        <Callout look="warning">
          {costs.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </Callout>
        {kept?.map((text) => (
          <p key={text}>{text}</p>
        ))}
        <ProblemNotice problem={task.problem} />
        <div className="actions">
          <Button
            look="danger"
            busy={task.busy}
            onPress={() => void task.run(async () => onConfirm())}
          >
            {t(confirm)}
          </Button>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
