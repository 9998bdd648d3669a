"""What may be changed in `m.room.power_levels` (Room Version 10, "Authorization rules", rule 9)."""

from collections.abc import Iterator, Mapping
from typing import Any

from holdfast.credentials.identifiers import is_user_id
from holdfast.kit.errors import Forbidden
from holdfast.rooms.auth.power import Power, creators, is_level
from holdfast.rooms.events import Draft
from holdfast.rooms.state import POWER_LEVELS, State
from holdfast.rooms.versions import RoomVersion

_SINGLE = (
    "users_default",
    "events_default",
    "state_default",
    "ban",
    "redact",
    "kick",
    "invite",
)
_NO_LEVEL = "A power level is a whole number."


def check(version: RoomVersion, draft: Draft, state: State) -> None:
    """Refuse power levels that are none, or that give or take what the sender has not.

    Raises:
        Forbidden: they may not be set.
    """
    _check_form(draft.content)
    if version.creators_above_all and creators(version, state) & set(
        draft.content.get("users", {})
    ):
        raise Forbidden("Creators have all power for good; leave them out of the power levels.")
    found = state.get(POWER_LEVELS)
    if found is not None:
        _check_changes(draft, found.content, Power(version, state).of(draft.sender))


def _check_form(content: dict[str, Any]) -> None:
    """Rules 9.1 to 9.3."""
    if any(name in content and not is_level(content[name]) for name in _SINGLE):
        raise Forbidden(_NO_LEVEL)
    for name in ("events", "notifications", "users"):
        levels = content.get(name, {})
        if not isinstance(levels, dict) or not all(map(is_level, levels.values())):
            raise Forbidden(f"'{name}' in power levels is an object of whole numbers.")
    if not all(map(is_user_id, content.get("users", {}))):
        raise Forbidden("The 'users' of power levels are user IDs.")


def _check_changes(draft: Draft, old: Mapping[str, Any], own: int) -> None:
    """Rules 9.5 to 9.8: nobody changes what is above them, or raises anything above themselves."""
    new = draft.content
    changes = [(old.get(name), new.get(name)) for name in _SINGLE]
    for name in ("events", "notifications"):
        changes += [(was, now) for _key, was, now in _changed(old.get(name), new.get(name))]
    for was, now in changes:
        if was != now and any(is_level(level) and level > own for level in (was, now)):
            raise Forbidden("You cannot change power levels that are higher than your own.")
    for user_id, was, now in _changed(old.get("users"), new.get("users")):
        if is_level(was) and was >= own and user_id != draft.sender:
            raise Forbidden("You cannot change the power of somebody who has as much as you.")
        if is_level(now) and now > own:
            raise Forbidden("You cannot give more power than you have.")


def _changed(old: object, new: object) -> Iterator[tuple[str, Any, Any]]:
    """The key, old and new value of every entry that differs."""
    before = old if isinstance(old, dict) else {}
    after = new if isinstance(new, dict) else {}
    for key in {*before, *after}:
        if before.get(key) != after.get(key):
            yield key, before.get(key), after.get(key)
