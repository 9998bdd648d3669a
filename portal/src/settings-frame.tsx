import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTexts } from "./kit/i18n.ts";
import { Link } from "./kit/router.tsx";
import { useTask } from "./kit/task.ts";
import { ProblemNotice } from "./kit/ui/alert.tsx";
import { Button } from "./kit/ui/button.tsx";
import { signOut } from "./sessions/authed.ts";
import { holdsKeys } from "./sessions/kept-keys.ts";
import type { OpenSession } from "./sessions/stored.ts";

const SignOutDialog = lazy(async () => {
  const { SignOutDialog: dialog } = await import("./encryption/sign-out-dialog.tsx");
  return { default: dialog };
});

interface SettingsFrameProps {
  session: OpenSession;
  path: string;
  children: ReactNode;
}

/** What all settings pages share: who is signed in, where to go, and the way out. */
export function SettingsFrame({ session, path, children }: SettingsFrameProps) {
  const t = useTexts();
  const task = useTask();
  const [leaving, setLeaving] = useState(false);
  // Whoever has no keys here loses none, and need not load what would look after them.
  const leave = () => (holdsKeys(session) ? setLeaving(true) : void task.run(signOut));
  return (
    <div className="frame frame-settings">
      <header className="banner">
        <span className="wordmark">{t("frame.name")}</span>
        <div className="who">
          <span className="user-id">{session.userId}</span>
          <Button look="quiet" busy={task.busy} onPress={leave}>
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
        <Link to="/settings/encryption" current={path === "/settings/encryption"}>
          {t("encryption.title")}
        </Link>
        <Link to="/messages" current={path === "/messages"}>
          {t("messages.title")}
        </Link>
      </nav>
      <main id="main" tabIndex={-1}>
        <ProblemNotice problem={task.problem} />
        {children}
        {leaving ? (
          <Suspense>
            <SignOutDialog session={session} onStay={() => setLeaving(false)} />
          </Suspense>
        ) : null}
      </main>
    </div>
  );
}
