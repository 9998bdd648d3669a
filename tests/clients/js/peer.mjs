// Somebody with matrix-js-sdk, who writes with a stock web client in an encrypted room.
import { encrypting, setUp, until } from "./custodian.mjs";
import { encryptedRoom, received, say } from "./in_room.mjs";
import { end, given, say as tell, sdk, signIn } from "./kit.mjs";

const client = await encrypting(await signIn(given.password));
await setUp(client);
const roomId = await encryptedRoom(client, given.other, { name: "Garden" });
tell("invited", { roomId });
await until("the other to come", () => client.getRoom(roomId)?.getJoinedMemberCount() === 2);
await say(client, roomId, "hello from matrix-js-sdk");
tell("said");
let read = null;
await until("an answer", () => {
  const events = client.getRoom(roomId).getLiveTimeline().getEvents();
  read = events.find(
    (event) => event.getSender() === given.other && event.getWireType() === "m.room.encrypted",
  );
  return read;
});
const event = await received(client, roomId, read.getId());
tell("heard", { body: event.getContent().body, encrypted: event.isEncrypted() });
const target = { rel_type: sdk.RelationType.Annotation, event_id: event.getId(), key: "👍" };
await client.sendEvent(roomId, "m.reaction", { "m.relates_to": target });
tell("reacted");
end(client);
