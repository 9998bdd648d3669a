import type { TextKey } from "../kit/i18n.ts";
import { useTexts } from "../kit/i18n.ts";
import { Callout } from "../kit/ui/alert.tsx";
import { useDeviceName } from "./device-facts.tsx";
import type { Device } from "./devices.ts";
import type { FateOutcome } from "./fate.ts";

interface OutcomeProps {
  outcome: FateOutcome;
  /** The sessions as they were before; those unknown go by their ID. */
  devices: readonly Device[];
  /** The level that follows on the heading above. */
  heading: "h2" | "h3";
}

const groups: [keyof FateOutcome, TextKey][] = [
  ["kept", "outcome.kept"],
  ["locked", "outcome.locked"],
  ["removed", "outcome.removed"],
];

/** What a change of the account password did to each session. */
export function Outcome({ outcome, devices, heading: Heading }: OutcomeProps) {
  const t = useTexts();
  const nameOf = useDeviceName();
  const known = new Map(devices.map((device) => [device.device_id, device]));
  const name = (id: string) => nameOf(known.get(id) ?? { device_id: id });
  const rows = groups.flatMap(([group, text]) => outcome[group].map((id) => ({ id, text })));
  if (rows.length === 0) return null;
  return (
    <>
      <Heading>{t("outcome.title")}</Heading>
      <ul className="plain-list">
        {rows.map(({ id, text }) => (
          <li key={id} className="outcome-row">
            <span className="device-name">{name(id)}</span>
            <span>{t(text)}</span>
          </li>
        ))}
      </ul>
      {outcome.locked.length > 0 ? <Callout look="info">{t("outcome.no_push")}</Callout> : null}
    </>
  );
}
