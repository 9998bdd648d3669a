"""`holdfast admin account …`."""

from pathlib import Path

import click

from holdfast.accounts.deactivate import close_account
from holdfast.cli.admin_data import account_named, day, settings_of, where, write
from holdfast.cli.options import Failure
from holdfast.config import Settings
from holdfast.credentials import rules as credentials
from holdfast.credentials.rules import Account
from holdfast.kit.clock import SystemClock
from holdfast.kit.db import Tx
from holdfast.kit.ids import SystemRandomness
from holdfast.kit.mail.seal import server_key
from holdfast.kit.signer import Signer

PAGE = 500


@click.group("account")
def accounts() -> None:
    """See the accounts of a server, and close one."""


@accounts.command("list")
@where
def list_accounts(config: Path | None, **flags: str | None) -> None:
    """List every account with the day on which it was made."""
    settings = settings_of(config, flags)
    page = _after(settings, "")
    if not page:
        click.echo("There are no accounts yet.")
    while page:
        for each in page:
            closed = "" if each.deactivated_at is None else f"  closed {day(each.deactivated_at)}"
            click.echo(f"{day(each.created_at)}  {each.user_id}{closed}")
        page = _after(settings, page[-1].user_id)


def _after(settings: Settings, user_id: str) -> list[Account]:
    return write(settings, lambda tx: credentials.accounts(tx, user_id, PAGE))


@accounts.command()
@click.argument("user")
@click.option("--erase", is_flag=True, help="Also remove profile, account data and key backups.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@where
def deactivate(user: str, erase: bool, yes: bool, config: Path | None, **flags: str | None) -> None:
    """Close the account of USER for good.

    USER is a user ID or the part before the colon. All sessions are removed, and with them the keys
    that exist on this server only; addresses become free; the user name stays taken.
    """
    settings = settings_of(config, flags)
    account = account_named(settings, user)
    user_id = account.user_id
    if account.deactivated_at is not None:
        raise Failure(f"{user_id} was closed before, on {day(account.deactivated_at)}.")
    if not yes:
        click.confirm(f"Close {user_id} for good?", abort=True)
    now = SystemClock().now_ms()
    signer = Signer(settings.server_name, server_key(settings.data_dir, SystemRandomness()))

    def close(tx: Tx) -> None:
        tx.lock(f"user {user_id}")
        close_account(tx, settings, signer, user_id, erase=erase, now=now)

    write(settings, close)
    click.echo(f"{user_id} is closed.")
