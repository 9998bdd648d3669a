// Registering, as Element does it: without a name first, to learn what is asked for.
import { clientOf, given, refusalOf, say, stranger } from "./kit.mjs";

const client = stranger();
const asked = await refusalOf(() => client.registerRequest({}));
say("asked", { flows: asked.flows, status: asked.status });
say("free", { available: await client.isUsernameAvailable(given.user) });

const wanted = {
  username: given.user,
  password: given.password,
  initial_device_display_name: "matrix-js-sdk",
};
const challenge = await client.registerRequest(wanted).catch((error) => error.data);
const answer = await client.registerRequest({
  ...wanted,
  auth: { session: challenge.session, type: "m.login.dummy" },
});
say("registered", { userId: answer.user_id, deviceId: answer.device_id });
say("taken", { available: await client.isUsernameAvailable(given.user) });

const signedIn = clientOf(answer);
say("me", await signedIn.whoami());
await signedIn.logout(true);
say("gone", await refusalOf(() => signedIn.whoami()));
