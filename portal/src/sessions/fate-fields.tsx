import type { TextKey } from "../kit/i18n.ts";
import { useTexts } from "../kit/i18n.ts";
import { Callout } from "../kit/ui/alert.tsx";
import { Choice } from "../kit/ui/field.tsx";
import { Radios } from "../kit/ui/tick.tsx";
import { DeviceFacts, useDeviceName } from "./device-facts.tsx";
import type { Device } from "./devices.ts";
import { countFates, type Fate, type FateChoice, withFate } from "./fate.ts";

const fateTexts: Record<Fate, { text: TextKey; hint: TextKey }> = {
  lock: { text: "fate.lock", hint: "fate.lock_hint" },
  keep: { text: "fate.keep", hint: "fate.keep_hint" },
  remove: { text: "fate.remove", hint: "fate.remove_hint" },
};

const fates: Fate[] = ["lock", "keep", "remove"];

const questionTexts = { all: "fate.question_all", others: "fate.question" } as const;
const noneTexts = { all: "fate.none", others: "fate.no_others" } as const;

interface FateFieldsProps {
  devices: readonly Device[];
  /** Whether these are all sessions there are, or the others than the one in use. */
  which: "all" | "others";
  value: FateChoice;
  onChange: (value: FateChoice) => void;
  /** What is known of a session's keys; where somebody knows, the cost is told elsewhere, too. */
  noteOf?: (device: Device) => string | null;
}

/** What becomes of the other sessions: one answer for all, and exceptions. */
export function FateFields({ devices, which, value, onChange, noteOf }: FateFieldsProps) {
  const t = useTexts();
  if (devices.length === 0) return <p>{t(noneTexts[which])}</p>;
  return (
    <>
      <Radios
        label={t(questionTexts[which], { count: devices.length })}
        value={value.default}
        options={fates.map((fate) => ({
          value: fate,
          text: t(fateTexts[fate].text),
          hint: t(fateTexts[fate].hint),
        }))}
        onChange={(fate) => onChange({ ...value, default: fate })}
      />
      <details className="details" open={noteOf !== undefined}>
        <summary>{t("fate.each")}</summary>
        <ul className="plain-list">
          {devices.map((device) => (
            <FateOfOne
              key={device.device_id}
              device={device}
              value={value}
              onChange={onChange}
              note={noteOf?.(device) ?? null}
            />
          ))}
        </ul>
      </details>
      <FateSummary devices={devices} value={value} told={noteOf !== undefined} />
    </>
  );
}

interface FateOfOneProps {
  device: Device;
  value: FateChoice;
  onChange: (value: FateChoice) => void;
  note: string | null;
}

function FateOfOne({ device, value, onChange, note }: FateOfOneProps) {
  const t = useTexts();
  const name = useDeviceName()(device);
  const { device_id: id } = device;
  return (
    <li className="fate-row">
      <div>
        <span className="device-name">{name}</span>
        <DeviceFacts device={device} />
        {note ? <span className="hint">{note}</span> : null}
      </div>
      <Choice
        label={t("fate.for_session", { session: name })}
        labelHidden
        value={value.each[id] ?? "default"}
        options={[
          { value: "default", text: t("fate.as_above") },
          ...fates.map((fate) => ({ value: fate, text: t(fateTexts[fate].text) })),
        ]}
        onChange={(fate) => onChange(withFate(value, id, fate === "default" ? null : fate))}
      />
    </li>
  );
}

interface FateSummaryProps extends Pick<FateFieldsProps, "devices" | "value"> {
  told: boolean;
}

function FateSummary({ devices, value, told }: FateSummaryProps) {
  const t = useTexts();
  const ids = devices.map((device) => device.device_id);
  const { keep, lock, remove } = countFates(value, ids);
  return (
    <>
      <p role="status">{t("fate.summary", { keep, lock, remove })}</p>
      {remove > 0 && !told ? (
        <Callout look="warning">{t("fate.remove_cost", { count: remove })}</Callout>
      ) : null}
    </>
  );
}
