import { useTexts } from "../kit/i18n.ts";
import { Callout } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { useDeviceName } from "./device-facts.tsx";
import type { Device } from "./devices.ts";

interface RemoveDialogProps {
  devices: readonly Device[];
  canLock: boolean;
  onClose: () => void;
  onConfirm: () => void;
}

const recentMs = 7 * 86_400_000;

/** More names than this would push the buttons off the screen; the number says the rest. */
const namesShown = 5;

/** Says what removing sessions costs, in numbers, before the server is asked. */
export function RemoveDialog({ devices, canLock, onClose, onConfirm }: RemoveDialogProps) {
  const t = useTexts();
  const nameOf = useDeviceName();
  const recent = devices.filter((one) => (one.last_seen_ts ?? 0) > Date.now() - recentMs).length;
  const count = devices.length;
  return (
    <Dialog title={t("remove.title", { count })} onClose={onClose} role="alertdialog">
      <div className="form">
        <ul>
          {devices.slice(0, namesShown).map((device) => (
            <li key={device.device_id}>{nameOf(device)}</li>
          ))}
          {count > namesShown ? <li>{t("remove.more", { count: count - namesShown })}</li> : null}
        </ul>
        <Callout look="warning">
          <p>{t("remove.cost", { count })}</p>
          {recent > 0 ? (
            <p>{t(count === 1 ? "remove.recent_only" : "remove.recent", { count: recent })}</p>
          ) : null}
        </Callout>
        {canLock ? <p>{t("remove.lock_instead")}</p> : null}
        <div className="actions">
          <Button look="danger" onPress={onConfirm}>
            {t("remove.confirm", { count })}
          </Button>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
