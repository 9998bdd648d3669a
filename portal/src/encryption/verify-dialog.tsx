import type { VerificationRequest } from "matrix-js-sdk/lib/crypto-api";
import { useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { asking } from "./asking.ts";
import type { DialogProps } from "./key-dialogs.tsx";

interface VerifyDialogProps extends DialogProps {
  onByKey: () => void;
  onRequest: (request: VerificationRequest) => void;
  onReset: () => void;
}

/** How this session can be verified. */
export function VerifyDialog(props: VerifyDialogProps) {
  const t = useTexts();
  const task = useTask();
  const { facts, machine } = props;
  const ask = () =>
    task.run(async () => {
      props.onRequest(await asking(() => machine.crypto.requestOwnUserVerification()));
    });
  return (
    <Dialog title={t("verify.title")} onClose={props.onClose}>
      <div className="form">
        <p>{t("verify.intro")}</p>
        <ProblemNotice problem={task.problem} />
        {facts.keyId ? (
          <Button look="main" onPress={props.onByKey}>
            {t("verify.by_key")}
          </Button>
        ) : null}
        {facts.others.some((one) => one.verified) ? (
          <Button busy={task.busy} onPress={() => void ask()}>
            {t("verify.by_emoji")}
          </Button>
        ) : null}
        <Button look="quiet" onPress={props.onReset}>
          {t("verify.neither")}
        </Button>
        <div className="actions">
          <Button onPress={props.onClose}>{t("action.cancel")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
