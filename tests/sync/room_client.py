"""A client that keeps rooms the way matrix-js-sdk does: the state it is told, then the timeline."""

from typing import Any

from tests.world import Answer, Person, World

State = dict[tuple[str, str], Any]


class RoomClient:
    """What a client knows: its position, and of each room the state, counts and so on."""

    def __init__(self, person: Person, *, state_after: bool = False) -> None:
        self.person = person
        self.state_after = state_after
        self.since: str | None = None
        self.state: dict[str, State] = {}
        self.events: dict[str, list[str]] = {}
        self.account_data: dict[str, dict[str, Any]] = {}
        self.receipts: dict[str, dict[Any, Any]] = {}
        self.typing: dict[str, list[str]] = {}
        self.counts: dict[str, Any] = {}
        self.summary: dict[str, Any] = {}
        self.invited: set[str] = set()
        self.knocked: set[str] = set()
        self.left: set[str] = set()

    async def ask(self, **query: str | int) -> Answer:
        """One `GET /sync` from where the client is."""
        params: dict[str, Any] = {**query}
        if self.since is not None:
            params["since"] = self.since
        if self.state_after:
            params["use_state_after"] = "true"
        return await self.person.get("sync", params=params)

    async def sync(self, **query: str | int) -> dict[str, Any]:
        """Ask and take in; the rooms of the answer."""
        answer = await self.ask(**query)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        self.since = body["next_batch"]
        rooms: dict[str, Any] = body["rooms"]
        for room_id, room in rooms["join"].items():
            self._take(room_id, room)
            self.invited.discard(room_id)
            self.knocked.discard(room_id)
            self.left.discard(room_id)
            self._take_beside(room_id, room)
        for room_id, room in rooms["leave"].items():
            self._take(room_id, room)
            self._forget(room_id)
            self.left.add(room_id)
        for room_id in rooms["invite"]:
            self._forget(room_id)
            self.invited.add(room_id)
        for room_id in rooms["knock"]:
            self._forget(room_id)
            self.knocked.add(room_id)
        return rooms

    def _take(self, room_id: str, room: dict[str, Any]) -> None:
        state = self.state.setdefault(room_id, {})
        timeline = room["timeline"]
        if timeline["limited"]:
            self.events[room_id] = []
        _apply(state, room["state_after" if self.state_after else "state"]["events"])
        if not self.state_after:
            _apply(state, timeline["events"])
        for event in timeline["events"]:
            self.events.setdefault(room_id, []).append(event["event_id"])
            if event["type"] == "m.room.redaction":
                _redact(state, event["redacts"])

    def _take_beside(self, room_id: str, room: dict[str, Any]) -> None:
        for event in room["account_data"]["events"]:
            self.account_data.setdefault(room_id, {})[event["type"]] = event["content"]
        for event in room["ephemeral"]["events"]:
            if event["type"] == "m.typing":
                self.typing[room_id] = event["content"]["user_ids"]
            else:
                self._take_receipts(room_id, event["content"])
        self.counts[room_id] = room["unread_notifications"]
        if room["summary"]:
            self.summary[room_id] = room["summary"]

    def _take_receipts(self, room_id: str, content: dict[str, Any]) -> None:
        known = self.receipts.setdefault(room_id, {})
        for event_id, kinds in content.items():
            for kind, users in kinds.items():
                for user_id, said in users.items():
                    known[kind, user_id, said.get("thread_id")] = (event_id, said["ts"])

    def _forget(self, room_id: str) -> None:
        self.invited.discard(room_id)
        self.knocked.discard(room_id)
        self.left.discard(room_id)
        for known in (
            self.state,
            self.events,
            self.account_data,
            self.receipts,
            self.typing,
            self.counts,
            self.summary,
        ):
            known.pop(room_id, None)

    def knows(self) -> dict[str, Any]:
        """All that must be the same for a client that begins anew."""
        typing = {room_id: users for room_id, users in self.typing.items() if users}
        return {
            "state": self.state,
            "account data": self.account_data,
            "receipts": self.receipts,
            "typing": typing,
            "counts": self.counts,
            "summary": self.summary,
            "invited": self.invited,
            "knocked": self.knocked,
        }


def _apply(state: State, events: list[dict[str, Any]]) -> None:
    for event in events:
        if "state_key" in event:
            shown = {key: event[key] for key in ("event_id", "content", "sender")}
            state[event["type"], event["state_key"]] = shown


def _redact(state: State, event_id: str) -> None:
    """A redaction leaves of names and topics nothing, which is all that is redacted here."""
    for shown in state.values():
        if shown["event_id"] == event_id:
            shown["content"] = {}


async def people(world: World, *names: str) -> list[Person]:
    """Accounts of these names."""
    return [await world.register(name) for name in names]


async def synced(person: Person, **more: Any) -> RoomClient:
    """A client that has synced once."""
    client = RoomClient(person, **more)
    await client.sync()
    return client


def ids(room: dict[str, Any]) -> list[str]:
    """The IDs of the events in a room's timeline."""
    return [event["event_id"] for event in room["timeline"]["events"]]
