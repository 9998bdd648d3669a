// A client dehydrates a device and signs out; a new one, with the recovery key, rehydrates it.
import { clientOf, end, given, passwordStage, say, signIn, start } from "./kit.mjs";

let recoveryKey;
const cryptoCallbacks = {
  getSecretStorageKey: async ({ keys }) => [Object.keys(keys)[0], recoveryKey.privateKey],
};

async function signedIn() {
  const client = clientOf(await signIn(given.password), { cryptoCallbacks });
  await client.initRustCrypto({ useIndexedDB: false });
  await start(client);
  return client;
}

/** The user's dehydrated devices, once /sync has told the client to look. */
async function inTheList() {
  for (;;) {
    const users = await crypto.getUserDeviceInfo([first.getUserId()]);
    const devices = [...users.get(first.getUserId()).values()];
    const found = devices.filter((device) => device.dehydrated);
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const first = await signedIn();
const crypto = first.getCrypto();
await crypto.bootstrapCrossSigning({
  authUploadDeviceSigningKeys: (act) => act(passwordStage(first.getUserId(), given.password)),
});
recoveryKey = await crypto.createRecoveryKeyFromPassphrase();
await crypto.bootstrapSecretStorage({
  createSecretStorageKey: async () => recoveryKey,
  setupNewSecretStorage: true,
});
say("supported", { supported: await crypto.isDehydrationSupported() });
await crypto.startDehydration();
const sessions = (await first.getDevices()).devices.map((device) => device.device_id);
const dehydrated = await inTheList();
say("dehydrated", {
  number: dehydrated.length,
  isSession: sessions.includes(dehydrated[0].deviceId),
  verified: (await crypto.getDeviceVerificationStatus(first.getUserId(), dehydrated[0].deviceId))
    ?.signedByOwner,
});
await first.logout(true);

const second = await signedIn();
const progress = [];
second.on("dehydration.RehydrationCompleted", () => progress.push("completed"));
second.on("dehydration.RehydrationError", (error) => progress.push(`error: ${error}`));
second.on("dehydration.DehydratedDeviceUploaded", () => progress.push("uploaded"));
await second.getCrypto().userHasCrossSigningKeys(second.getUserId(), true); // looks itself up
await second.getCrypto().bootstrapCrossSigning({});
await second.getCrypto().startDehydration();
say("rehydrated", { progress });
end(first, second);
