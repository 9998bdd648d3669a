// Looking at sessions, naming one, and removing several with InteractiveAuth.
import { clientOf, given, provenByPassword, refusalOf, say, signIn } from "./kit.mjs";

const client = clientOf(await signIn(given.password));
const others = [await signIn(given.password), await signIn(given.password)];
const ids = others.map((answer) => answer.device_id);

await client.setDeviceDetails(ids[0], { display_name: "The old phone" });
say("named", { name: (await client.getDevice(ids[0])).display_name });
const asked = await refusalOf(() => client.deleteMultipleDevices(ids));
say("asked", asked);
await provenByPassword(client, given.password, (auth) => client.deleteMultipleDevices(ids, auth));
const { devices } = await client.getDevices();
say("left", {
  mine: devices.some((each) => each.device_id === client.getDeviceId()),
  removed: ids.filter((id) => devices.every((each) => each.device_id !== id)).length,
});
say("removed", await refusalOf(() => clientOf(others[0]).whoami()));

const single = await signIn(given.password);
await provenByPassword(client, given.password, (auth) =>
  client.deleteDevice(single.device_id, auth),
);
say("one more", await refusalOf(() => clientOf(single).whoami()));
