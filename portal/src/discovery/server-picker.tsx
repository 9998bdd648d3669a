import { type ReactNode, useState } from "react";
import { UnreachableError } from "../kit/http.ts";
import { type TextKey, useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { Notice, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { Field } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { useChosenServer } from "./chosen.ts";
import { NoHomeserverError, type Server } from "./server.ts";

interface WithServerProps {
  /** The sentence in front of "Change", with the place holder `server`. */
  lead: TextKey;
  children: (server: Server) => ReactNode;
}

/** Shows which homeserver a form is for, lets it be changed, and the form once the server answers. */
export function WithServer({ lead, children }: WithServerProps) {
  const t = useTexts();
  const { current, retry } = useChosenServer();
  const [picking, setPicking] = useState(false);
  return (
    <>
      <p className="server-line">
        {current.status === "ready" ? t(lead, { server: current.server.name }) : t("server.which")}
        <span aria-hidden="true">{"\u00a0·"}</span>{" "}
        <Button look="quiet" label={t("server.change_label")} onPress={() => setPicking(true)}>
          {t("server.change")}
        </Button>
      </p>
      {current.status === "loading" ? <p role="status">{t("server.asking")}</p> : null}
      {current.status === "unreachable" ? (
        <>
          <Notice look="problem">{t("server.unreachable")}</Notice>
          <Button onPress={retry}>{t("server.retry")}</Button>
        </>
      ) : null}
      {current.status === "ready" ? children(current.server) : null}
      {picking ? <ServerDialog onClose={() => setPicking(false)} /> : null}
    </>
  );
}

function ServerDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  const { current, choose } = useChosenServer();
  const [typed, setTyped] = useState(current.status === "ready" ? current.server.name : "");
  const task = useTask();
  const submit = () =>
    task.run(async () => {
      try {
        const same = current.status === "ready" && current.server.name === typed.trim();
        if (!same) await choose(typed);
        onClose();
      } catch (error) {
        if (error instanceof NoHomeserverError || error instanceof UnreachableError) {
          task.fail({ key: "server.none", values: { server: typed } });
        } else throw error;
      }
    });
  return (
    <Dialog title={t("server.title")} onClose={onClose}>
      <Form onSubmit={submit}>
        <p>{t("server.explain")}</p>
        <Field
          label={t("server.field")}
          value={typed}
          onChange={setTyped}
          hint={t("server.hint")}
          isRequired
          autoFocus
        />
        <ProblemNotice problem={task.problem} />
        <div className="actions">
          <Button type="submit" look="main" busy={task.busy} isDisabled={typed.trim() === ""}>
            {t("server.use")}
          </Button>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
        </div>
      </Form>
    </Dialog>
  );
}
