import { EventTimeline, type MatrixClient, type Room } from "matrix-js-sdk";
import { useState } from "react";
import { asking } from "../encryption/asking.ts";
import { useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { Callout, Notice, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Field } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { Section } from "../kit/ui/page.tsx";
import { isMessage, Message } from "./message.tsx";

interface RoomViewProps {
  client: MatrixClient;
  room: Room;
}

const pageSize = 30;

/** One room: what was said in it, with what cannot be read and why, and a field to say something. */
export function RoomView({ client, room }: RoomViewProps) {
  const t = useTexts();
  const task = useTask();
  const messages = room.getLiveTimeline().getEvents().filter(isMessage);
  const hasEarlier = room.getLiveTimeline().getPaginationToken(EventTimeline.BACKWARDS) !== null;
  const earlier = () =>
    task.run(async () => {
      await asking(() => client.scrollback(room, pageSize));
    });
  const encrypted = room.hasEncryptionStateEvent();
  return (
    <Section id="room" title={room.name}>
      {encrypted ? null : <Callout look="warning">{t("room.not_encrypted")}</Callout>}
      <ProblemNotice problem={task.problem} />
      {hasEarlier ? (
        <div>
          <Button busy={task.busy} onPress={() => void earlier()}>
            {t("room.earlier")}
          </Button>
        </div>
      ) : null}
      <ul className="messages" aria-live="polite">
        {messages.map((event) => (
          <Message key={event.getTxnId() ?? event.getId()} room={room} event={event} />
        ))}
      </ul>
      {messages.length === 0 ? <p>{t("room.empty")}</p> : null}
      <SendForm client={client} room={room} />
      <InviteForm client={client} room={room} />
    </Section>
  );
}

function SendForm({ client, room }: RoomViewProps) {
  const t = useTexts();
  const task = useTask();
  const [text, setText] = useState("");
  const send = () => {
    if (text.trim() === "") return;
    void task.run(async () => {
      await asking(() => client.sendTextMessage(room.roomId, text));
      setText("");
    });
  };
  return (
    <Form onSubmit={send}>
      <Field label={t("room.message")} value={text} onChange={setText} autoComplete="off" />
      <ProblemNotice problem={task.problem} />
      <div>
        <Button type="submit" look="main" busy={task.busy}>
          {t("room.send")}
        </Button>
      </div>
    </Form>
  );
}

function InviteForm({ client, room }: RoomViewProps) {
  const t = useTexts();
  const task = useTask();
  const [user, setUser] = useState("");
  const [invited, setInvited] = useState<string | null>(null);
  const invite = () => {
    const userId = user.trim();
    if (!isUserId(userId)) return task.fail({ key: "room.not_a_user" });
    void task.run(async () => {
      await asking(() => client.invite(room.roomId, userId));
      setInvited(userId);
      setUser("");
    });
  };
  return (
    <details className="details">
      <summary>{t("room.invite")}</summary>
      <Form onSubmit={invite}>
        <Field
          label={t("room.user")}
          value={user}
          onChange={setUser}
          hint={t("room.user_hint")}
          autoComplete="off"
        />
        {invited ? <Notice look="good">{t("room.invited", { user: invited })}</Notice> : null}
        <ProblemNotice problem={task.problem} />
        <div>
          <Button type="submit" busy={task.busy}>
            {t("room.invite_submit")}
          </Button>
        </div>
      </Form>
    </details>
  );
}

/** Whether a text has the shape of a user ID (Appendices, "User identifiers"). */
export function isUserId(text: string): boolean {
  return /^@[^:\s]+:\S+$/.test(text);
}
