import { type ReactNode, useEffect } from "react";
import { useTexts } from "../kit/i18n.ts";
import { useStore } from "../kit/store.ts";
import { Callout, Notice, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import type { OpenSession } from "../sessions/stored.ts";
import { type Machine, machineState, online, startMachine } from "./machine.ts";

interface WithMachineProps {
  session: OpenSession;
  children: (machine: Machine) => ReactNode;
}

/** What needs the session's keys; until they are there, what keeps them away. */
export function WithMachine({ session, children }: WithMachineProps) {
  const t = useTexts();
  const state = useStore(machineState);
  const connected = useStore(online);
  useEffect(() => void startMachine(session), [session]);
  switch (state.status) {
    case "ready":
      return (
        <>
          {connected ? null : <Notice look="warning">{t("machine.offline")}</Notice>}
          {children(state.machine)}
        </>
      );
    case "elsewhere":
      return (
        <div className="card">
          <Callout look="info">{t("machine.elsewhere")}</Callout>
          <div>
            <Button look="main" onPress={() => void startMachine(session, true)}>
              {t("machine.here")}
            </Button>
          </div>
        </div>
      );
    case "insecure":
      return <Callout look="problem">{t("machine.insecure")}</Callout>;
    case "no_storage":
      return (
        <Retry session={session}>
          <Callout look="problem">{t("machine.no_storage")}</Callout>
        </Retry>
      );
    case "failed":
      return (
        <Retry session={session}>
          <ProblemNotice problem={state.problem} />
        </Retry>
      );
    default:
      return <p role="status">{t(connected ? "machine.starting" : "machine.offline")}</p>;
  }
}

function Retry({ session, children }: { session: OpenSession; children: ReactNode }) {
  const t = useTexts();
  return (
    <div className="card">
      {children}
      <div>
        <Button onPress={() => void startMachine(session)}>{t("server.retry")}</Button>
      </div>
    </div>
  );
}
