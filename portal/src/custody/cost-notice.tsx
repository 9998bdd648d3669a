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
  const { messages, lost, noWayBack } = costOf(report, choice, own);
  const { events, at_risk: atRisk } = report.coverage;
  const bad = noWayBack || messages > 0;
  const verdict = () => {
    if (noWayBack) return t("cost.no_way_back", { count: events });
    if (messages > 0) return t("cost.loss", { count: messages });
    return events === 0 ? t("cost.no_messages") : t("cost.safe");
  };
  return (
    <div role="status">
      <Callout look={bad ? "warning" : "good"}>
        <p>{verdict()}</p>
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
        {atRisk > messages ? <p>{t("cost.not_covered", { count: atRisk - messages })}</p> : null}
      </Callout>
    </div>
  );
}
