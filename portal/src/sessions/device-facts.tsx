import { exactTime, relativeTime } from "../kit/format.ts";
import { type TextKey, useLanguage, useTexts } from "../kit/i18n.ts";
import { clientName } from "./client-name.ts";
import { type Device, isLocked } from "./devices.ts";

/** A function that gives the name people know a session by. */
export function useDeviceName(): (device: Device) => string {
  const t = useTexts();
  return (device) => device.display_name?.trim() || t("device.unnamed", { id: device.device_id });
}

/** Client, address, last seen and state of a session, on one or more short lines. */
export function DeviceFacts({ device }: { device: Device }) {
  const t = useTexts();
  const userAgent = device["org.matrix.msc3852.last_seen_user_agent"];
  const removal = device["dev.holdfast.removal_ts"];
  return (
    <span className="device-facts">
      {isLocked(device) ? (
        <span className="badge">
          {t(device["dev.holdfast.paused"] ? "device.paused" : "device.locked")}
        </span>
      ) : null}
      {userAgent ? <span title={userAgent}>{clientName(userAgent)}</span> : null}
      {device.last_seen_ip ? <span>{device.last_seen_ip}</span> : null}
      {device.last_seen_ts ? (
        <Moment text="device.last_seen" time={device.last_seen_ts} />
      ) : (
        <span>{t("device.never_seen")}</span>
      )}
      {isLocked(device) && removal ? <Moment text="device.removal" time={removal} /> : null}
    </span>
  );
}

/** A time in relation to now; the exact one shows on hovering. */
function Moment({ text, time }: { text: TextKey; time: number }) {
  const t = useTexts();
  const language = useLanguage();
  return (
    <time dateTime={new Date(time).toISOString()} title={exactTime(time, language)}>
      {t(text, { when: relativeTime(time, Date.now(), language) })}
    </time>
  );
}
