// What scripts about rooms share: sending and reading with matrix-js-sdk, as Element does it.
import { until } from "./custodian.mjs";
import { sdk } from "./kit.mjs";

/** Makes an encrypted room and invites somebody; `more` says how it is called, for instance. */
export async function encryptedRoom(client, other, more = {}) {
  const { room_id: roomId } = await client.createRoom({
    ...more,
    preset: "private_chat",
    invite: [other],
    initial_state: [
      {
        type: "m.room.encryption",
        state_key: "",
        content: { algorithm: "m.megolm.v1.aes-sha2" },
      },
    ],
  });
  await until("the room", () => client.getRoom(roomId)?.hasEncryptionStateEvent());
  return roomId;
}

/** Joins a room once the invitation has come. */
export async function accept(client, roomId) {
  await until("the invitation", () => client.getRoom(roomId)?.getMyMembership() === "invite");
  await client.joinRoom(roomId);
  await until("the room", () => client.getRoom(roomId)?.getMyMembership() === "join");
}

/** Sends a text; returns its event ID. */
export async function say(client, roomId, body, more = {}) {
  const content = { msgtype: "m.text", body, ...more };
  return (await client.sendMessage(roomId, content)).event_id;
}

/** Waits until an event has come and is decrypted; returns it. */
export function received(client, roomId, eventId) {
  return until(`${eventId} at ${client.getUserId()}`, async () => {
    const event = client.getRoom(roomId)?.findEventById(eventId);
    if (!event || event.isBeingDecrypted() || event.getType() === "m.room.encrypted") return false;
    return event;
  });
}

/** What an event says, with the edit that took its place. */
export function textOf(event) {
  return event.getContent().body;
}

/** Whether all of some clients have read a text in an event. */
export async function reads(clients, roomId, eventId, text) {
  for (const client of clients) {
    const event = await received(client, roomId, eventId);
    await until(`${text} at ${client.getUserId()}`, () => textOf(event) === text);
  }
  return true;
}

/** The reactions to an event as a client counts them: how often each key was sent. */
export function reactions(client, roomId, eventId) {
  const room = client.getRoom(roomId);
  const kind = [sdk.RelationType.Annotation, sdk.EventType.Reaction];
  const found = room.relations.getChildEventsForEvent(eventId, ...kind);
  const counted = found?.getSortedAnnotationsByKey() ?? [];
  return Object.fromEntries(counted.map(([key, events]) => [key, events.size]));
}

/** Encrypts a file, uploads it and sends it (Client-Server API, "Sending encrypted attachments"). */
export async function sendFile(client, roomId, name, bytes) {
  const key = await crypto.subtle.generateKey({ name: "AES-CTR", length: 256 }, true, [
    "encrypt",
    "decrypt",
  ]);
  const iv = new Uint8Array(16);
  crypto.getRandomValues(iv.subarray(0, 8));
  const algorithm = { name: "AES-CTR", counter: iv, length: 64 };
  const encrypted = await crypto.subtle.encrypt(algorithm, key, bytes);
  const hash = await crypto.subtle.digest("SHA-256", encrypted);
  const { content_uri: url } = await client.uploadContent(new Blob([encrypted]), {
    name,
    includeFilename: false,
    type: "application/octet-stream",
  });
  const { alg, ext, k, key_ops, kty } = await crypto.subtle.exportKey("jwk", key);
  const file = {
    url,
    key: { alg, ext, k, key_ops, kty },
    iv: unpadded(iv),
    hashes: { sha256: unpadded(hash) },
    v: "v2",
  };
  const content = { msgtype: "m.file", body: name, file };
  return (await client.sendMessage(roomId, content)).event_id;
}

/** Downloads and decrypts the file of an event. */
export async function fileOf(client, event) {
  const { url, key, iv, hashes } = event.getContent().file;
  const address = client.mxcUrlToHttp(url, undefined, undefined, undefined, true, true, true);
  const headers = { authorization: `Bearer ${client.getAccessToken()}` };
  const answer = await fetch(address, { headers });
  const encrypted = await answer.arrayBuffer();
  if (unpadded(await crypto.subtle.digest("SHA-256", encrypted)) !== hashes.sha256) {
    throw new Error(`the file is not the one that was sent: ${answer.status}`);
  }
  const imported = await crypto.subtle.importKey("jwk", key, "AES-CTR", false, ["decrypt"]);
  const algorithm = { name: "AES-CTR", counter: Buffer.from(iv, "base64"), length: 64 };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, encrypted));
}

function unpadded(bytes) {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}
