// The whole story: set up encryption, back up, sign out, sign in elsewhere, have every key again.
import {
  backUp,
  encrypting,
  isVerified,
  keysHeldBy,
  roomKeys,
  setUp,
  unlock,
  until,
} from "./custodian.mjs";
import { end, given, say, signIn } from "./kit.mjs";

const first = await encrypting(await signIn(given.password));
const version = await setUp(first);
const crypto = first.getCrypto();
say("set up", {
  version,
  verified: await until("its own signature", () => isVerified(first)),
  identity: await crypto.isCrossSigningReady(),
  secretStorage: await crypto.isSecretStorageReady(),
});
const info = await backUp(first, roomKeys);
say("backed up", { count: info.count, trusted: await crypto.isKeyBackupTrusted(info) });
await first.logout(true);

const second = await encrypting(await signIn(given.password));
say("before", {
  verified: await isVerified(second),
  keys: await keysHeldBy(second),
  othersLeft: (await second.getDevices()).devices.length - 1,
});
const { imported, total } = await unlock(second);
say("unlocked", {
  imported,
  total,
  keys: await keysHeldBy(second),
  verified: await until("its own signature", () => isVerified(second)),
  identity: await second.getCrypto().isCrossSigningReady(),
  version: await second.getCrypto().getActiveSessionBackupVersion(),
});
end(second);
