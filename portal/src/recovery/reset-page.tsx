import { useEffect, useState } from "react";
import { MatrixError } from "../kit/http.ts";
import { type TextKey, useTexts } from "../kit/i18n.ts";
import { explain, type Problem } from "../kit/problem.ts";
import { Link, usePlace } from "../kit/router.tsx";
import { Callout, Notice, ProblemNotice } from "../kit/ui/alert.tsx";
import { Page } from "../kit/ui/page.tsx";
import type { FateOutcome } from "../sessions/fate.ts";
import { Outcome } from "../sessions/outcome.tsx";
import { type OpenedLink, openLink } from "./reset.ts";
import { ResetForm } from "./reset-form.tsx";

/** What became of the link with which somebody came here. */
type LinkState =
  | { status: "opening" }
  | { status: "open"; link: OpenedLink }
  | { status: "useless"; text: TextKey }
  | { status: "failed"; problem: Problem };

const uselessTexts: Record<string, TextKey> = {
  expired: "reset.expired",
  used: "reset.used",
  unknown: "reset.unknown",
};

function uselessText(error: unknown): TextKey | null {
  if (!(error instanceof MatrixError) || error.status !== 404) return null;
  return uselessTexts[error.reason ?? ""] ?? "reset.unknown";
}

function useLink(token: string): LinkState {
  const [state, setState] = useState<LinkState>({ status: "opening" });
  useEffect(() => {
    if (token === "") {
      setState({ status: "useless", text: "reset.unknown" });
      return;
    }
    let gone = false;
    openLink(window.location.origin, token).then(
      (link) => gone || setState({ status: "open", link }),
      (error: unknown) => {
        if (gone) return;
        const text = uselessText(error);
        if (text) setState({ status: "useless", text });
        else setState({ status: "failed", problem: explain(error) });
      },
    );
    return () => {
      gone = true;
    };
  }, [token]);
  return state;
}

/** The page behind the link in a reset mail: it needs nothing but the link. */
export function ResetPage() {
  const t = useTexts();
  const { hash } = usePlace();
  const state = useLink(hash);
  const [outcome, setOutcome] = useState<FateOutcome | null>(null);
  if (state.status === "open" && outcome) {
    return (
      <Page title={t("reset.done_title")} key="done">
        <div className="card">
          <Notice look="good">{t("reset.done", { user: state.link.user_id })}</Notice>
          <Outcome outcome={outcome} devices={state.link.sessions} heading="h2" />
          <p>
            <Link to="/signin" className="button button-main">
              {t("reset.sign_in")}
            </Link>
          </p>
        </div>
      </Page>
    );
  }
  return (
    <Page title={t("reset.title")}>
      <div className="card">
        {state.status === "opening" ? <p role="status">{t("reset.opening")}</p> : null}
        {state.status === "failed" ? <ProblemNotice problem={state.problem} /> : null}
        {state.status === "useless" ? <UselessLink text={state.text} /> : null}
        {state.status === "open" ? (
          <ResetForm token={hash} link={state.link} onDone={setOutcome} />
        ) : null}
      </div>
    </Page>
  );
}

function UselessLink({ text }: { text: TextKey }) {
  const t = useTexts();
  return (
    <>
      <Callout look="warning">{t(text)}</Callout>
      <p>
        <Link to="/forgot" className="button button-main">
          {t("reset.new_link")}
        </Link>
      </p>
    </>
  );
}
