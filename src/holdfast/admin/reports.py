"""What users report to the administrators (Client-Server API, "Reporting Content")."""

from holdfast.admin import sql
from holdfast.admin.sql import Report
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam, NotFound
from holdfast.rooms import members, reading

__all__ = ["Report"]

REASON_LENGTH = 2000
LISTED = 500


def check_reason(reason: str | None) -> str:
    """The reason for a report, which may be left out.

    Raises:
        InvalidParam: it is too long.
    """
    if len(reason or "") > REASON_LENGTH:
        raise InvalidParam(f"A reason has at most {REASON_LENGTH} characters.")
    return reason or ""


def event(tx: Tx, reporter: str, room_id: str, event_id: str, reason: str, now: int) -> None:
    """Report an event.

    Raises:
        NotFound: there is no such event, or none that the reporter may see.
    """
    found = reading.event(tx, reporter, room_id, event_id)
    about = {"room_id": room_id, "event_id": event_id, "user_id": found.sender}
    sql.put(tx, reporter, about, reason, now)


def room(tx: Tx, reporter: str, room_id: str, reason: str, now: int) -> None:
    """Report a room that the reporter is or was in, or is invited to.

    Raises:
        NotFound: there is no such room for the reporter.
    """
    if members.member(tx, room_id, reporter) is None:
        raise NotFound("There is no such room here.")
    sql.put(tx, reporter, {"room_id": room_id, "event_id": None, "user_id": None}, reason, now)


def user(tx: Tx, reporter: str, user_id: str, reason: str, now: int) -> None:
    """Report a user. Whether there is one is not told; nothing is stored of what is nobody's."""
    if members.sharing(tx, reporter, [user_id]) or members.of_user(tx, user_id):
        about = {"room_id": None, "event_id": None, "user_id": user_id}
        sql.put(tx, reporter, about, reason, now)


def open_reports(tx: Tx) -> list[Report]:
    """Reports that nobody has closed, the oldest first."""
    return sql.open_reports(tx, LISTED)


def close(tx: Tx, report_id: int, now: int) -> bool:
    """Close a report; False when it is closed already, or not there."""
    return sql.close(tx, report_id, now)
