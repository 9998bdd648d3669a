// Starting over with a new identity needs proof of who asks, and takes the key backup along.
import {
  backUp,
  backupOf,
  encrypting,
  isVerified,
  provenIn,
  roomKeys,
  setUp,
  until,
} from "./custodian.mjs";
import { end, given, say, signIn, told } from "./kit.mjs";

const client = await encrypting(await signIn(given.password));
await setUp(client);
await backUp(client, roomKeys);
const crypto = client.getCrypto();
const before = await crypto.getCrossSigningKeyId();
const asked = [];
await crypto.resetEncryption(provenIn(client, given.password, (error) => asked.push(told(error))));
const info = await backupOf(client);
say("reset", {
  asked,
  another: (await crypto.getCrossSigningKeyId()) !== before,
  verified: await until("its own signature", () => isVerified(client)),
  version: info?.version ?? null,
});
end(client);
