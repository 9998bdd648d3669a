import { useState } from "react";
import { useTexts } from "../kit/i18n.ts";
import { Tick } from "../kit/ui/tick.tsx";
import type { Device } from "../sessions/devices.ts";
import { type Fate, type FateChoice, fateOf } from "../sessions/fate.ts";
import { FateFields } from "../sessions/fate-fields.tsx";
import { CostNotice } from "./cost-notice.tsx";
import { costOfOne, preset } from "./costs.ts";
import type { Report } from "./report.ts";

interface DecideProps {
  report: Report;
  own: string | null;
  devices: readonly Device[];
  value: FateChoice;
  onChange: (value: FateChoice) => void;
}

/** What becomes of each session, with what is known about it and what the choice costs. */
export function Decide({ report, own, devices, value, onChange }: DecideProps) {
  const t = useTexts();
  const [stranger, setStranger] = useState(false);
  const known = new Map(report.sessions.map((one) => [one.device_id, one]));
  const suspect = (isStranger: boolean) => {
    setStranger(isStranger);
    onChange(preset(report, own, isStranger));
  };
  const noteOf = (device: Device) => {
    const facts = known.get(device.device_id);
    if (!facts) return null;
    const fate: Fate = fateOf(value, device.device_id);
    const cost = costOfOne(facts, fate);
    const notes = [
      facts.verified ? t("note.verified") : t("note.not_verified"),
      facts.backing_up === "no" ? t("note.not_backing_up") : null,
      cost > 0 ? t(fate === "remove" ? "note.cost" : "note.may_cost", { count: cost }) : null,
      cost === 0 && facts.at_risk_if_removed > 0
        ? t("note.cost_if_removed", { count: facts.at_risk_if_removed })
        : null,
    ];
    return notes.filter(Boolean).join(" · ");
  };
  return (
    <>
      {devices.length > 0 ? (
        <Tick isSelected={stranger} onChange={suspect}>
          {t("decide.stranger")}
        </Tick>
      ) : null}
      <FateFields
        which={own === null ? "all" : "others"}
        devices={devices}
        value={value}
        onChange={onChange}
        noteOf={noteOf}
      />
      <CostNotice report={report} choice={value} own={own} />
    </>
  );
}
