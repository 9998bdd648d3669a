import type { ReactNode } from "react";
import { useTexts } from "../kit/i18n.ts";
import { Button } from "../kit/ui/button.tsx";
import { DeviceFacts, useDeviceName } from "./device-facts.tsx";
import { type Device, isLocked } from "./devices.ts";

interface SessionCardProps {
  device: Device;
  onRename: () => void;
  onLock?: () => void;
  onLetIn?: () => void;
  onRemove?: () => void;
  /** Stands in front of the name, e.g. a tick box. */
  lead?: ReactNode;
}

/** One session: its name, the facts about it, and what can be done to it. */
export function SessionCard({
  device,
  onRename,
  onLock,
  onLetIn,
  onRemove,
  lead,
}: SessionCardProps) {
  const t = useTexts();
  const name = useDeviceName()(device);
  return (
    <div className="session">
      {lead}
      <div className="session-text">
        <span className="device-name">{name}</span>
        <DeviceFacts device={device} />
      </div>
      <div className="session-actions">
        <Button
          look="quiet"
          label={t("sessions.rename_named", { session: name })}
          onPress={onRename}
        >
          {t("sessions.rename")}
        </Button>
        {onLock && !isLocked(device) ? (
          <Button look="quiet" label={t("sessions.lock_named", { session: name })} onPress={onLock}>
            {t("sessions.lock")}
          </Button>
        ) : null}
        {onLetIn && device["dev.holdfast.paused"] ? (
          <Button
            look="quiet"
            label={t("sessions.let_in_named", { session: name })}
            onPress={onLetIn}
          >
            {t("sessions.let_in")}
          </Button>
        ) : null}
        {onRemove ? (
          <Button
            look="quiet"
            label={t("sessions.remove_named", { session: name })}
            onPress={onRemove}
          >
            {t("sessions.remove")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
