"""Tables: media."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx

FORGOTTEN_AT_ONCE = 1000


@dataclass(frozen=True)
class Media:
    """An uploaded file, or one that is to come (`uploaded_at` is None)."""

    media_id: str
    user_id: str
    content_type: str
    file_name: str | None
    size: int
    created_at: int
    uploaded_at: int | None


def put(tx: Tx, media: Media) -> None:
    """Store a new file's row."""
    tx.run(
        "INSERT INTO media (media_id, user_id, content_type, file_name, size, created_at,"
        " uploaded_at) VALUES (:media_id, :user_id, :content_type, :file_name, :size,"
        " :created_at, :uploaded_at)",
        **vars(media),
    )


def fill(tx: Tx, media: Media) -> bool:
    """Store that the content of a file has come; False when it had come before."""
    return bool(
        tx.run(
            "UPDATE media SET content_type = :content_type, file_name = :file_name, size = :size,"
            " uploaded_at = :uploaded_at WHERE media_id = :media_id AND uploaded_at IS NULL",
            media_id=media.media_id,
            content_type=media.content_type,
            file_name=media.file_name,
            size=media.size,
            uploaded_at=media.uploaded_at,
        )
    )


def one(tx: Tx, media_id: str) -> Media | None:
    """A file's row."""
    return tx.one(
        Media,
        "SELECT media_id, user_id, content_type, file_name, size, created_at, uploaded_at"
        " FROM media WHERE media_id = :media_id",
        media_id=media_id,
    )


def to_come(tx: Tx, user_id: str) -> int:
    """How many files of a user are to come."""
    found: int = tx.value(
        "SELECT count(*) FROM media WHERE user_id = :user_id AND uploaded_at IS NULL",
        user_id=user_id,
    )
    return found


def forget_late(tx: Tx, before: int) -> int:
    """Forget files whose content has not come since a time; return how many there were."""
    return tx.run(
        "DELETE FROM media WHERE uploaded_at IS NULL AND created_at < :before", before=before
    )


def known(tx: Tx, media_ids: Sequence[str]) -> list[str]:
    """Those of some media IDs that have a row."""
    return tx.all(
        str,
        "SELECT media_id FROM media WHERE media_id IN each(:media_ids)",
        media_ids=list(media_ids),
    )


def delete(tx: Tx, media_id: str) -> bool:
    """Remove a file's row; False when there is none."""
    return bool(tx.run("DELETE FROM media WHERE media_id = :media_id", media_id=media_id))
