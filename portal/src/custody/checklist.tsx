import { exactTime } from "../kit/format.ts";
import { type TextKey, useLanguage, useTexts } from "../kit/i18n.ts";
import { Link } from "../kit/router.tsx";
import { type Check, checksOf } from "./checks.ts";
import type { Report } from "./report.ts";

interface ChecklistProps {
  report: Report;
  /** The session that asks; null for who came by a link: nothing can be mended from there. */
  own: string | null;
}

/** What people were once told to check by hand, checked. */
export function Checklist({ report, own }: ChecklistProps) {
  return (
    <ul className="checklist">
      {checksOf(report, own).map((check) => (
        <Row key={check.id} check={check} linked={own !== null} />
      ))}
    </ul>
  );
}

function mark({ well }: Check): { sign: string; look: string; text: TextKey } {
  if (well === null) return { sign: "–", look: "open", text: "check.unknown" };
  return well
    ? { sign: "✓", look: "well", text: "check.well" }
    : { sign: "!", look: "unwell", text: "check.to_do" };
}

function Row({ check, linked }: { check: Check; linked: boolean }) {
  const t = useTexts();
  const language = useLanguage();
  const { sign, look, text } = mark(check);
  const { ts, ...values } = check.values ?? {};
  const date = typeof ts === "number" ? { date: exactTime(ts, language) } : {};
  return (
    <li className={`check check-${look}`}>
      <span className="check-sign" aria-hidden="true">
        {sign}
      </span>
      <span>
        <span className="visually-hidden">{t(text)} </span>
        {t(check.text, { ...values, ...date })}
        {linked && check.next ? (
          <>
            {" "}
            <Link to={check.next[0]}>{t(check.next[1])}</Link>
          </>
        ) : null}
      </span>
    </li>
  );
}
