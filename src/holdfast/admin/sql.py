"""Tables: reports."""

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Report:
    """What somebody has told the administrators of."""

    report_id: int
    reporter: str
    room_id: str | None
    event_id: str | None
    user_id: str | None
    reason: str
    reported_at: int


def put(
    tx: Tx,
    reporter: str,
    about: Mapping[str, str | None],
    reason: str,
    now: int,
) -> None:
    """Store a report; `about` names the `room_id`, `event_id` and `user_id`."""
    tx.run(
        "INSERT INTO reports (reporter, room_id, event_id, user_id, reason, reported_at)"
        " VALUES (:reporter, :room_id, :event_id, :user_id, :reason, :now)",
        reporter=reporter,
        **about,
        reason=reason,
        now=now,
    )


def open_reports(tx: Tx, limit: int) -> list[Report]:
    """Reports that nobody has closed, the oldest first."""
    return tx.all(
        Report,
        "SELECT report_id, reporter, room_id, event_id, user_id, reason, reported_at FROM reports"
        " WHERE closed_at IS NULL ORDER BY report_id LIMIT :limit",
        limit=limit,
    )


def close(tx: Tx, report_id: int, now: int) -> bool:
    """Close a report; False when it is closed already, or not there."""
    return bool(
        tx.run(
            "UPDATE reports SET closed_at = :now WHERE report_id = :report_id"
            " AND closed_at IS NULL",
            report_id=report_id,
            now=now,
        )
    )
