"""`holdfast doctor custody`: whether the custody report counts what there is."""

from functools import partial
from pathlib import Path

import click

from holdfast.cli.admin_data import settings_of, where, write
from holdfast.config import Settings
from holdfast.credentials import rules as credentials
from holdfast.credentials.rules import Account
from holdfast.custody.check import wrong_rooms
from holdfast.kit.db import Tx
from holdfast.rooms import recount

PAGE = 500


@click.command("custody")
@click.option("--repair", is_flag=True, help="Count every room anew first.")
@where
@click.pass_context
def custody(
    context: click.Context, /, repair: bool, config: Path | None, **flags: str | None
) -> None:
    """Compare the custody report of every account with a recount from every message.

    The exit code is 1 when something differs. With --repair every room is counted anew before
    that, one after the other, also while the server runs. A database that was made before Holdfast
    had the report needs this once.
    """
    settings = settings_of(config, flags)
    if repair:
        click.echo(f"Rooms that were counted anew: {_repair(settings)}")
    looked, wrong = 0, 0
    page = _after(settings, "")
    while page:
        for each in page:
            rooms = write(settings, partial(_wrong, each.user_id))
            looked, wrong = looked + 1, wrong + bool(rooms)
            for room_id in rooms:
                click.echo(f"WRONG  {each.user_id} {room_id}")
        page = _after(settings, page[-1].user_id)
    click.echo(f"Accounts: {looked}. Reports that are wrong: {wrong}.")
    if wrong:
        click.echo("Run: holdfast doctor custody --repair")
        context.exit(1)


def _after(settings: Settings, user_id: str) -> list[Account]:
    return write(settings, lambda tx: credentials.accounts(tx, user_id, PAGE))


def _repair(settings: Settings) -> int:
    done, after = 0, ""
    while page := write(settings, partial(_page, after)):
        for room_id in page:
            write(settings, partial(_recount, room_id))
        done, after = done + len(page), page[-1]
    return done


def _recount(room_id: str, tx: Tx) -> None:
    recount.recount(tx, room_id)


def _page(after: str, tx: Tx) -> list[str]:
    return recount.rooms(tx, after, PAGE)


def _wrong(user_id: str, tx: Tx) -> list[str]:
    return wrong_rooms(tx, user_id)
