/**
 * Only one tab may work with the keys: two that wrote to the same store would undo each other's
 * work, and keys would be lost. Whoever wants them asks the tab that has them to let go.
 */
export interface TabLock {
  release: () => void;
}

const patienceMs = 3000;

function nameOf(deviceId: string): string {
  return `holdfast.keys.${deviceId}`;
}

/** The lock; null if another tab has it. `lost` is called when another tab takes it away. */
function request(name: string, options: LockOptions, lost: () => void): Promise<TabLock | null> {
  return new Promise((resolve, reject) => {
    let held = false;
    navigator.locks
      .request(name, options, (lock) => {
        if (!lock) return resolve(null);
        held = true;
        return new Promise<void>((release) => resolve({ release }));
      })
      .catch((error: unknown) => (held ? lost() : reject(error)));
  });
}

/** Takes the lock if it is free, and lets go of it as soon as another tab asks for it. */
export async function takeLock(deviceId: string, lost: () => void): Promise<TabLock | null> {
  const lock = await request(nameOf(deviceId), { ifAvailable: true }, lost);
  return lock && listening(deviceId, lock, lost);
}

/** Asks the tab that has the lock for it; one that does not answer loses it. */
export async function takeLockOver(deviceId: string, lost: () => void): Promise<TabLock> {
  const name = nameOf(deviceId);
  const channel = new BroadcastChannel(name);
  channel.postMessage("let go");
  channel.close();
  const lock = await request(name, { signal: AbortSignal.timeout(patienceMs) }, lost).catch(() =>
    request(name, { steal: true }, lost),
  );
  if (!lock) throw new Error("a lock that was waited for is never null");
  return listening(deviceId, lock, lost);
}

function listening(deviceId: string, lock: TabLock, lost: () => void): TabLock {
  const channel = new BroadcastChannel(nameOf(deviceId));
  const release = () => {
    channel.close();
    lock.release();
  };
  channel.onmessage = () => {
    lost();
    release();
  };
  return { release };
}
