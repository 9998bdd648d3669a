import { readStored, writeStored } from "../kit/storage.ts";
import { createStore } from "../kit/store.ts";

/** This browser's session, as it is kept between visits. */
export interface StoredSession {
  baseUrl: string;
  serverName: string;
  userId: string;
  deviceId: string;
  /** Null while the session is locked: the device is still ours, its tokens are not. */
  accessToken: string | null;
  refreshToken: string | null;
  /** When the access token ends, in Unix milliseconds; null if it does not. */
  expiresAt: number | null;
}

/** A session whose access token can be used. */
export type OpenSession = StoredSession & { accessToken: string };

const storageKey = "holdfast.session";

export const ownSession = createStore<StoredSession | null>(readStored(storageKey));

/** Reads the session again: another tab may have refreshed, locked or ended it. */
export function rereadSession(): StoredSession | null {
  const stored = readStored<StoredSession>(storageKey);
  if (JSON.stringify(stored) !== JSON.stringify(ownSession.get())) ownSession.set(stored);
  return ownSession.get();
}

export function storeSession(session: StoredSession | null): void {
  writeStored(storageKey, session);
  ownSession.set(session);
}

export function isOpen(session: StoredSession | null): session is OpenSession {
  return session !== null && session.accessToken !== null;
}

window.addEventListener("storage", (event) => {
  if (event.key === storageKey) rereadSession();
});
