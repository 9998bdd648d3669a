import { useTexts } from "../kit/i18n.ts";
import { Callout } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { useDeviceName } from "./device-facts.tsx";
import type { Device } from "./devices.ts";

interface LetInDialogProps {
  device: Device;
  onClose: () => void;
  onConfirm: () => void;
}

/** Says who comes in with a paused session before it is let in again. */
export function LetInDialog({ device, onClose, onConfirm }: LetInDialogProps) {
  const t = useTexts();
  const session = useDeviceName()(device);
  return (
    <Dialog title={t("let_in.title", { session })} onClose={onClose} role="alertdialog">
      <div className="form">
        <p>{t("let_in.explain")}</p>
        <Callout look="warning">{t("let_in.cost")}</Callout>
        <div className="actions">
          <Button look="main" onPress={onConfirm}>
            {t("sessions.let_in")}
          </Button>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
