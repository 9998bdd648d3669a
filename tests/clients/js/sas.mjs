// Two sessions of one user verify each other by comparing emoji; the new one gets the secrets.
import { backUp, encrypting, isVerified, keysHeldBy, roomKeys, setUp, until } from "./custodian.mjs";
import { asked, compareEmoji } from "./emoji.mjs";
import { end, given, say, signIn } from "./kit.mjs";

const old = await encrypting(await signIn(given.password));
await setUp(old);
await backUp(old, roomKeys);
const young = await encrypting(await signIn(given.password));
await young.getCrypto().getUserDeviceInfo([young.getUserId()], true);
say("before", { verified: await isVerified(young) });

const waiting = asked(old);
const mine = await young.getCrypto().requestOwnUserVerification();
const sameEmoji = await compareEmoji(mine, await waiting);
const crypto = young.getCrypto();
await until("the secrets", async () => {
  const { privateKeysCachedLocally: own } = await crypto.getCrossSigningStatus();
  return own.masterKey && own.selfSigningKey && own.userSigningKey;
});
await until("the key of the backup", () => crypto.getSessionBackupPrivateKey());
await until("the others to see it", () => isVerified(old, young.getDeviceId()));
await crypto.restoreKeyBackup();
say("verified", {
  sameEmoji,
  verified: await until("its own signature", () => isVerified(young)),
  asOldSeesIt: await isVerified(old, young.getDeviceId()),
  keys: await keysHeldBy(young),
});
old.stopClient();
end(young);
