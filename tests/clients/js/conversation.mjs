// Two users with three sessions each, in one encrypted room: each session reads what any wrote.
import { backupOf, encrypting, isVerified, noted, setUp, unlock, until } from "./custodian.mjs";
import { accept, encryptedRoom, fileOf, reactions, reads, received, say, sendFile } from "./in_room.mjs";
import { end, given, sdk, say as tell, signIn } from "./kit.mjs";
import { verify } from "./emoji.mjs";

const SESSIONS = 3;

/** Three sessions of a user, the first of which has set up encryption for the others. */
async function household(user) {
  noted.recoveryKey = null;
  given.user = user;
  const sessions = [await encrypting(await signIn(given.password))];
  await setUp(sessions[0]);
  while (sessions.length < SESSIONS) {
    const next = await encrypting(await signIn(given.password));
    await unlock(next);
    await until("its own signature", () => isVerified(next));
    sessions.push(next);
  }
  return sessions;
}

const alice = await household(given.users[0]);
const bob = await household(given.users[1]);
const everybody = [...alice, ...bob];
const roomId = await encryptedRoom(alice[0], bob[0].getUserId());
await accept(bob[0], roomId);
for (const client of everybody) {
  await until("both in the room", () => client.getRoom(roomId)?.getJoinedMemberCount() === 2);
}

const sent = [];
for (const [place, client] of everybody.entries()) {
  sent.push(await say(client, roomId, `message ${place}`));
}
for (const [place, eventId] of sent.entries()) {
  await reads(everybody, roomId, eventId, `message ${place}`);
}
tell("read", { messages: sent.length, by: everybody.length });

await bob[1].sendMessage(roomId, {
  msgtype: "m.text",
  body: "* better",
  "m.new_content": { msgtype: "m.text", body: "better" },
  "m.relates_to": { rel_type: "m.replace", event_id: sent[3] },
}).catch((error) => tell("not edited", { error: String(error) }));
await reads(everybody, roomId, sent[3], "better");
tell("edited");

for (const client of [alice[1], bob[2]]) {
  await client.sendEvent(roomId, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: sent[0], key: "👍" },
  });
}
for (const client of everybody) {
  await until("the reactions", () => reactions(client, roomId, sent[0])["👍"] === 2);
}
tell("reacted");

const bytes = new TextEncoder().encode("what is in the file ".repeat(1000));
const fileId = await sendFile(alice[2], roomId, "letter.txt", bytes);
for (const client of everybody) {
  const got = await fileOf(client, await received(client, roomId, fileId));
  if (Buffer.compare(Buffer.from(got), Buffer.from(bytes)) !== 0) throw new Error("another file");
}
tell("file", { bytes: bytes.length });

const threaded = { rel_type: "m.thread", event_id: sent[1], is_falling_back: true };
const inThread = await say(bob[0], roomId, "in a thread", { "m.relates_to": threaded });
await reads(everybody.slice(1), roomId, inThread, "in a thread");
await alice[0].redactEvent(roomId, sent[2]);
for (const client of everybody) {
  await until("the redaction", () => client.getRoom(roomId).findEventById(sent[2])?.isRedacted());
}
await bob[2].sendReadReceipt(bob[2].getRoom(roomId).findEventById(fileId));
await until("the receipt", () =>
  alice[1].getRoom(roomId).hasUserReadEvent(bob[0].getUserId(), fileId),
);
await bob[1].sendTyping(roomId, true, 20_000);
await until("the typing", () => alice[2].getRoom(roomId).getMember(bob[1].getUserId())?.typing);
tell("the rest");

const seen = await verify(alice[0], bob[0], roomId);
const trusts = async (client, other) =>
  (await client.getCrypto().getUserVerificationStatus(other.getUserId())).isCrossSigningVerified();
await until("the others to see it", () => trusts(alice[2], bob[0]));
tell("verified", { ...seen, byAlice: await trusts(alice[0], bob[0]) });

// Clients upload their room keys within ten seconds, not at once.
await until("a room key of each session in the backup", async () => {
  return (await backupOf(bob[0])).count >= everybody.length;
});
const late = await encrypting(await signInAs(given.users[1]));
await unlock(late);
await until("the room", () => late.getRoom(roomId));
await late.scrollback(late.getRoom(roomId), 100);
let read = 0;
for (const [place, eventId] of sent.entries()) {
  if (place === 2) continue;
  const event = await received(late, roomId, eventId);
  await until(`message ${place} to be readable`, () => !event.isDecryptionFailure());
  read += 1;
}
tell("later", { read });
for (const client of everybody) client.stopClient();
end(late);

function signInAs(user) {
  given.user = user;
  return signIn(given.password);
}
