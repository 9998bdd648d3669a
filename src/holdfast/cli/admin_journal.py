"""`holdfast admin journal`."""

from pathlib import Path

import click

from holdfast.cli.admin_data import account_named, day, settings_of, where, write
from holdfast.journal import rules
from holdfast.journal.rules import Entry

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
    user_id = account_named(settings, user).user_id
    page = write(settings, lambda tx: rules.page(tx, user_id, limit))
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
