// A forgotten password: ask for a mail, then try every two seconds until its link was followed.
// Here the tries come faster.
import { setTimeout as sleep } from "node:timers/promises";
import { clientOf, given, refusalOf, say, signIn, stranger } from "./kit.mjs";

const TRY_MS = 200;
const other = clientOf(await signIn(given.password));
const client = stranger();
const secret = client.generateClientSecret();
const { sid } = await client.requestPasswordEmailToken(given.address, secret, 1);
const stage = {
  type: "m.login.email.identity",
  threepid_creds: { sid, client_secret: secret },
  threepidCreds: { sid, client_secret: secret },
};
const tryIt = () => client.setPassword(stage, given.newPassword, given.logoutDevices);

const refusals = [];
for (;;) {
  const refusal = await refusalOf(tryIt);
  if (refusal === null) break;
  refusals.push(refusal);
  if (refusals.length === 2) say("waiting", { refusals });
  if (refusal.status !== 401) throw new Error(JSON.stringify(refusal));
  await sleep(TRY_MS);
}
say("reset", { onceMore: (await refusalOf(tryIt))?.status });
say("other", { refusal: await refusalOf(() => other.whoami()) });
say("signed in", { userId: (await signIn(given.newPassword)).user_id });
