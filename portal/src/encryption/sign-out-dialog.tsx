import { useEffect, useState } from "react";
import { type TextKey, useTexts } from "../kit/i18n.ts";
import { navigate } from "../kit/router.tsx";
import { useStore } from "../kit/store.ts";
import { useTask } from "../kit/task.ts";
import { Callout, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { ProgressBar } from "../kit/ui/progress.tsx";
import { signOut } from "../sessions/authed.ts";
import type { OpenSession } from "../sessions/stored.ts";
import type { Facts } from "./facts.ts";
import { ExportDialog } from "./file-dialogs.tsx";
import { type Machine, online, startMachine, stopMachine } from "./machine.ts";
import { useFacts } from "./use-facts.ts";
import { WithMachine } from "./with-machine.tsx";

interface SignOutDialogProps {
  session: OpenSession;
  onStay: () => void;
}

/** After this long without a step forward, the keys are not on their way. */
const patienceMs = 30_000;

/** Signs out once every key is in the backup; where one would be lost, says so and asks. */
export function SignOutDialog({ session, onStay }: SignOutDialogProps) {
  const t = useTexts();
  const task = useTask();
  const leave = () =>
    task.run(async () => {
      stopMachine();
      try {
        await signOut();
      } catch (error) {
        void startMachine(session);
        throw error;
      }
    });
  return (
    <Dialog title={t("leave.title")} onClose={onStay}>
      <ProblemNotice problem={task.problem} />
      {task.busy ? (
        <p role="status">{t("leave.leaving")}</p>
      ) : (
        <WithMachine session={session}>
          {(machine) => (
            <BeforeLeaving
              machine={machine}
              // Once that has failed, it is up to the person to try again.
              goes={task.problem === null}
              onReady={leave}
              onStay={onStay}
            />
          )}
        </WithMachine>
      )}
      <div className="actions">
        <Button onPress={onStay}>{t("leave.stay")}</Button>
        <Button look="danger" busy={task.busy} onPress={() => void leave()}>
          {t("leave.anyway")}
        </Button>
      </div>
    </Dialog>
  );
}

interface BeforeLeavingProps {
  machine: Machine;
  /** Whether to leave as soon as nothing is lost by it. */
  goes: boolean;
  onReady: () => void;
  onStay: () => void;
}

/** What keeps a session from leaving without a loss; null: nothing. */
function obstacle(facts: Facts, stuck: boolean): TextKey | null {
  const { total, backedUp } = facts.roomKeys;
  if (total === 0) return null;
  if (!facts.backup) return "leave.no_backup";
  if (!facts.connected) return "leave.not_connected";
  if (total > backedUp) return stuck ? "leave.stuck" : null;
  return facts.provenAt === null ? "leave.unproven" : null;
}

function BeforeLeaving({ machine, goes, onReady, onStay }: BeforeLeavingProps) {
  const t = useTexts();
  const { facts, problem } = useFacts(machine);
  const [exporting, setExporting] = useState(false);
  const waiting = facts ? facts.roomKeys.total - facts.roomKeys.backedUp : 0;
  const stuck = useStuck(waiting);
  const why = facts && obstacle(facts, stuck);
  const ready = facts !== null && why === null && (waiting === 0 || facts.roomKeys.total === 0);
  useEffect(() => {
    if (ready && goes) onReady();
  }, [ready, goes, onReady]);
  if (problem) return <ProblemNotice problem={problem} />;
  if (!facts || (ready && goes)) return <p role="status">{t("leave.looking")}</p>;
  if (ready) return <Callout look="good">{t("leave.safe")}</Callout>;
  if (why === null) {
    const { backedUp: done, total } = facts.roomKeys;
    return <ProgressBar label={t("leave.flushing")} done={done} total={total} />;
  }
  const toEncryption = () => {
    onStay();
    navigate("/settings/encryption");
  };
  return (
    <>
      <Callout look="warning">
        <p>{t(why, { count: why === "leave.stuck" ? waiting : facts.roomKeys.total })}</p>
      </Callout>
      <div className="actions">
        <Button look="main" onPress={toEncryption}>
          {t("leave.to_encryption")}
        </Button>
        <Button onPress={() => setExporting(true)}>{t("job.export")}</Button>
      </div>
      {exporting ? <ExportDialog machine={machine} onClose={() => setExporting(false)} /> : null}
    </>
  );
}

/** True once keys wait and none of them got anywhere for a while, or there is no connection. */
function useStuck(waiting: number): boolean {
  const connected = useStore(online);
  const [late, setLate] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setLate(waiting), patienceMs);
    return () => clearTimeout(timer);
  }, [waiting]);
  return waiting > 0 && (!connected || late === waiting);
}
