"""The custody report: all that the server can tell about who can open an account's history."""

import msgspec

from holdfast.custody import sql
from holdfast.custody.choices import Choices, Other, Standing, choices
from holdfast.custody.coverage import NO_BACKUP, Room, coverage
from holdfast.custody.recovery import Recovery, recovery
from holdfast.custody.sql import Created
from holdfast.device_keys import identity
from holdfast.key_backup import rules as key_backup
from holdfast.key_backup.rules import Storing
from holdfast.kit.db import Tx
from holdfast.sessions import rules as sessions
from holdfast.sessions.clients import Form, Keeps, client
from holdfast.sessions.rules import Device
from holdfast.sessions.shapes import state_of

TIME_TO_UPLOAD_MS = 600_000
"""A client stores a new key within moments; one that has not after ten minutes does not."""


class RoomShape(msgspec.Struct):
    """A room's messages. Times are milliseconds, and 0 where nothing is at risk.

    `at_risk_by` are those at risk by the user ID of who sent them.
    """

    room_id: str
    events: int
    covered: int
    at_risk: int
    not_readable: int
    at_risk_of_own: int
    at_risk_by: dict[str, int]
    first_at_risk_ts: int
    last_at_risk_ts: int


class Coverage(msgspec.Struct):
    """The totals, and the rooms with encrypted messages."""

    events: int
    covered: int
    at_risk: int
    not_readable: int
    rooms: list[RoomShape]


class Session(msgspec.Struct):
    """One session. `last_backup_ts` is 0 where it never stored a key in the current backup."""

    device_id: str
    state: str
    verified: bool
    backing_up: Keeps
    last_backup_ts: int
    megolm_sessions: int
    megolm_sessions_backed_up: int
    at_risk_if_removed: int
    keeps_keys_when_locked: Keeps
    lock_form: Form
    display_name: str | None
    last_seen_ts: int
    user_agent: str | None


class Report(msgspec.Struct):
    """The custody report."""

    coverage: Coverage
    sessions: list[Session]
    recovery: Recovery
    choices: Choices


def report(tx: Tx, user_id: str, own: str | None, now: int) -> Report:
    """The report for an account; `own` is the session that asks, which no choice is about.

    `now` is in milliseconds. The number of statements is fixed.
    """
    backup = key_backup.current(tx, user_id)
    rooms = coverage(tx, user_id)
    standing = identity.standing(tx, user_id)
    number, since = (backup.number, backup.created_at) if backup else (NO_BACKUP, 0)
    created = {each.device_id: each for each in sql.created(tx, number, user_id, since)}
    storing = {each.device_id: each for each in key_backup.storing(tx, user_id)}
    held = _held(rooms, user_id)
    shown = [
        _session(
            device,
            created.get(device.device_id, Created(device.device_id, 0, 0, None)),
            storing.get(device.device_id, Storing(device.device_id, 0, 0)),
            verified=device.device_id in standing.verified,
            held=held.get(device.device_id, 0),
            now=now,
        )
        for device in sessions.devices(tx, user_id)
    ]
    way_in = recovery(tx, user_id, backup, identity=standing.complete)
    return Report(_coverage(rooms, user_id), shown, way_in, _choices(rooms, shown, way_in, own))


def _held(rooms: list[Room], user_id: str) -> dict[str, int]:
    """By device ID: the messages at risk that a session of the user's own has sent."""
    held: dict[str, int] = {}
    for room in rooms:
        for (sender, device_id), events in room.holders.items():
            if sender == user_id:
                held[device_id] = held.get(device_id, 0) + events
    return held


def _by_sender(room: Room) -> dict[str, int]:
    """How many of a room's messages at risk each user has sent."""
    found: dict[str, int] = {}
    for (sender, _), events in room.holders.items():
        found[sender] = found.get(sender, 0) + events
    return found


def _coverage(rooms: list[Room], user_id: str) -> Coverage:
    return Coverage(
        events=sum(room.events for room in rooms),
        covered=sum(room.covered for room in rooms),
        at_risk=sum(room.at_risk for room in rooms),
        not_readable=sum(room.not_readable for room in rooms),
        rooms=[_room(room, user_id) for room in rooms],
    )


def _room(room: Room, user_id: str) -> RoomShape:
    by = _by_sender(room)
    return RoomShape(
        room.room_id,
        room.events,
        room.covered,
        room.at_risk,
        room.not_readable,
        by.get(user_id, 0),
        by,
        room.first_at_risk_ts or 0,
        room.last_at_risk_ts or 0,
    )


def _session(
    device: Device, created: Created, storing: Storing, *, verified: bool, held: int, now: int
) -> Session:
    known = client(device.display_name, device.last_seen_user_agent)
    return Session(
        device.device_id,
        state_of(device),
        verified,
        _backing_up(created, storing, now),
        storing.last_at,
        created.sessions,
        created.backed_up,
        held,
        known.keeps,
        known.form,
        device.display_name,
        device.last_seen_at or 0,
        device.last_seen_user_agent,
    )


def _backing_up(created: Created, storing: Storing, now: int) -> Keeps:
    missing = created.first_missing_ts
    if missing is not None and missing < now - TIME_TO_UPLOAD_MS:
        return "no"
    return "yes" if storing.last_at else "unknown"


def _choices(rooms: list[Room], shown: list[Session], way_in: Recovery, own: str | None) -> Choices:
    at_risk = sum(room.at_risk for room in rooms)
    standing = Standing(
        readable=sum(room.events - room.not_readable for room in rooms),
        by_others=at_risk - sum(each.at_risk_if_removed for each in shown),
        backup=bool(way_in.backup_version),
        way_in=way_in.way_in,
        proven=bool(way_in.last_proven_ts),
        own=own is not None,
    )
    others = [
        Other(each.state == "locked", each.keeps_keys_when_locked, each.at_risk_if_removed)
        for each in shown
        if each.device_id != own
    ]
    return choices(standing, others)
