// A session that holds keys is locked by a new account password, and comes back. With an address the
// password is forgotten, and reset by mail; without one it is changed.
import { setTimeout as sleep } from "node:timers/promises";
import {
  backUp,
  encrypting,
  isVerified,
  keysHeldBy,
  roomKeys,
  setUp,
  until,
} from "./custodian.mjs";
import { end, given, passwordStage, refusalOf, say, sdk, signIn, stranger } from "./kit.mjs";

const answer = await signIn(given.password);
const phone = await encrypting(answer);
await setUp(phone);
await backUp(phone, roomKeys);
const before = await phone.getCrypto().getOwnDeviceKeys();

const laptop = await encrypting(await signIn(given.password));
const locked = new Promise((resolve) => {
  phone.on(sdk.HttpApiEvent.SessionLoggedOut, (error) => resolve(error.data.soft_logout));
});
if (given.address) await resetByMail();
else {
  const stage = passwordStage(laptop.getUserId(), given.password);
  await laptop.setPassword(stage, given.newPassword, true);
}
say("locked", { softLogout: await locked });
phone.stopClient();

// What others send it meanwhile is encrypted with one of its one-time keys, and waits for it.
const sender = given.address ? await encrypting(await signIn(given.newPassword)) : laptop;
const crypto = sender.getCrypto();
await crypto.getUserDeviceInfo([sender.getUserId()], true);
const batch = await crypto.encryptToDeviceMessages(
  "org.example.greeting",
  [{ userId: sender.getUserId(), deviceId: answer.device_id }],
  { text: "welcome back" },
);
say("sent", { messages: batch.batch.length });
await sender.queueToDevice(batch);

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
end(laptop, sender, back);

/** Asks for a mail, and tries again and again until its link was followed, as Element does. */
async function resetByMail() {
  const client = stranger();
  const secret = client.generateClientSecret();
  const { sid } = await client.requestPasswordEmailToken(given.address, secret, 1);
  say("asked");
  const stage = {
    type: "m.login.email.identity",
    threepid_creds: { sid, client_secret: secret },
  };
  const tryIt = () => client.setPassword(stage, given.newPassword, true);
  while (await refusalOf(tryIt)) await sleep(200);
}
