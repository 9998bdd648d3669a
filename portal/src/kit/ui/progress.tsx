import { useId } from "react";
import { useTexts } from "../i18n.ts";

interface ProgressBarProps {
  label: string;
  done: number;
  total: number;
}

/** How far something is, to the eye and in numbers. */
export function ProgressBar({ label, done, total }: ProgressBarProps) {
  const t = useTexts();
  const id = useId();
  return (
    <div className="progress">
      <label htmlFor={id}>{label}</label>
      <progress id={id} value={done} max={Math.max(total, 1)} />
      <span className="hint">{t("progress.of", { done, total })}</span>
    </div>
  );
}
