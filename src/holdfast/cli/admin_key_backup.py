"""`holdfast admin key-backup …`."""

from collections.abc import Iterator
from pathlib import Path

import click

from holdfast.cli.admin_data import account_named, day, settings_of, where, write
from holdfast.cli.options import Failure
from holdfast.config import Settings
from holdfast.journal import rules as journal
from holdfast.key_backup import history as histories
from holdfast.key_backup.history import History
from holdfast.key_backup.history_shapes import (
    change_id,
    dehydrated_id,
    session_id,
    version_id,
)
from holdfast.key_backup.restore import Restored, Who
from holdfast.key_backup.restore import restore as bring_back
from holdfast.kit.clock import SystemClock
from holdfast.kit.db import Tx
from holdfast.kit.errors import NotFound

COLUMN = 24


@click.group("key-backup")
def key_backups() -> None:
    """See what has gone from somebody's key backup, and bring it back."""


@key_backups.command("history")
@click.argument("user")
@where
def history(user: str, config: Path | None, **flags: str | None) -> None:
    """List what can be brought back of USER's key backup and sessions.

    USER is a user ID or the part before the colon. The first column is what `restore` wants.
    """
    settings = settings_of(config, flags)
    user_id, who = _owner(settings, user)
    found = write(settings, lambda tx: histories.of_user(tx, user_id, who.since))
    lines = list(_lines(found))
    for line in lines or ["Nothing has gone that could be brought back."]:
        click.echo(line)


def _lines(found: History) -> Iterator[str]:
    for version in found.versions:
        told = f"version {version.version}, {_keys(version.count)}, {version.ended_how}"
        yield _line(version_id(version), version.ended_at or 0, told, version.ended_by)
    for change in found.changes:
        told = f"{_keys(change.count)} of version {change.version}, {change.ended_how}"
        yield _line(change_id(change), change.ended_at, told, change.ended_by)
    for session in found.sessions:
        told = f"session {session.device_id}, removed"
        yield _line(session_id(session), session.removed_at, told, None)
    for device in found.dehydrated:
        told = f"dehydrated device {device.device_id}, removed"
        yield _line(dehydrated_id(device), device.removed_at, told, None)
    more = found.more_versions + found.more_changes
    if more:
        yield f"There are {more} more, older ones."


def _line(item: str, at: int, told: str, by: str | None) -> str:
    return f"{item:<{COLUMN}}{day(at)}  {told}" + (f" by {by}" if by else "")


def _keys(count: int) -> str:
    return "1 key" if count == 1 else f"{count} keys"


@key_backups.command()
@click.argument("user")
@click.argument("item", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@where
def restore(user: str, item: str, yes: bool, config: Path | None, **flags: str | None) -> None:
    """Bring back what `history` lists as ID for USER.

    A version of the key backup becomes the current one again; keys go back to their places, over
    those that are there; a session comes back locked; a dehydrated device waits again. What has to
    give way can be brought back in turn.
    """
    settings = settings_of(config, flags)
    user_id, who = _owner(settings, user)
    if not yes:
        click.confirm(f"Bring back {item} of {user_id}?", abort=True)

    def act(tx: Tx) -> Restored:
        back = bring_back(tx, who, item)
        journal.write(tx, user_id, back.what, at=who.now, **back.facts)
        return back

    try:
        back = write(settings, act)
    except NotFound as error:
        raise Failure(error.text) from None
    click.echo(_told(back, user_id))


def _told(back: Restored, user_id: str) -> str:
    if back.what == "session_restored":
        return f"Session {back.facts['device_id']} of {user_id} is back, locked."
    if back.what == "dehydrated_device_changed":
        return f"The dehydrated device {back.facts['device_id']} of {user_id} waits again."
    if back.what == "room_keys_restored":
        return f"{_keys(back.count)} of {user_id} went back to version {back.facts['version']}."
    return f"Version {back.facts['version']} of {user_id} is the current one: {_keys(back.count)}."


def _owner(settings: Settings, user: str) -> tuple[str, Who]:
    """The user ID that `user` names, and on whose behalf things are looked at, now."""
    user_id = account_named(settings, user).user_id
    now = SystemClock().now_ms()
    since = now - settings.key_backup_undo_lifetime * 1000
    return user_id, Who(user_id, by=None, now=now, since=since)
