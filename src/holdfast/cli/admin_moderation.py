"""`holdfast admin moderation …`."""

from pathlib import Path

import click

from holdfast.admin import reports, rules
from holdfast.admin.rules import Restriction
from holdfast.cli.admin_data import account_named, day, settings_of, where, write
from holdfast.cli.options import Failure
from holdfast.credentials import rules as credentials
from holdfast.kit.clock import SystemClock
from holdfast.kit.db import Tx


@click.group("moderation")
def moderation() -> None:
    """Say who administers a server, lock and suspend accounts, read reports."""


@moderation.command("make-admin")
@click.argument("user")
@where
def make_admin(user: str, config: Path | None, **flags: str | None) -> None:
    """Make USER an administrator, who may lock and suspend accounts with a client."""
    _set_admin(user, config, flags, is_admin=True)


@moderation.command("remove-admin")
@click.argument("user")
@where
def remove_admin(user: str, config: Path | None, **flags: str | None) -> None:
    """Let USER be no administrator any more."""
    _set_admin(user, config, flags, is_admin=False)


def _set_admin(
    user: str, config: Path | None, flags: dict[str, str | None], *, is_admin: bool
) -> None:
    settings = settings_of(config, flags)
    user_id = account_named(settings, user).user_id
    write(settings, lambda tx: credentials.set_admin(tx, user_id, is_admin=is_admin))
    click.echo(f"{user_id} is {'an' if is_admin else 'no'} administrator.")


@moderation.command("lock")
@click.argument("user")
@where
def lock(user: str, config: Path | None, **flags: str | None) -> None:
    """Let USER do nothing any more. Sessions, keys and rooms stay as they are."""
    _restrict(user, config, flags, "locked", on=True)


@moderation.command("unlock")
@click.argument("user")
@where
def unlock(user: str, config: Path | None, **flags: str | None) -> None:
    """Let USER go on with the sessions that were locked."""
    _restrict(user, config, flags, "locked", on=False)


@moderation.command("suspend")
@click.argument("user")
@where
def suspend(user: str, config: Path | None, **flags: str | None) -> None:
    """Let USER read and leave rooms only."""
    _restrict(user, config, flags, "suspended", on=True)


@moderation.command("unsuspend")
@click.argument("user")
@where
def unsuspend(user: str, config: Path | None, **flags: str | None) -> None:
    """Let USER write again."""
    _restrict(user, config, flags, "suspended", on=False)


def _restrict(
    user: str, config: Path | None, flags: dict[str, str | None], what: Restriction, *, on: bool
) -> None:
    settings = settings_of(config, flags)
    account = account_named(settings, user)
    if account.deactivated_at is not None:
        raise Failure(f"{account.user_id} is closed.")
    now = SystemClock().now_ms()

    def act(tx: Tx) -> None:
        tx.lock(f"user {account.user_id}")
        current = credentials.account(tx, account.user_id) or account
        rules.restrict(tx, current, what, now, None, on=on)

    write(settings, act)
    click.echo(f"{account.user_id} is {'' if on else 'not '}{what}.")


@moderation.command("reports")
@where
def list_reports(config: Path | None, **flags: str | None) -> None:
    """List what users have reported and nobody has closed."""
    settings = settings_of(config, flags)
    found = write(settings, reports.open_reports)
    if not found:
        click.echo("There are no open reports.")
    for each in found:
        about = [each.user_id, each.room_id, each.event_id]
        named = "  ".join(part for part in about if part)
        click.echo(f"{each.report_id}  {day(each.reported_at)}  by {each.reporter}  about {named}")
        if each.reason:
            click.echo(f"    {each.reason}")


@moderation.command("close-report")
@click.argument("number", type=int)
@where
def close_report(number: int, config: Path | None, **flags: str | None) -> None:
    """Close the report of this NUMBER."""
    settings = settings_of(config, flags)
    now = SystemClock().now_ms()
    if not write(settings, lambda tx: reports.close(tx, number, now)):
        raise Failure(f"There is no open report {number}.")
    click.echo(f"Report {number} is closed.")
