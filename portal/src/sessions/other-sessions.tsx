import { useState } from "react";
import { useTexts } from "../kit/i18n.ts";
import { Button } from "../kit/ui/button.tsx";
import { Tick } from "../kit/ui/tick.tsx";
import { useDeviceName } from "./device-facts.tsx";
import { type Device, isLocked } from "./devices.ts";
import { SessionCard } from "./session-card.tsx";

interface OtherSessionsProps {
  devices: readonly Device[];
  onRename: (device: Device) => void;
  onRemove: (devices: Device[]) => void;
  onLetIn: (device: Device) => void;
  /** Left out where the server cannot lock sessions. */
  onLock?: (devices: Device[]) => void;
}

/** The account's other sessions; one, several or all of them can be locked and removed. */
export function OtherSessions({
  devices,
  onRename,
  onRemove,
  onLetIn,
  onLock,
}: OtherSessionsProps) {
  const t = useTexts();
  const nameOf = useDeviceName();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const chosen = devices.filter((device) => ticked.has(device.device_id));
  if (devices.length === 0) return <p>{t("sessions.no_others")}</p>;
  const tick = (id: string, isTicked: boolean) => {
    const next = new Set(ticked);
    if (isTicked) next.add(id);
    else next.delete(id);
    setTicked(next);
  };
  return (
    <>
      <ul className="plain-list">
        {devices.map((device) => (
          <li key={device.device_id}>
            <SessionCard
              device={device}
              onRename={() => onRename(device)}
              onRemove={() => onRemove([device])}
              onLetIn={() => onLetIn(device)}
              {...(onLock ? { onLock: () => onLock([device]) } : {})}
              lead={
                <Tick
                  label={t("sessions.select", { session: nameOf(device) })}
                  isSelected={ticked.has(device.device_id)}
                  onChange={(isTicked) => tick(device.device_id, isTicked)}
                />
              }
            />
          </li>
        ))}
      </ul>
      <GroupActions
        chosen={chosen}
        all={devices}
        onRemove={onRemove}
        {...(onLock ? { onLock } : {})}
      />
    </>
  );
}

interface GroupActionsProps {
  chosen: readonly Device[];
  all: readonly Device[];
  onRemove: (devices: Device[]) => void;
  onLock?: (devices: Device[]) => void;
}

function GroupActions({ chosen, all, onRemove, onLock }: GroupActionsProps) {
  const t = useTexts();
  const someChosen = chosen.length > 0;
  const group = someChosen ? chosen : all;
  const lockable = group.filter((device) => !isLocked(device));
  const values = { count: someChosen ? chosen.length : all.length };
  return (
    <div className="actions">
      {onLock && lockable.length > 0 ? (
        <Button onPress={() => onLock(lockable)}>
          {t(someChosen ? "sessions.lock_selected" : "sessions.lock_all", {
            count: lockable.length,
          })}
        </Button>
      ) : null}
      <Button look="danger" onPress={() => onRemove([...group])}>
        {t(someChosen ? "sessions.remove_selected" : "sessions.remove_all", values)}
      </Button>
    </div>
  );
}
