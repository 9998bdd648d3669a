import { useEffect, useState } from "react";
import type { Server } from "../discovery/server.ts";
import { WithServer } from "../discovery/server-picker.tsx";
import { useTexts } from "../kit/i18n.ts";
import { explain, type Problem } from "../kit/problem.ts";
import { Link, navigate } from "../kit/router.tsx";
import { Callout, ProblemNotice } from "../kit/ui/alert.tsx";
import { Page } from "../kit/ui/page.tsx";
import { keepLogin } from "../sessions/login.ts";
import { FallbackStage } from "../uia/fallback.tsx";
import { sessionOnly } from "../uia/flow.ts";
import { RegisterFields } from "./register-fields.tsx";
import { RegisterMail } from "./register-mail.tsx";
import { goOn, type RegisterForm, type Standing } from "./register-steps.ts";
import { type RegistrationNeeds, registrationNeeds, tryRegister } from "./registration.ts";

export function RegisterPage() {
  const t = useTexts();
  return (
    <Page title={t("register.title")}>
      <div className="card">
        <WithServer lead="register.server">
          {(server) => <Register key={server.baseUrl} server={server} />}
        </WithServer>
        <p className="alternative">
          {t("register.have_account")} <Link to="/signin">{t("signin.link")}</Link>
        </p>
      </div>
    </Page>
  );
}

function Register({ server }: { server: Server }) {
  const t = useTexts();
  const [needs, setNeeds] = useState<RegistrationNeeds | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [form, setForm] = useState<RegisterForm>({
    username: "",
    password: "",
    email: "",
    token: "",
  });
  const [standing, setStanding] = useState<Standing | null>(null);

  useEffect(() => {
    let gone = false;
    registrationNeeds(server).then(
      (found) => gone || setNeeds(found),
      (error: unknown) => gone || setProblem(explain(error)),
    );
    return () => {
      gone = true;
    };
  }, [server]);

  const stand = (next: Standing) => {
    if (next.at !== "done") return setStanding(next);
    keepLogin(server, next.answer);
    navigate("/settings/account", { replace: true, notice: "register.done" });
  };

  if (problem) return <ProblemNotice problem={problem} />;
  if (!needs) return <p role="status">{t("server.asking")}</p>;
  if (!needs.open) return <Callout look="warning">{t("register.closed")}</Callout>;
  if (standing?.at === "mail") {
    return (
      <RegisterMail
        server={server}
        form={form}
        challenge={standing.challenge}
        onStand={stand}
        onBack={() => setStanding(null)}
      />
    );
  }
  if (standing?.at === "fallback") {
    const proceed = async () => {
      try {
        const attempt = await tryRegister(server, form, sessionOnly(standing.challenge));
        stand(await goOn(server, form, attempt));
      } catch (error) {
        setProblem(explain(error));
      }
    };
    return (
      <FallbackStage
        baseUrl={server.baseUrl}
        challenge={standing.challenge}
        stage={standing.stage}
        onDone={() => void proceed()}
        onCancel={() => setStanding(null)}
      />
    );
  }
  return (
    <RegisterFields server={server} needs={needs} form={form} onChange={setForm} onStand={stand} />
  );
}
