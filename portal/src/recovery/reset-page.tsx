import { useEffect, useState } from "react";
import { type TextKey, useTexts } from "../kit/i18n.ts";
import { explain, type Problem } from "../kit/problem.ts";
import { Link, navigate, usePlace } from "../kit/router.tsx";
import { useStore } from "../kit/store.ts";
import { Notice, ProblemNotice } from "../kit/ui/alert.tsx";
import { Page } from "../kit/ui/page.tsx";
import type { FateOutcome } from "../sessions/fate.ts";
import { signIn } from "../sessions/login.ts";
import { Outcome } from "../sessions/outcome.tsx";
import { ownSession } from "../sessions/stored.ts";
import { isHeldFor } from "./handover.ts";
import { type OpenedLink, openLink, uselessText } from "./reset.ts";
import { ResetForm } from "./reset-form.tsx";

/** What became of the link with which somebody came here. */
type LinkState =
  | { status: "opening" }
  | { status: "open"; link: OpenedLink }
  | { status: "useless"; text: TextKey }
  | { status: "failed"; problem: Problem };

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

/** What became of the sessions, and of whose. */
interface Done {
  link: OpenedLink;
  outcome: FateOutcome;
}

/** The page behind the link in a reset mail: it needs nothing but the link. */
export function ResetPage() {
  const t = useTexts();
  const { hash } = usePlace();
  const state = useLink(hash);
  const [done, setDone] = useState<Done | null>(null);
  const [refused, setRefused] = useState<TextKey | null>(null);
  const useless = refused ?? (state.status === "useless" ? state.text : null);
  const finish = async (link: OpenedLink, outcome: FateOutcome, password: string) => {
    setDone({ link, outcome });
    // The link is used up: neither the address bar nor the history has to keep it.
    navigate("/reset", { replace: true });
    if (isHeldFor(link.user_id)) await unlockNext(link.user_id, password);
  };
  if (done && hash === "") return <ResetDone {...done} />;
  return (
    <Page title={t("reset.title")} key={useless}>
      <div className="card">
        {useless ? <UselessLink text={useless} /> : null}
        {state.status === "opening" ? <p role="status">{t("reset.opening")}</p> : null}
        {state.status === "failed" ? <ProblemNotice problem={state.problem} /> : null}
        {state.status === "open" && !refused ? (
          <ResetForm
            token={hash}
            link={state.link}
            onDone={(outcome, password) => finish(state.link, outcome, password)}
            onUseless={setRefused}
          />
        ) : null}
      </div>
    </Page>
  );
}

/** Goes straight on to the history, with the recovery key that was typed a moment ago. */
async function unlockNext(userId: string, password: string): Promise<void> {
  const own = ownSession.get();
  const same = own?.userId === userId && own.baseUrl === window.location.origin ? own : null;
  if (!same?.accessToken) {
    const server = { baseUrl: window.location.origin, name: userId.replace(/^[^:]*:/, "") };
    await signIn(server, { kind: "user", name: userId }, password, same?.deviceId);
  }
  navigate("/settings/encryption?do=verify", { replace: true });
}

function ResetDone({ link, outcome }: Done) {
  const t = useTexts();
  const own = useStore(ownSession);
  // `/signin` leads on to the settings for who is signed in, and asks again whose session is locked.
  const signedIn = own?.accessToken != null && own.userId === link.user_id;
  return (
    <Page title={t("reset.done_title")}>
      <div className="card">
        <Notice look="good">{t("reset.done", { user: link.user_id })}</Notice>
        <Outcome outcome={outcome} devices={link.sessions} heading="h2" />
        <p>
          <Link to="/signin" className="button button-main">
            {t(signedIn ? "reset.go_on" : "reset.sign_in")}
          </Link>
        </p>
      </div>
    </Page>
  );
}

function UselessLink({ text }: { text: TextKey }) {
  const t = useTexts();
  return (
    <>
      <Notice look="warning">{t(text)}</Notice>
      <p>
        <Link to="/forgot" className="button button-main">
          {t("reset.new_link")}
        </Link>
      </p>
    </>
  );
}
