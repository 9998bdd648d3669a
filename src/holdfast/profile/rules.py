"""Profiles: what a user tells everybody (Client-Server API, "Profiles")."""

import re
from collections.abc import Sequence

import msgspec

from holdfast.credentials import rules as credentials
from holdfast.credentials.identifiers import localpart_of
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam, MatrixError, NotFound
from holdfast.profile import sql
from holdfast.profile.sql import Field

__all__ = ["Field"]

NAME_BYTES = 255
PROFILE_BYTES = 64 * 1024
DISPLAY_NAME_LENGTH = 256
ADDRESS_LENGTH = 1024
# Appendices, "Common Namespaced Identifier Grammar", for fields of others than the specification.
_NAMESPACED = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+")
_PICTURE = re.compile(r"mxc://[^\s/]+/[A-Za-z0-9_-]+")


def profile(tx: Tx, user_id: str) -> list[Field]:
    """A user's fields.

    Raises:
        NotFound: there is no such user.
    """
    found = sql.fields(tx, user_id)
    if not found and credentials.account(tx, user_id) is None:
        raise NotFound("There is no such user here.")
    return found


def shown(tx: Tx, user_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """What rooms show of some users: `displayname` and `avatar_url` of each. One statement."""
    found: dict[str, dict[str, str]] = {user_id: {} for user_id in user_ids}
    for field in sql.shown(tx, user_ids):
        found[field.user_id][field.name] = msgspec.json.decode(field.value)
    return found


def check_name(name: str) -> None:
    """Refuse names that no field can have.

    Raises:
        MatrixError: `M_KEY_TOO_LARGE` or `M_INVALID_PARAM`.
    """
    if len(name.encode()) > NAME_BYTES:
        raise MatrixError(
            400, "M_KEY_TOO_LARGE", f"A profile field's name has at most {NAME_BYTES} bytes."
        )
    if name not in ("displayname", "avatar_url") and not _NAMESPACED.fullmatch(name):
        raise InvalidParam(
            "A profile field is displayname, avatar_url, or of the form org.example.name."
        )


def check_value(name: str, value: msgspec.Raw) -> str | None:
    """A value as it is stored; None when it says that there shall be none.

    Clients remove a name or a picture by setting it to an empty text.

    Raises:
        InvalidParam: the specification wants another kind of value for this field.
    """
    if name not in ("displayname", "avatar_url", "m.tz"):
        return bytes(value).decode()
    text = _text(name, value)
    if name == "displayname" and len(text) > DISPLAY_NAME_LENGTH:
        raise InvalidParam(f"A display name has at most {DISPLAY_NAME_LENGTH} characters.")
    if name == "avatar_url" and text and not (_PICTURE.fullmatch(text) and _is_short(text)):
        raise InvalidParam("avatar_url must be the mxc:// address of an uploaded picture.")
    if name == "m.tz" and not _is_short(text):
        raise InvalidParam("m.tz must be the name of a time zone.")
    return bytes(value).decode() if text else None


def _text(name: str, value: msgspec.Raw) -> str:
    try:
        return msgspec.json.decode(value, type=str)
    except msgspec.ValidationError:
        raise InvalidParam(f"{name} must be a text.") from None


def _is_short(text: str) -> bool:
    return len(text) <= ADDRESS_LENGTH


def put(tx: Tx, user_id: str, name: str, value: str | None) -> None:
    """Set a field of a user's profile; None removes it.

    Raises:
        MatrixError: `M_PROFILE_TOO_LARGE`: the profile would have more than 64 KiB.
    """
    if value is None:
        sql.delete(tx, user_id, name)
        return
    tx.lock(f"profile {user_id}")
    others = [field for field in sql.fields(tx, user_id) if field.name != name]
    field = Field(name, value)
    # Each field costs two quotation marks, a colon and a comma besides; the braces are the rest.
    size = 2 + sum(len(each.name) + len(each.value.encode()) + 4 for each in (*others, field))
    if size > PROFILE_BYTES:
        raise MatrixError(
            400, "M_PROFILE_TOO_LARGE", "A profile has at most 64 KiB. Remove another field first."
        )
    sql.put(tx, user_id, field)


def delete(tx: Tx, user_id: str, name: str) -> None:
    """Remove a field; one that is not there is as gone as it can be."""
    sql.delete(tx, user_id, name)


def begin(tx: Tx, user_id: str) -> None:
    """Give a new account the profile it begins with: its local part as display name.

    Without a display name clients show the whole user ID everywhere, and the first thing a new
    user would meet is `@alice:example.org` instead of "alice". Stored rather than made up when
    asked, so that removing it removes it.
    """
    name = msgspec.json.encode(localpart_of(user_id)).decode()
    sql.put(tx, user_id, Field("displayname", name))


def erase(tx: Tx, user_id: str) -> None:
    """Forget all of a user's profile, when the account is closed and its owner asks for it."""
    sql.delete_all(tx, user_id)
