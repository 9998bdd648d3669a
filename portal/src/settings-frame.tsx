import type { ReactNode } from "react";
import { useTexts } from "./kit/i18n.ts";
import { Link } from "./kit/router.tsx";
import { useTask } from "./kit/task.ts";
import { ProblemNotice } from "./kit/ui/alert.tsx";
import { Button } from "./kit/ui/button.tsx";
import { signOut } from "./sessions/authed.ts";
import type { OpenSession } from "./sessions/stored.ts";

interface SettingsFrameProps {
  session: OpenSession;
  path: string;
  children: ReactNode;
}

/** What all settings pages share: who is signed in, where to go, and the way out. */
export function SettingsFrame({ session, path, children }: SettingsFrameProps) {
  const t = useTexts();
  const task = useTask();
  return (
    <div className="frame frame-settings">
      <header className="banner">
        <span className="wordmark">{t("frame.name")}</span>
        <div className="who">
          <span className="user-id">{session.userId}</span>
          <Button look="quiet" busy={task.busy} onPress={() => task.run(signOut)}>
            {t("frame.sign_out")}
          </Button>
        </div>
      </header>
      <nav className="settings-nav" aria-label={t("frame.settings")}>
        <Link to="/settings/account" current={path === "/settings/account"}>
          {t("account.title")}
        </Link>
        <Link to="/settings/sessions" current={path === "/settings/sessions"}>
          {t("sessions.title")}
        </Link>
      </nav>
      <main id="main" tabIndex={-1}>
        <ProblemNotice problem={task.problem} />
        {children}
      </main>
    </div>
  );
}
