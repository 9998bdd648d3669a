import { useState } from "react";
import { useServerAt } from "../discovery/chosen.ts";
import { type TextKey, useTexts } from "../kit/i18n.ts";
import { explain, type Problem } from "../kit/problem.ts";
import { CalledOff } from "../kit/task.ts";
import { Done, ProblemNotice } from "../kit/ui/alert.tsx";
import { Page, Section } from "../kit/ui/page.tsx";
import { withProofs } from "../uia/flow.ts";
import { useProver } from "../uia/prove-dialog.tsx";
import {
  type Device,
  isLocked,
  letInDevices,
  lockDevices,
  removeDevices,
  useDevices,
} from "./devices.ts";
import { LetInDialog } from "./let-in-dialog.tsx";
import { OtherSessions } from "./other-sessions.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { SessionCard } from "./session-card.tsx";
import type { OpenSession } from "./stored.ts";

/** Which dialog is open, and about which sessions. */
type Asking =
  | { what: "rename" | "let_in"; device: Device }
  | { what: "remove"; devices: Device[] }
  | null;

/** What to tell once something was done. */
interface Deed {
  what: "renamed" | "locked" | "let_in" | "removed";
  count: number;
}

const doneTexts: Record<Deed["what"], TextKey> = {
  renamed: "sessions.renamed",
  locked: "sessions.locked",
  let_in: "sessions.was_let_in",
  removed: "sessions.removed",
};

export function SessionsPage({ session }: { session: OpenSession }) {
  const t = useTexts();
  const server = useServerAt(session.baseUrl, session.serverName);
  const { devices, problem: loadProblem, reload } = useDevices();
  const remover = useProver(session, t("sessions.remove"));
  const opener = useProver(session, t("sessions.let_in"));
  const [asking, setAsking] = useState<Asking>(null);
  const [done, setDone] = useState<Deed | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const act = async (what: Deed["what"], count: number, work: () => Promise<void>) => {
    setAsking(null);
    setDone(null);
    setProblem(null);
    let succeeded = false;
    try {
      await work();
      succeeded = true;
    } catch (error) {
      if (!(error instanceof CalledOff)) setProblem(explain(error));
    }
    await reload();
    if (succeeded) setDone({ what, count });
  };
  const remove = (chosen: Device[]) => {
    const ids = chosen.map((device) => device.device_id);
    return act("removed", ids.length, () =>
      withProofs((proof) => removeDevices(ids, proof), remover.prove),
    );
  };
  const letIn = (device: Device) =>
    act("let_in", 1, () => {
      const ids = [device.device_id];
      return withProofs((proof) => letInDevices(ids, proof), opener.prove);
    });
  const own = devices?.find((device) => device.device_id === session.deviceId);
  const others = devices?.filter((device) => device !== own) ?? [];
  const canLock = server.status === "ready" && server.server.lockDevices;

  return (
    <Page title={t("sessions.title")}>
      <p>{t("sessions.intro")}</p>
      <ProblemNotice problem={problem ?? loadProblem} />
      {done ? <Done>{t(doneTexts[done.what], { count: done.count })}</Done> : null}
      {devices === null && !loadProblem ? <p role="status">{t("sessions.loading")}</p> : null}
      {own ? (
        <Section id="this-session" title={t("sessions.this")}>
          <SessionCard device={own} onRename={() => setAsking({ what: "rename", device: own })} />
        </Section>
      ) : null}
      {devices ? (
        <Section id="other-sessions" title={t("sessions.others")}>
          <OtherSessions
            devices={others}
            onRename={(device) => setAsking({ what: "rename", device })}
            onLetIn={(device) => setAsking({ what: "let_in", device })}
            onRemove={(chosen) => setAsking({ what: "remove", devices: chosen })}
            {...(canLock
              ? {
                  onLock: (chosen: Device[]) => {
                    const open = chosen.filter((device) => !isLocked(device));
                    const ids = open.map((device) => device.device_id);
                    return act("locked", ids.length, () => lockDevices(ids));
                  },
                }
              : {})}
          />
        </Section>
      ) : null}
      {asking?.what === "rename" ? (
        <RenameDialog
          device={asking.device}
          onClose={() => setAsking(null)}
          onDone={() => act("renamed", 1, async () => undefined)}
        />
      ) : null}
      {asking?.what === "let_in" ? (
        <LetInDialog
          device={asking.device}
          onClose={() => setAsking(null)}
          onConfirm={() => letIn(asking.device)}
        />
      ) : null}
      {asking?.what === "remove" ? (
        <RemoveDialog
          devices={asking.devices}
          canLock={canLock}
          onClose={() => setAsking(null)}
          onConfirm={() => remove(asking.devices)}
        />
      ) : null}
      {remover.dialog}
      {opener.dialog}
    </Page>
  );
}
