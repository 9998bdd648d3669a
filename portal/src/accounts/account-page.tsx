import { useServerAt } from "../discovery/chosen.ts";
import { useTexts } from "../kit/i18n.ts";
import { Notice } from "../kit/ui/alert.tsx";
import { Page } from "../kit/ui/page.tsx";
import type { OpenSession } from "../sessions/stored.ts";
import { AddressesSection } from "./addresses-section.tsx";
import { DeactivateSection } from "./deactivate-section.tsx";
import { LanguageSection } from "./language-choice.tsx";
import { type ExportKeys, PasswordSection } from "./password-section.tsx";

interface AccountPageProps {
  session: OpenSession;
  exportKeys: ExportKeys;
}

export function AccountPage({ session, exportKeys }: AccountPageProps) {
  const t = useTexts();
  const state = useServerAt(session.baseUrl, session.serverName);
  return (
    <Page title={t("account.title")}>
      {state.status === "loading" ? <p role="status">{t("server.asking")}</p> : null}
      {state.status === "unreachable" ? (
        <Notice look="problem">{t("problem.unreachable")}</Notice>
      ) : null}
      {state.status === "ready" ? (
        <>
          <PasswordSection session={session} server={state.server} exportKeys={exportKeys} />
          <AddressesSection session={session} server={state.server} />
          <LanguageSection server={state.server} />
          <DeactivateSection session={session} />
        </>
      ) : null}
    </Page>
  );
}
