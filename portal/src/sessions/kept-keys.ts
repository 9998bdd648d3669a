import { readStored, writeStored } from "../kit/storage.ts";
import { ownSession, type StoredSession } from "./stored.ts";

/**
 * The encryption keys that this browser keeps, as far as the rest of the portal must know of them:
 * whether there are any, and that they go with their session. What they are, `encryption` knows.
 */
const storageKey = "holdfast.keys";
const databasePrefix = "holdfast ";

/** The name under which a session's keys are stored. */
export function databaseOf(session: StoredSession): string {
  return `${databasePrefix}${session.userId} ${session.deviceId}`;
}

/** Whether this browser holds encryption keys of a session. */
export function holdsKeys(session: StoredSession): boolean {
  return readStored<string>(storageKey) === session.deviceId;
}

/** Notes that this browser holds encryption keys of a session. */
export function noteKeys(session: StoredSession): void {
  writeStored(storageKey, session.deviceId);
}

/** Deletes all keys: their session has ended (Client-Server API, "Soft logout": it was not one). */
async function deleteKeys(): Promise<void> {
  writeStored(storageKey, null);
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith(databasePrefix)) indexedDB.deleteDatabase(name);
  }
}

ownSession.subscribe(() => {
  if (ownSession.get() === null && readStored(storageKey) !== null) void deleteKeys();
});
