// The end of an account.
import { clientOf, given, provenByPassword, refusalOf, say, signIn } from "./kit.mjs";

const client = clientOf(await signIn(given.password));
await provenByPassword(client, given.password, (auth) => client.deactivateAccount(auth, true));
say("token", await refusalOf(() => client.whoami()));
say("sign in", await refusalOf(() => signIn(given.password)));
say("wrong password", await refusalOf(() => signIn("not the one")));
