"""`holdfast admin …`: what an operator does to the data of a server, running or not."""

from base64 import b32encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from holdfast.cli.options import Failure, loaded, setting_options
from holdfast.cli.prepare import opened
from holdfast.config.kinds import duration
from holdfast.kit import log
from holdfast.kit.clock import SystemClock
from holdfast.kit.db import Tx
from holdfast.kit.ids import SystemRandomness
from holdfast.uia import registration_tokens
from holdfast.uia.registration_tokens import RegistrationToken

T = TypeVar("T")
TOKEN_BYTES = 15
EXPIRY = duration(60, 3650 * 86400)

where = setting_options("data_dir", "database")
"""The flags that say which server's data is meant."""


def write(config: Path | None, flags: dict[str, str | None], rule: Callable[[Tx], T]) -> T:
    """Run `rule` in a transaction on the data that the flags, environment and file name.

    Raises:
        Failure: the settings or the database cannot be used.
    """
    settings = loaded(config, flags).settings
    log.configure(settings.log_format, "warning")
    file = settings.sqlite_path
    if file is not None and not file.exists():
        raise Failure(
            f"There is no database at {file.absolute()}. Name the server's settings with --config, "
            "--data-dir or --database; if it has never run, start it once."
        )
    database = opened(settings)
    try:
        return database.run_now(rule)
    finally:
        database.close_now()


@click.group()
def admin() -> None:
    """Look after accounts. The server may be running meanwhile."""


@admin.group("registration-token")
def tokens() -> None:
    """Invite people: with a registration token they can create an account."""


@tokens.command()
@click.option("--uses", type=click.IntRange(1, 1_000_000), help="How many accounts it is for.")
@click.option("--expires", metavar="DURATION", help="When it ends, such as 7d from now.")
@where
def create(uses: int | None, expires: str | None, config: Path | None, **flags: str | None) -> None:
    """Make a token and print it. It is shown this once; only a digest of it is kept."""
    now = SystemClock().now_ms()
    ends = None if expires is None else now + _milliseconds(expires)
    token = b32encode(SystemRandomness().bytes(TOKEN_BYTES)).decode().lower()
    write(
        config,
        flags,
        lambda tx: registration_tokens.create(tx, token, uses=uses, expires_at=ends, now=now),
    )
    click.echo(token)


def _milliseconds(text: str) -> int:
    try:
        return int(str(EXPIRY.parse(text))) * 1000
    except ValueError:
        raise Failure(f"--expires: expected {EXPIRY.expects}.") from None


@tokens.command("list")
@where
def list_tokens(config: Path | None, **flags: str | None) -> None:
    """List the tokens, by their first characters."""
    now = SystemClock().now_ms()
    found = write(config, flags, registration_tokens.every)
    if not found:
        click.echo("There are no registration tokens.")
        return
    click.echo(f"{'token':<8}{'accounts':<20}{'made':<18}ends")
    for each in found:
        click.echo(
            f"{each.hint + '…':<8}{_uses(each):<20}{_day(each.created_at):<18}{_end(each, now)}"
        )


def _uses(token: RegistrationToken) -> str:
    allowed = "any number" if token.uses_allowed is None else str(token.uses_allowed)
    return f"{token.completed} of {allowed}"


def _end(token: RegistrationToken, now: int) -> str:
    if token.expires_at is None:
        return "never"
    return f"{_day(token.expires_at)}{' (over)' if token.expires_at <= now else ''}"


def _day(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M")


@tokens.command()
@click.argument("token")
@where
def revoke(token: str, config: Path | None, **flags: str | None) -> None:
    """Make TOKEN useless. The first four characters, as `list` shows them, are enough."""
    hint = token.rstrip("…")
    count = write(config, flags, lambda tx: _revoked(tx, hint))
    if count > 1:
        raise Failure(f"{count} tokens begin with {hint}; name the whole token.")
    if count == 0:
        raise Failure("There is no such registration token.")
    click.echo("The token no longer works. Accounts made with it stay.")


def _revoked(tx: Tx, token: str) -> int:
    """Revoke the one token that `token` names; return how many it could have named."""
    if registration_tokens.revoke(tx, token):
        return 1
    named = [each for each in registration_tokens.every(tx) if each.hint == token]
    if len(named) == 1:
        registration_tokens.revoke_hinted(tx, token)
    return len(named)
