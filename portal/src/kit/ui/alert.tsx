import { type ReactNode, useEffect, useRef, useState } from "react";
import { clockTime } from "../format.ts";
import { useTexts } from "../i18n.ts";
import type { Problem } from "../problem.ts";
import { useFocusCatcher } from "./focus.ts";

interface NoticeProps {
  look: "good" | "info" | "warning" | "problem";
  children: ReactNode;
}

/** A message that is read out: problems at once, everything else when there is a pause. */
export function Notice({ look, children }: NoticeProps) {
  return (
    <div className={`notice notice-${look}`} role={look === "problem" ? "alert" : "status"}>
      {children}
    </div>
  );
}

/** Says that something was done, and catches the focus of a button that is gone with it. */
export function Done({ children }: { children: ReactNode }) {
  const place = useFocusCatcher<HTMLDivElement>();
  return (
    <div ref={place} tabIndex={-1} className="notice notice-good" role="status">
      {children}
    </div>
  );
}

/** Takes the place of a finished form, and the focus with it, which would be lost otherwise. */
export function Finished({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} tabIndex={-1} className="notice notice-good">
      {children}
    </div>
  );
}

/** A message that belongs to the page's text and is not announced by itself. */
export function Callout({ look, children }: NoticeProps) {
  return <div className={`notice notice-${look}`}>{children}</div>;
}

/** What went wrong and what to do, with a running clock where waiting is what to do. */
export function ProblemNotice({ problem }: { problem: Problem | null }) {
  const t = useTexts();
  if (!problem) return null;
  return (
    <>
      <Notice look="problem">{t(problem.key, problem.values)}</Notice>
      {problem.retryAt === undefined ? null : <Countdown until={problem.retryAt} />}
    </>
  );
}

function Countdown({ until }: { until: number }) {
  const t = useTexts();
  const [now, setNow] = useState(Date.now);
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (left === 0) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [left]);
  // A timer is not read out every second; its end is.
  if (left === 0) return <Notice look="info">{t("wait.over")}</Notice>;
  return (
    <p className="countdown" role="timer">
      {t("wait.left", { time: clockTime(left) })}
    </p>
  );
}
