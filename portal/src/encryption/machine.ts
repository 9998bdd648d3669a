import { ClientEvent, createClient, type MatrixClient, SyncState } from "matrix-js-sdk";
import type { CryptoApi } from "matrix-js-sdk/lib/crypto-api";
import { explain, type Problem } from "../kit/problem.ts";
import { createStore } from "../kit/store.ts";
import { fetchSigned } from "../sessions/authed.ts";
import { databaseOf, noteKeys } from "../sessions/kept-keys.ts";
import { type OpenSession, ownSession } from "../sessions/stored.ts";
import { Keyring } from "./keyring.ts";
import { quiet } from "./quiet.ts";
import { type TabLock, takeLock, takeLockOver } from "./tab-lock.ts";

/** A Matrix client with this session's encryption keys, which are in the browser's IndexedDB. */
export interface Machine {
  client: MatrixClient;
  crypto: CryptoApi;
  keyring: Keyring;
}

export type MachineState =
  | { status: "off" | "starting" }
  /** Another tab works with the keys. */
  | { status: "elsewhere" }
  /** The page came over plain HTTP, where browsers offer no cryptography. */
  | { status: "insecure" }
  /** The browser does not let the keys be stored. */
  | { status: "no_storage" }
  | { status: "failed"; problem: Problem }
  | { status: "ready"; machine: Machine };

/** What this tab has of the encryption; one for all pages. */
export const machineState = createStore<MachineState>({ status: "off" });

/** Whether the server answers; false while what happens here waits for the network. */
export const online = createStore(true);

let running: { client: MatrixClient; lock: TabLock; deviceId: string } | null = null;

/** Starts the encryption of this tab unless it runs already. */
export async function startMachine(session: OpenSession, takeOver = false): Promise<void> {
  const { status } = machineState.get();
  if (status === "starting" || (status === "ready" && running?.deviceId === session.deviceId)) {
    return;
  }
  if (!window.isSecureContext) return machineState.set({ status: "insecure" });
  machineState.set({ status: "starting" });
  const take = takeOver ? takeLockOver : takeLock;
  const lock = await take(session.deviceId, () => letGo({ status: "elsewhere" }));
  if (!lock) return machineState.set({ status: "elsewhere" });
  try {
    const machine = await build(session, lock);
    // Another tab may have taken over meanwhile.
    if (running?.client === machine.client) machineState.set({ status: "ready", machine });
  } catch (error) {
    letGo(isAboutStorage(error) ? { status: "no_storage" } : failed(error));
    lock.release();
  }
}

async function build(session: OpenSession, lock: TabLock): Promise<Machine> {
  const keyring = new Keyring();
  const client = createClient({
    baseUrl: session.baseUrl,
    userId: session.userId,
    deviceId: session.deviceId,
    accessToken: session.accessToken,
    fetchFn: fetchSigned,
    cryptoCallbacks: keyring.callbacks,
    verificationMethods: ["m.sas.v1"],
    logger: quiet,
  });
  running = { client, lock, deviceId: session.deviceId };
  await client.initRustCrypto({ cryptoDatabasePrefix: databaseOf(session) });
  noteKeys(session);
  // The browser then does not throw the keys away by itself when space gets scarce.
  await navigator.storage?.persist?.().catch(() => false);
  await firstSync(client);
  const crypto = client.getCrypto();
  if (!crypto) throw new Error("the client was started with encryption");
  return { client, crypto, keyring };
}

async function firstSync(client: MatrixClient): Promise<void> {
  client.on(ClientEvent.Sync, (state) => {
    const down = state === SyncState.Error || state === SyncState.Reconnecting;
    if (online.get() === down) online.set(!down);
  });
  const ready = new Promise<void>((resolve) => {
    client.on(ClientEvent.Sync, (state) => {
      if (state === SyncState.Prepared) resolve();
    });
  });
  await client.startClient({ initialSyncLimit: 20, lazyLoadMembers: true, disablePresence: true });
  await ready;
}

function failed(error: unknown): MachineState {
  return { status: "failed", problem: explain(error) };
}

/** Private windows and full disks: IndexedDB cannot be opened, or not be written to. */
function isAboutStorage(error: unknown): boolean {
  return /IndexedDB|transaction|quota|DomException|storage/i.test(String(error));
}

/** Stops this tab's encryption; the keys stay in the browser. */
function letGo(state: MachineState): void {
  running?.client.stopClient();
  running?.lock.release();
  running = null;
  machineState.set(state);
}

/** Stops the encryption, for instance because the session was locked. */
export function stopMachine(): void {
  letGo({ status: "off" });
}

// A locked session keeps its keys here until it is signed in to again; an ended one loses them.
ownSession.subscribe(() => {
  if (running && ownSession.get()?.deviceId !== running.deviceId) stopMachine();
  if (running && ownSession.get()?.accessToken === null) stopMachine();
});
