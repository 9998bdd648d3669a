// A session that holds keys is locked by a change of the account password, and comes back.
import {
  backUp,
  encrypting,
  isVerified,
  keysHeldBy,
  roomKeys,
  setUp,
  until,
} from "./custodian.mjs";
import { end, given, passwordStage, say, sdk, signIn } from "./kit.mjs";

const answer = await signIn(given.password);
const phone = await encrypting(answer);
await setUp(phone);
await backUp(phone, roomKeys);
const before = await phone.getCrypto().getOwnDeviceKeys();

const laptop = await encrypting(await signIn(given.password));
const locked = new Promise((resolve) => {
  phone.on(sdk.HttpApiEvent.SessionLoggedOut, (error) => resolve(error.data.soft_logout));
});
await laptop.setPassword(
  passwordStage(laptop.getUserId(), given.password),
  given.newPassword,
  true,
);
say("locked", { softLogout: await locked });
phone.stopClient();

// What others send it meanwhile is encrypted with one of its one-time keys, and waits for it.
const crypto = laptop.getCrypto();
await crypto.getUserDeviceInfo([laptop.getUserId()], true);
const batch = await crypto.encryptToDeviceMessages(
  "org.example.greeting",
  [{ userId: laptop.getUserId(), deviceId: answer.device_id }],
  { text: "welcome back" },
);
say("sent", { messages: batch.batch.length });
await laptop.queueToDevice(batch);

const again = await signIn(given.newPassword, { device_id: answer.device_id });
let heard;
const back = await encrypting(again, (client) => {
  client.on(sdk.ClientEvent.ReceivedToDeviceMessage, ({ message, encryptionInfo }) => {
    if (message.type !== "org.example.greeting") return;
    heard = { content: message.content, from: encryptionInfo?.sender ?? null };
  });
});
const after = await back.getCrypto().getOwnDeviceKeys();
say("heard", await until("the greeting", () => heard));
say("back", {
  sameDevice: again.device_id === answer.device_id,
  sameKeys: before.ed25519 === after.ed25519 && before.curve25519 === after.curve25519,
  keys: await keysHeldBy(back),
  verified: await until("its own signature", () => isVerified(back)),
  version: await until("the backup", () => back.getCrypto().getActiveSessionBackupVersion()),
});
laptop.stopClient();
end(back);
