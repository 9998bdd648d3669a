import { EventType, KnownMembership, type MatrixClient, Preset, type Room } from "matrix-js-sdk";
import { useState } from "react";
import { asking } from "../encryption/asking.ts";
import type { Machine } from "../encryption/machine.ts";
import { WithMachine } from "../encryption/with-machine.tsx";
import { useTexts } from "../kit/i18n.ts";
import { Link, navigate, usePlace } from "../kit/router.tsx";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Field } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { Page, Section } from "../kit/ui/page.tsx";
import type { OpenSession } from "../sessions/stored.ts";
import { isUserId, RoomView } from "./room-view.tsx";
import { useRoomChanges } from "./watching.ts";

const path = "/messages";

/** A plain reader: enough to see with one's own eyes that the history is still there. */
export function MessagesPage({ session }: { session: OpenSession }) {
  const t = useTexts();
  return (
    <Page title={t("messages.title")}>
      <p>{t("messages.intro")}</p>
      <WithMachine session={session}>{(machine) => <Rooms machine={machine} />}</WithMachine>
    </Page>
  );
}

function Rooms({ machine: { client } }: { machine: Machine }) {
  const t = useTexts();
  useRoomChanges(client);
  const { query } = usePlace();
  const rooms = client.getRooms();
  const joined = rooms
    .filter((room) => room.getMyMembership() === KnownMembership.Join)
    .sort((one, other) => other.getLastActiveTimestamp() - one.getLastActiveTimestamp());
  const invited = rooms.filter((room) => room.getMyMembership() === KnownMembership.Invite);
  const open = joined.find((room) => room.roomId === query.get("room"));
  return (
    <>
      {invited.length > 0 ? <Invitations client={client} rooms={invited} /> : null}
      <Section id="rooms" title={t("messages.rooms")}>
        {joined.length === 0 ? <p>{t("messages.none")}</p> : null}
        <ul className="plain-list">
          {joined.map((room) => (
            <li key={room.roomId}>
              <Link to={`${path}?room=${encodeURIComponent(room.roomId)}`} current={room === open}>
                {room.name}
              </Link>
            </li>
          ))}
        </ul>
        {/* Once a room has come, the form is empty and closed again. */}
        <NewRoom key={joined.length} client={client} />
      </Section>
      {open ? <RoomView key={open.roomId} client={client} room={open} /> : null}
    </>
  );
}

interface InvitationsProps {
  client: MatrixClient;
  rooms: Room[];
}

function Invitations({ client, rooms }: InvitationsProps) {
  const t = useTexts();
  const task = useTask();
  const act = (work: () => Promise<unknown>) =>
    void task.run(async () => {
      await asking(work);
    });
  return (
    <Section id="invitations" title={t("messages.invitations")}>
      <ProblemNotice problem={task.problem} />
      <ul className="plain-list">
        {rooms.map((room) => (
          <li key={room.roomId} className="address-row">
            <span>{room.name}</span>
            <span className="actions">
              <Button
                look="main"
                label={t("messages.accept_named", { room: room.name })}
                onPress={() => act(() => client.joinRoom(room.roomId))}
              >
                {t("emoji.accept")}
              </Button>
              <Button
                label={t("messages.decline_named", { room: room.name })}
                onPress={() => act(() => client.leave(room.roomId))}
              >
                {t("messages.decline")}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Makes an encrypted room. */
async function makeRoom(client: MatrixClient, name: string, invite: string[]): Promise<string> {
  const { room_id: roomId } = await client.createRoom({
    name,
    invite,
    preset: Preset.PrivateChat,
    initial_state: [
      {
        type: EventType.RoomEncryption,
        state_key: "",
        content: { algorithm: "m.megolm.v1.aes-sha2" },
      },
    ],
  });
  return roomId;
}

function NewRoom({ client }: { client: MatrixClient }) {
  const t = useTexts();
  const task = useTask();
  const [name, setName] = useState("");
  const [user, setUser] = useState("");
  const make = () => {
    const userId = user.trim();
    if (name.trim() === "") return task.fail({ key: "messages.no_name" });
    if (userId !== "" && !isUserId(userId)) return task.fail({ key: "room.not_a_user" });
    void task.run(async () => {
      const invite = userId === "" ? [] : [userId];
      const roomId = await asking(() => makeRoom(client, name.trim(), invite));
      navigate(`${path}?room=${encodeURIComponent(roomId)}`);
    });
  };
  return (
    <details className="details">
      <summary>{t("messages.new")}</summary>
      <Form onSubmit={make}>
        <Field label={t("messages.name")} value={name} onChange={setName} autoComplete="off" />
        <Field
          label={t("room.user")}
          value={user}
          onChange={setUser}
          hint={t("room.user_hint")}
          autoComplete="off"
        />
        <ProblemNotice problem={task.problem} />
        <div>
          <Button type="submit" look="main" busy={task.busy}>
            {t("messages.make")}
          </Button>
        </div>
      </Form>
    </details>
  );
}
