// Signing another client in with a login token, as "sign in with QR code" does.
import { clientOf, given, provenByPassword, refusalOf, say, signIn, stranger } from "./kit.mjs";

const client = clientOf(await signIn(given.password));
const { login_token: token } = await provenByPassword(client, given.password, (auth) =>
  client.requestLoginToken(auth),
);
const other = await stranger().loginRequest({ type: "m.login.token", token });
say("signed in", { sameUser: other.user_id === client.getUserId() });
say("twice", await refusalOf(() => stranger().loginRequest({ type: "m.login.token", token })));
