import { useState } from "react";
import { clientPath } from "../kit/http.ts";
import { useTexts } from "../kit/i18n.ts";
import { navigate } from "../kit/router.tsx";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { Section } from "../kit/ui/page.tsx";
import { Tick } from "../kit/ui/tick.tsx";
import { sendSigned } from "../sessions/authed.ts";
import { type OpenSession, storeSession } from "../sessions/stored.ts";
import { type Proof, withProofs } from "../uia/flow.ts";
import { useProver } from "../uia/prove-dialog.tsx";

async function deactivate(erase: boolean, proof?: Proof): Promise<void> {
  await sendSigned({
    method: "POST",
    path: clientPath("account", "deactivate"),
    body: { erase, ...(proof ? { auth: proof } : {}) },
  });
}

/** Ends the account: says what it costs, asks, and asks for the account password after that. */
export function DeactivateSection({ session }: { session: OpenSession }) {
  const t = useTexts();
  const [asking, setAsking] = useState(false);
  const { prove, dialog } = useProver(session, t("deactivate.final"));
  const task = useTask();
  const proceed = (erase: boolean) => {
    setAsking(false);
    return task.run(async () => {
      await withProofs((proof) => deactivate(erase, proof), prove);
      storeSession(null);
      navigate("/signin", { replace: true, notice: "deactivate.done" });
    });
  };
  return (
    <Section id="deactivate" title={t("deactivate.title")}>
      <p>{t("deactivate.intro")}</p>
      <ProblemNotice problem={task.problem} />
      <div>
        <Button look="danger" busy={task.busy} onPress={() => setAsking(true)}>
          {t("deactivate.start")}
        </Button>
      </div>
      {asking ? (
        <DeactivateDialog
          userId={session.userId}
          onClose={() => setAsking(false)}
          onConfirm={proceed}
        />
      ) : null}
      {dialog}
    </Section>
  );
}

interface DeactivateDialogProps {
  userId: string;
  onClose: () => void;
  onConfirm: (erase: boolean) => void;
}

function DeactivateDialog({ userId, onClose, onConfirm }: DeactivateDialogProps) {
  const t = useTexts();
  const [erase, setErase] = useState(false);
  return (
    <Dialog title={t("deactivate.sure")} onClose={onClose} role="alertdialog">
      <div className="form">
        <p>{t("deactivate.costs")}</p>
        <ul>
          <li>{t("deactivate.cost_sessions")}</li>
          <li>{t("deactivate.cost_keys")}</li>
          <li>{t("deactivate.cost_name", { user: userId })}</li>
          <li>{t("deactivate.cost_addresses")}</li>
        </ul>
        <Tick isSelected={erase} onChange={setErase}>
          {t("deactivate.erase")}
        </Tick>
        <div className="actions">
          <Button look="danger" onPress={() => onConfirm(erase)}>
            {t("deactivate.continue")}
          </Button>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
