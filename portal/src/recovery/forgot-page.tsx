import { lazy, Suspense, useState } from "react";
import type { Server } from "../discovery/server.ts";
import { WithServer } from "../discovery/server-picker.tsx";
import { useTexts } from "../kit/i18n.ts";
import { Link } from "../kit/router.tsx";
import { Callout } from "../kit/ui/alert.tsx";
import { Page } from "../kit/ui/page.tsx";
import { CheckMail } from "../uia/check-mail.tsx";
import { AddressForm } from "./address-form.tsx";
import { ForgotHere } from "./forgot-here.tsx";
import { requestLink, resetWay } from "./reset.ts";

/** A forgotten account password: the way back that this server offers. */
export function ForgotPage() {
  const t = useTexts();
  return (
    <Page title={t("forgot.title")}>
      <div className="card">
        <WithServer lead="forgot.server">{(server) => <Way server={server} />}</WithServer>
        <p className="alternative">
          <Link to="/signin">{t("forgot.back")}</Link>
        </p>
      </div>
    </Page>
  );
}

/** Reads recovery keys, which nobody needs who only signs in. */
const ForgotByKey = lazy(async () => {
  const { ForgotByKey: form } = await import("./forgot-by-key.tsx");
  return { default: form };
});

/** First the way that needs no mailbox; whether an account has set it up is nobody's business. */
function Way({ server }: { server: Server }) {
  const t = useTexts();
  if (!server.recoveryKeyReset || server.baseUrl !== window.location.origin) {
    return <ByMail server={server} />;
  }
  return (
    <>
      <h2>{t("by_key.title")}</h2>
      <Suspense fallback={<p role="status">{t("server.asking")}</p>}>
        <ForgotByKey server={server} />
      </Suspense>
      <h2>{t("by_key.mail_title")}</h2>
      <ByMail server={server} />
    </>
  );
}

function ByMail({ server }: { server: Server }) {
  const t = useTexts();
  const way = resetWay(server);
  if (way === "link") return <ForgotByLink server={server} />;
  if (way === "client") return <ForgotHere server={server} />;
  return <Callout look="warning">{t("forgot.no_mail")}</Callout>;
}

function ForgotByLink({ server }: { server: Server }) {
  const t = useTexts();
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  if (sent) {
    return (
      <>
        <h3>{t("mail.title")}</h3>
        <CheckMail
          email={email}
          onSendAgain={() => requestLink(server, email)}
          onWrongAddress={() => setSent(false)}
        >
          <p>{t("forgot.link_explain")}</p>
        </CheckMail>
      </>
    );
  }
  return (
    <AddressForm
      email={email}
      onChange={setEmail}
      onSubmit={async () => {
        await requestLink(server, email.trim());
        setSent(true);
      }}
    />
  );
}
