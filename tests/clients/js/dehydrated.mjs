// Every session of a user is gone; what others send meanwhile reaches the dehydrated device, and a
// new session that has the recovery key takes it over from there.
import { CryptoEvent, encrypting, setUp, unlock, until } from "./custodian.mjs";
import { end, given, say, sdk, signIn } from "./kit.mjs";

const owner = await encrypting(await signIn(given.password));
await setUp(owner);
let dehydrated = false;
owner.on(CryptoEvent.DehydratedDeviceUploaded, () => {
  dehydrated = true;
});
say("supported", { supported: await owner.getCrypto().isDehydrationSupported() });
await owner.getCrypto().startDehydration();
await until("the dehydrated device", () => dehydrated);
await owner.http.authedRequest("POST", "/logout/all", undefined, {}, {
  prefix: sdk.ClientPrefix.V3,
});
owner.stopClient();
say("left", {});
await new Promise((resolve) => process.stdin.once("data", resolve)); // a room key is sent

const back = await encrypting(await signIn(given.password));
await unlock(back);
let completed = false;
back.on(CryptoEvent.RehydrationCompleted, () => {
  completed = true;
});
await back.getCrypto().startDehydration();
const keys = await back.getCrypto().exportRoomKeys();
say("back", {
  completed,
  keys: keys.map((key) => key.session_id),
  sessionsOfUser: (await back.getDevices()).devices.length,
});
end(back);
