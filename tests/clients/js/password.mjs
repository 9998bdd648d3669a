// One client changes the account password, as Element does: one request that holds the proof. The
// other one is waiting in /sync.
import { clientOf, end, given, passwordStage, refusalOf, say, sdk, signIn, start } from "./kit.mjs";

const one = clientOf(await signIn(given.password));
const answer = await signIn(given.password);
const other = clientOf(answer);
await start(other);
await other.setPusher({
  kind: "http",
  app_id: "org.example.app",
  pushkey: answer.device_id,
  app_display_name: "An app",
  device_display_name: "A phone",
  lang: "en",
  data: { url: "https://push.example.org/_matrix/push/v1/notify" },
});
let loggedOut = null;
const toldSo = new Promise((resolve) => {
  other.on(sdk.HttpApiEvent.SessionLoggedOut, (error) => {
    loggedOut = { errcode: error.errcode, softLogout: error.data.soft_logout };
    resolve();
  });
});

const stage = passwordStage(one.getUserId(), given.password);
const before = Date.now();
await one.setPassword(stage, given.newPassword, given.logoutDevices);
if (given.logoutDevices !== false) await toldSo;
say("changed", { loggedOut, seconds: (Date.now() - before) / 1000 });
say("own", { refusal: await refusalOf(() => one.whoami()) });
say("other", { refusal: await refusalOf(() => other.whoami()) });
if (given.logoutDevices !== false) {
  say("other signs out", { refusal: await refusalOf(() => other.logout()) });
}
other.stopClient();

say("old password", { refusal: await refusalOf(() => signIn(given.password)) });
const back = await signIn(given.newPassword, { device_id: answer.device_id });
say("back", {
  sameDevice: back.device_id === answer.device_id,
  sameUser: back.user_id === answer.user_id,
});
const again = clientOf(back);
await start(again);
const { devices } = await again.getDevices();
const { pushers } = await again.getPushers();
say("devices", {
  count: devices.length,
  pushers: pushers.length,
  old: await refusalOf(() => other.whoami()),
});
end(again);
