"""`holdfast admin registration-token …`."""

from base64 import b32encode
from pathlib import Path

import click

from holdfast.cli.admin_data import day, settings_of, where, write
from holdfast.cli.options import Failure
from holdfast.config.kinds import duration
from holdfast.kit.clock import SystemClock
from holdfast.kit.db import Tx
from holdfast.kit.ids import SystemRandomness
from holdfast.uia import registration_tokens
from holdfast.uia.registration_tokens import RegistrationToken

TOKEN_BYTES = 15
EXPIRY = duration(60, 3650 * 86400)


@click.group("registration-token")
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
        settings_of(config, flags),
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
    found = write(settings_of(config, flags), registration_tokens.every)
    if not found:
        click.echo("There are no registration tokens.")
        return
    click.echo(f"{'token':<8}{'accounts':<20}{'made':<18}ends")
    for each in found:
        click.echo(
            f"{each.hint + '…':<8}{_uses(each):<20}{day(each.created_at):<18}{_end(each, now)}"
        )


def _uses(token: RegistrationToken) -> str:
    allowed = "any number" if token.uses_allowed is None else str(token.uses_allowed)
    return f"{token.completed} of {allowed}"


def _end(token: RegistrationToken, now: int) -> str:
    if token.expires_at is None:
        return "never"
    return f"{day(token.expires_at)}{' (over)' if token.expires_at <= now else ''}"


@tokens.command()
@click.argument("token")
@where
def revoke(token: str, config: Path | None, **flags: str | None) -> None:
    """Make TOKEN useless. The first four characters, as `list` shows them, are enough."""
    hint = token.rstrip("…")
    count = write(settings_of(config, flags), lambda tx: _revoked(tx, hint))
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
