import { lazy, type MouseEvent, type ReactNode, Suspense, useEffect } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { LanguageChoice } from "./accounts/language-choice.tsx";
import { RegisterPage } from "./accounts/register-page.tsx";
import { useLanguage, useTexts } from "./kit/i18n.ts";
import { Link, navigate, usePlace } from "./kit/router.tsx";
import { useStore } from "./kit/store.ts";
import { Page } from "./kit/ui/page.tsx";
import { ForgotPage } from "./recovery/forgot-page.tsx";
import { SignInPage } from "./sessions/signin-page.tsx";
import { isOpen, type OpenSession, ownSession } from "./sessions/stored.ts";
import { SettingsFrame } from "./settings-frame.tsx";

/** Loaded when first needed: who signs in waits for nothing else. */
const AccountPage = lazy(async () => {
  const { AccountPage: page } = await import("./accounts/account-page.tsx");
  return { default: page };
});

const SessionsPage = lazy(async () => {
  const { SessionsPage: page } = await import("./sessions/sessions-page.tsx");
  return { default: page };
});

const ResetPage = lazy(async () => {
  const { ResetPage: page } = await import("./recovery/reset-page.tsx");
  return { default: page };
});

const EncryptionPage = lazy(async () => {
  const { EncryptionPage: page } = await import("./encryption/encryption-page.tsx");
  return { default: page };
});

const ExportKeys = lazy(async () => {
  const { ExportKeys: dialog } = await import("./encryption/export-keys.tsx");
  return { default: dialog };
});

const MessagesPage = lazy(async () => {
  const { MessagesPage: page } = await import("./rooms/messages-page.tsx");
  return { default: page };
});

/** Pages for everybody, and pages for somebody who is signed in. */
const openPages: Record<string, () => ReactNode> = {
  "/signin": () => <SignInPage />,
  "/register": () => <RegisterPage />,
  "/forgot": () => <ForgotPage />,
  "/reset": () => <ResetPage />,
};

const settingsPages: Record<string, (session: OpenSession) => ReactNode> = {
  "/settings/account": (session) => (
    <AccountPage
      session={session}
      exportKeys={(own, onClose) => (
        <Suspense fallback={<Loading />}>
          <ExportKeys session={own} onClose={onClose} />
        </Suspense>
      )}
    />
  ),
  "/settings/sessions": (session) => <SessionsPage session={session} />,
  "/settings/encryption": (session) => <EncryptionPage session={session} />,
  "/messages": (session) => <MessagesPage session={session} />,
};

/** Only pages of this portal, so that nobody can be sent elsewhere by a prepared link. */
function wantedPage(query: URLSearchParams): string {
  const next = query.get("next") ?? "";
  return next in settingsPages ? next : "/settings/account";
}

/** Where to go instead of `path`; null to stay. */
function redirection(path: string, query: URLSearchParams, signedIn: boolean): string | null {
  if (path === "/" || path === "/settings") return signedIn ? "/settings/account" : "/signin";
  if (path === "/signin" && signedIn) return wantedPage(query);
  if (path in settingsPages && !signedIn) return `/signin?next=${encodeURIComponent(path)}`;
  return null;
}

export function App() {
  const language = useLanguage();
  return (
    <I18nProvider locale={language}>
      <SkipLink />
      <Frame />
    </I18nProvider>
  );
}

/** Not a plain fragment link: the fragment may hold the token of a reset link. */
function SkipLink() {
  const t = useTexts();
  const skip = (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById("main")?.focus();
  };
  return (
    // biome-ignore lint/a11y/useValidAnchor: it does lead somewhere, only not by its fragment.
    <a className="skip" href="#main" onClick={skip}>
      {t("frame.skip")}
    </a>
  );
}

function Frame() {
  const { path, query } = usePlace();
  const session = useStore(ownSession);
  const open = isOpen(session) ? session : null;
  const instead = redirection(path, query, open !== null);
  useEffect(() => {
    if (instead) navigate(instead, { replace: true });
  }, [instead]);
  const settings = settingsPages[path];
  if (instead) return null;
  if (settings && open) {
    // Another account is another page: nothing of the former one may stay on the screen.
    return (
      <SettingsFrame key={open.userId} session={open} path={path}>
        <Suspense fallback={<Loading />}>{settings(open)}</Suspense>
      </SettingsFrame>
    );
  }
  return (
    <PublicFrame key={path}>
      <Suspense fallback={<Loading />}>{(openPages[path] ?? notFound)()}</Suspense>
    </PublicFrame>
  );
}

function Loading() {
  const t = useTexts();
  return <p role="status">{t("frame.loading")}</p>;
}

function notFound() {
  return <NotFound />;
}

function NotFound() {
  const t = useTexts();
  return (
    <Page title={t("not_found.title")}>
      <p>
        <Link to="/">{t("not_found.home")}</Link>
      </p>
    </Page>
  );
}

function PublicFrame({ children }: { children: ReactNode }) {
  const t = useTexts();
  return (
    <div className="frame frame-public">
      <header className="banner">
        <span className="wordmark">{t("frame.name")}</span>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer className="footer">
        <LanguageChoice />
      </footer>
    </div>
  );
}
