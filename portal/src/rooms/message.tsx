import { EventType, type MatrixEvent, RelationType, type Room } from "matrix-js-sdk";
import { DecryptionFailureCode } from "matrix-js-sdk/lib/crypto-api";
import { exactTime } from "../kit/format.ts";
import { type TextKey, useLanguage, useTexts } from "../kit/i18n.ts";

/** Why a message cannot be read, as far as it is known. */
const reasons: Partial<Record<DecryptionFailureCode, TextKey>> = {
  [DecryptionFailureCode.MEGOLM_UNKNOWN_INBOUND_SESSION_ID]: "unreadable.no_key",
  [DecryptionFailureCode.MEGOLM_KEY_WITHHELD]: "unreadable.withheld",
  [DecryptionFailureCode.MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE]: "unreadable.withheld",
  [DecryptionFailureCode.OLM_UNKNOWN_MESSAGE_INDEX]: "unreadable.later_key",
  [DecryptionFailureCode.HISTORICAL_MESSAGE_NO_KEY_BACKUP]: "unreadable.no_backup",
  [DecryptionFailureCode.HISTORICAL_MESSAGE_BACKUP_UNCONFIGURED]: "unreadable.not_connected",
  [DecryptionFailureCode.HISTORICAL_MESSAGE_WORKING_BACKUP]: "unreadable.not_in_backup",
  [DecryptionFailureCode.HISTORICAL_MESSAGE_USER_NOT_JOINED]: "unreadable.not_joined",
};

/** Whether an event is something that somebody said. */
export function isMessage(event: MatrixEvent): boolean {
  const types: string[] = [
    EventType.RoomMessage,
    EventType.RoomMessageEncrypted,
    EventType.Sticker,
  ];
  return types.includes(event.getType()) && !event.isRelation(RelationType.Replace);
}

interface MessageProps {
  room: Room;
  event: MatrixEvent;
}

/** One message: who said it, when, and what, or why that cannot be read. */
export function Message({ room, event }: MessageProps) {
  const t = useTexts();
  const language = useLanguage();
  const sender = event.getSender() ?? "";
  return (
    <li className="message">
      <span className="message-head">
        <strong>{room.getMember(sender)?.name ?? sender}</strong>
        <time dateTime={event.getDate()?.toISOString()}>{exactTime(event.getTs(), language)}</time>
        {event.status === null ? null : <span>{t("message.sending")}</span>}
      </span>
      <Body event={event} />
    </li>
  );
}

function Body({ event }: { event: MatrixEvent }) {
  const t = useTexts();
  if (event.isRedacted()) return <p className="unreadable">{t("message.deleted")}</p>;
  if (event.isBeingDecrypted()) return <p className="unreadable">{t("message.decrypting")}</p>;
  if (event.isDecryptionFailure() || event.getType() === EventType.RoomMessageEncrypted) {
    const reason = event.decryptionFailureReason;
    return <p className="unreadable">{t((reason && reasons[reason]) ?? "unreadable.unknown")}</p>;
  }
  const { body, msgtype } = event.getContent();
  const text = typeof body === "string" ? body : "";
  const isText = ["m.text", "m.notice", "m.emote"].includes(String(msgtype));
  return <p className="message-text">{isText ? text : t("message.file", { name: text })}</p>;
}
