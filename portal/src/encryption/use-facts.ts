import { ClientEvent } from "matrix-js-sdk";
import { CryptoEvent } from "matrix-js-sdk/lib/crypto-api";
import { useCallback, useEffect, useState } from "react";
import { explain, type Problem } from "../kit/problem.ts";
import { type Facts, gather, roomKeys } from "./facts.ts";
import type { Machine } from "./machine.ts";

/** Whatever changes what is true comes in bursts: they are looked at together. */
const pauseMs = 500;

const changes = [
  CryptoEvent.KeyBackupStatus,
  CryptoEvent.KeyBackupDecryptionKeyCached,
  CryptoEvent.KeysChanged,
  CryptoEvent.DevicesUpdated,
  CryptoEvent.UserTrustStatusChanged,
] as const;

/** The facts about the account's encryption, kept up to date. */
export function useFacts(machine: Machine) {
  const [facts, setFacts] = useState<Facts | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const reload = useCallback(async () => {
    try {
      setFacts(await gather(machine));
      setProblem(null);
    } catch (error) {
      setProblem(explain(error));
    }
  }, [machine]);
  useEffect(() => {
    void reload();
    return watch(machine, reload, async () => {
      const counts = await roomKeys(machine);
      setFacts((known) => known && { ...known, roomKeys: counts });
    });
  }, [machine, reload]);
  return { facts, problem, reload };
}

function watch({ client }: Machine, reload: () => void, recount: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(reload, pauseMs);
  };
  for (const change of changes) client.on(change, soon);
  client.on(ClientEvent.AccountData, soon);
  const uploaded = (remaining: number) => (remaining === 0 ? soon() : recount());
  client.on(CryptoEvent.KeyBackupSessionsRemaining, uploaded);
  return () => {
    clearTimeout(timer);
    for (const change of changes) client.off(change, soon);
    client.off(ClientEvent.AccountData, soon);
    client.off(CryptoEvent.KeyBackupSessionsRemaining, uploaded);
  };
}
