import { useState } from "react";
import type { Server } from "../discovery/server.ts";
import { extraPath, send } from "../kit/http.ts";
import { useTexts } from "../kit/i18n.ts";
import { navigate } from "../kit/router.tsx";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Field, SecretField } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { hold } from "./handover.ts";
import { decoded, recoverySecret } from "./recovery-secret.ts";

/** The full user ID for what was typed: a user name or a user ID. */
function fullUserId(typed: string, serverName: string): string {
  const name = typed.trim().toLowerCase();
  if (name.startsWith("@") && name.includes(":")) return name;
  return `@${name.replace(/^@/, "")}:${serverName}`;
}

/** A forgotten account password and a recovery key: the key never leaves the browser. */
export function ForgotByKey({ server }: { server: Server }) {
  const t = useTexts();
  const [user, setUser] = useState("");
  const [typed, setTyped] = useState("");
  const task = useTask({ M_FORBIDDEN: "by_key.wrong" });
  const submit = () => {
    if (user.trim() === "") return task.fail({ key: "by_key.no_user" });
    const key = decoded(typed);
    if (!key) return task.fail({ key: "by_key.not_key" });
    void task.run(async () => {
      const userId = fullUserId(user, server.name);
      const secret = await recoverySecret(key, userId);
      const { token } = await send<{ token: string }>(server.baseUrl, {
        method: "POST",
        path: extraPath("password_reset", "recovery_key"),
        body: { user: userId, secret },
      });
      hold(userId, typed);
      navigate(`/reset#${token}`);
    });
  };
  return (
    <Form onSubmit={submit}>
      <p>{t("by_key.intro")}</p>
      <Field
        label={t("identifier.user")}
        name="username"
        autoComplete="username"
        value={user}
        onChange={setUser}
        isRequired
      />
      <SecretField
        label={t("recovery.key")}
        name="recovery-key"
        autoComplete="off"
        value={typed}
        onChange={setTyped}
        hint={t("recovery.hint")}
        isRequired
      />
      <ProblemNotice problem={task.problem} />
      <Button type="submit" look="main" busy={task.busy}>
        {t("by_key.submit")}
      </Button>
    </Form>
  );
}
