"""`holdfast admin journal`."""

from pathlib import Path

import click

from holdfast.cli.admin_data import day, settings_of, where, write
from holdfast.cli.options import Failure
from holdfast.credentials import rules as credentials
from holdfast.credentials.identifiers import user_id_from
from holdfast.journal import rules
from holdfast.journal.rules import Entry, Page
from holdfast.kit.db import Tx

USUAL = 50
BROADEST = 28


@click.command()
@click.argument("user")
@click.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=USUAL,
    show_default=True,
    help="How many entries to show.",
)
@where
def journal(user: str, limit: int, config: Path | None, **flags: str | None) -> None:
    """Show what was done to the account of USER, when and from where, the newest first.

    USER is a user ID or the part before the colon. After the time (UTC) and what was done come the
    session and the address that did it ("-" where it was nobody signed in, or this command line),
    and its facts as JSON.
    """
    settings = settings_of(config, flags)
    user_id = user_id_from(user, settings.server_name)

    def look(tx: Tx) -> Page | None:
        known = user_id is not None and credentials.account(tx, user_id) is not None
        return rules.page(tx, user_id or "", limit) if known else None

    page = write(settings, look)
    if page is None:
        raise Failure(f"There is no account {user} on {settings.server_name}.")
    for entry in page.entries:
        click.echo(_line(entry))
    if not page.entries:
        click.echo(f"The journal of {user_id} is empty.")
    if page.next_before is not None:
        click.echo(f"There is more: these are the newest {limit}. Raise --limit to see the rest.")


def _line(entry: Entry) -> str:
    who = f"{entry.by_device or '-'}  {entry.by_address or '-'}"
    line = f"{day(entry.at)}  {entry.what:<{BROADEST}}{who}  {entry.facts}"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in line)
