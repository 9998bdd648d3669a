// Adding an e-mail address: a mail, its link, then the request that needs proof of who is asking.
import {
  clientOf,
  given,
  passwordStage,
  provenByPassword,
  refusalOf,
  say,
  signIn,
} from "./kit.mjs";

const client = clientOf(await signIn(given.password));
const secret = client.generateClientSecret();
const { sid } = await client.requestAdd3pidEmailToken(given.address, secret, 1);
const creds = { sid, client_secret: secret };
const stage = passwordStage(client.getUserId(), given.password);
say("early", await refusalOf(() => client.addThreePidOnly({ ...creds, auth: stage })));

await new Promise((resolve) => process.stdin.once("data", resolve));
await provenByPassword(client, given.password, (auth) =>
  client.addThreePidOnly({ ...creds, auth }),
);
say("added", await client.getThreePids());
