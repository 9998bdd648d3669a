import { clientPath } from "../kit/http.ts";
import { useTexts } from "../kit/i18n.ts";
import { Button } from "../kit/ui/button.tsx";
import type { Challenge } from "./flow.ts";

interface FallbackStageProps {
  baseUrl: string;
  challenge: Challenge;
  stage: string;
  onDone: () => void;
  onCancel: () => void;
}

/**
 * A stage the portal does not know itself: every server has a page of its own for each stage
 * (Client-Server API, "Fallback"). The person comes back here when that page is done.
 */
export function FallbackStage(props: FallbackStageProps) {
  const t = useTexts();
  const session = encodeURIComponent(props.challenge.session ?? "");
  const page = `${props.baseUrl}${clientPath("auth", props.stage, "fallback", "web")}?session=${session}`;
  return (
    <div className="form">
      <p>{t("fallback.explain")}</p>
      <p>
        <a href={page} target="_blank" rel="noreferrer">
          {t("fallback.open")}
        </a>
      </p>
      <div className="actions">
        <Button look="main" onPress={props.onDone}>
          {t("fallback.done")}
        </Button>
        <Button onPress={props.onCancel}>{t("action.cancel")}</Button>
      </div>
    </div>
  );
}
