import { useTexts } from "../kit/i18n.ts";
import { Callout } from "../kit/ui/alert.tsx";
import type { FateChoice } from "../sessions/fate.ts";
import { costOf } from "./costs.ts";
import type { Report } from "./report.ts";

interface CostNoticeProps {
  report: Report;
  choice: FateChoice;
  own: string | null;
}

/** The warning that is never outdated: what this choice costs this account, in numbers. */
export function CostNotice({ report, choice, own }: CostNoticeProps) {
  const t = useTexts();
  const { certain, possible, lost, noWayBack } = costOf(report, choice, own);
  const { events, at_risk: atRisk } = report.coverage;
  const bad = noWayBack || certain + possible > 0;
  const others = atRisk - certain - possible;
  const verdict = () => {
    if (noWayBack) return t("cost.no_way_back", { count: events });
    if (certain > 0) return t("cost.loss", { count: certain });
    if (possible > 0) return t("cost.may", { count: possible });
    return events === 0 ? t("cost.no_messages") : t("cost.safe");
  };
  return (
    <div role="status">
      <Callout look={bad ? "warning" : "good"}>
        <p>{verdict()}</p>
        {certain > 0 && possible > 0 ? <p>{t("cost.may", { count: possible })}</p> : null}
        {lost.length > 0 ? (
          <ul>
            {lost.map((one) => (
              <li key={one.device_id}>
                {t("cost.with_session", {
                  session: one.display_name ?? one.device_id,
                  count: one.at_risk_if_removed,
                })}
              </li>
            ))}
          </ul>
        ) : null}
        {others > 0 ? <p>{t("cost.not_covered", { count: others })}</p> : null}
      </Callout>
    </div>
  );
}
