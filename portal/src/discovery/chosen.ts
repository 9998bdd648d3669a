import { useCallback, useEffect, useState } from "react";
import { readStored, writeStored } from "../kit/storage.ts";
import { createStore, useStore } from "../kit/store.ts";
import { findServer, inspectServer, type Server } from "./server.ts";

/** What is known of the server the portal talks to. */
export type ServerState =
  | { status: "loading" }
  | { status: "ready"; server: Server }
  | { status: "unreachable" };

const storageKey = "holdfast.server";
const state = createStore<ServerState>({ status: "loading" });
let _loading: Promise<void> | null = null;

interface StoredChoice {
  baseUrl: string;
  name: string;
}

async function load(): Promise<void> {
  state.set({ status: "loading" });
  const stored = readStored<StoredChoice>(storageKey);
  try {
    const server = await inspectServer(stored?.baseUrl ?? window.location.origin, stored?.name);
    state.set({ status: "ready", server });
  } catch {
    state.set({ status: "unreachable" });
  }
}

function remember(server: Server): void {
  const own = server.baseUrl === window.location.origin;
  writeStored(storageKey, own ? null : { baseUrl: server.baseUrl, name: server.name });
}

/** The chosen server, without a choice the one this portal comes from. */
export function useChosenServer() {
  const current = useStore(state);
  useEffect(() => {
    _loading ??= load();
  }, []);
  const choose = useCallback(async (typed: string) => {
    const server = await findServer(typed);
    remember(server);
    state.set({ status: "ready", server });
  }, []);
  const retry = useCallback(() => {
    _loading = load();
  }, []);
  return { current, choose, retry };
}

const inspected = new Map<string, Promise<Server>>();

function inspectOnce(baseUrl: string, name?: string): Promise<Server> {
  const known = inspected.get(baseUrl);
  if (known) return known;
  const asked = inspectServer(baseUrl, name);
  inspected.set(baseUrl, asked);
  // A failure is not remembered: the next page asks again.
  asked.catch(() => inspected.delete(baseUrl));
  return asked;
}

/** The server at a given base address, for pages that are bound to one. */
export function useServerAt(baseUrl: string, name?: string): ServerState {
  const [current, setCurrent] = useState<ServerState>({ status: "loading" });
  useEffect(() => {
    let gone = false;
    inspectOnce(baseUrl, name).then(
      (server) => gone || setCurrent({ status: "ready", server }),
      () => gone || setCurrent({ status: "unreachable" }),
    );
    return () => {
      gone = true;
    };
  }, [baseUrl, name]);
  return current;
}
