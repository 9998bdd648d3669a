// A key backup is deleted, brought back through Holdfast's history, and restored as before.
import {
  backUp,
  backupOf,
  encrypting,
  extra,
  keysHeldBy,
  roomKeys,
  setUp,
  unlock,
} from "./custodian.mjs";
import { end, given, passwordStage, say, signIn } from "./kit.mjs";

const client = await encrypting(await signIn(given.password));
const version = await setUp(client);
await backUp(client, roomKeys);
const crypto = client.getCrypto();
await crypto.deleteKeyBackupVersion(version);
say("deleted", {
  info: await backupOf(client),
  active: await crypto.getActiveSessionBackupVersion(),
});

const { body: history } = await extra(client, "GET", "key_backup/history");
const id = history.versions[0].id;
const unproven = await extra(client, "POST", "key_backup/restore", { id });
const auth = passwordStage(client.getUserId(), given.password);
const proven = await extra(client, "POST", "key_backup/restore", { id, auth });
say("restored", { count: history.versions[0].count, unproven: unproven.status, proven });

await crypto.checkKeyBackupAndEnable();
say("again", {
  count: (await backupOf(client))?.count ?? null,
  active: await crypto.getActiveSessionBackupVersion(),
});
const other = await encrypting(await signIn(given.password));
await unlock(other);
say("unlocked", { keys: await keysHeldBy(other) });
client.stopClient();
end(other);
