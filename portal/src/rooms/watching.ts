import {
  ClientEvent,
  type MatrixClient,
  MatrixEventEvent,
  RoomEvent,
  RoomStateEvent,
} from "matrix-js-sdk";
import { useEffect, useState } from "react";

const roomEvents = [
  RoomEvent.Timeline,
  RoomEvent.Name,
  RoomEvent.MyMembership,
  RoomEvent.LocalEchoUpdated,
  RoomEvent.Redaction,
] as const;

/** Draws a component again whenever something happens in the client's rooms. */
export function useRoomChanges(client: MatrixClient): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    let waiting = false;
    const changed = () => {
      // A sync brings hundreds of changes at once: one drawing is enough for them.
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        setTick((tick) => tick + 1);
      });
    };
    client.on(ClientEvent.Room, changed);
    client.on(MatrixEventEvent.Decrypted, changed);
    client.on(RoomStateEvent.Events, changed);
    for (const event of roomEvents) client.on(event, changed);
    return () => {
      client.off(ClientEvent.Room, changed);
      client.off(MatrixEventEvent.Decrypted, changed);
      client.off(RoomStateEvent.Events, changed);
      for (const event of roomEvents) client.off(event, changed);
    };
  }, [client]);
}
