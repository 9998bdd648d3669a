// Signing in with an e-mail address, and removing it. matrix-js-sdk's own method gives no proof.
import { clientOf, given, passwordStage, refusalOf, say, sdk, stranger } from "./kit.mjs";

const answer = await stranger().loginRequest({
  type: "m.login.password",
  identifier: { type: "m.id.thirdparty", medium: "email", address: given.address },
  password: given.password,
});
say("signed in", { userId: answer.user_id });

const client = clientOf(answer);
say("unproven", await refusalOf(() => client.deleteThreePid("email", given.address)));
await client.http.authedRequest(sdk.Method.Post, "/account/3pid/delete", undefined, {
  medium: "email",
  address: given.address,
  auth: passwordStage(answer.user_id, given.password),
});
say("removed", await client.getThreePids());
