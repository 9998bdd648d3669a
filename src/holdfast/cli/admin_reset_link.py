"""`holdfast admin reset-link`."""

from pathlib import Path

import click

from holdfast.cli.admin_data import account_named, settings_of, write
from holdfast.cli.options import Failure, setting_options
from holdfast.credentials import rules as credentials
from holdfast.kit.clock import SystemClock
from holdfast.kit.db import Tx
from holdfast.kit.ids import SystemRandomness
from holdfast.kit.mail import BadMailSetup, mailer_for
from holdfast.kit.mail.kinds import ResetLinkPortal
from holdfast.recovery.rules import admin_link
from holdfast.uia.addresses import CLICK_LIFETIME_MS

MINUTES = CLICK_LIFETIME_MS // 60_000


@click.command("reset-link")
@click.argument("user")
@click.option("--mail", is_flag=True, help="Also send it to the account's e-mail addresses.")
@setting_options("server_name", "data_dir", "database", "public_url")
def reset_link(user: str, mail: bool, config: Path | None, **flags: str | None) -> None:
    """Print a link with which USER chooses a new account password.

    USER is a user ID or the part before the colon. The link works once, for an hour. Give it to
    nobody but its owner, in a way in which you know that it is them. Until they open it, nothing
    changes, and nobody but they choose the account password.
    """
    settings = settings_of(config, flags)
    account = account_named(settings, user)
    if account.deactivated_at is not None:
        raise Failure(f"{account.user_id} is closed for good.")
    clock, random = SystemClock(), SystemRandomness()
    public_url = settings.public_url.rstrip("/")
    try:
        mailer = mailer_for(settings, clock, random)
    except BadMailSetup as error:
        raise Failure(str(error)) from None
    if mail and not mailer.works:
        raise Failure("This server sends no mails. Set mail.smtp_url, or leave --mail out.")

    def make(tx: Tx) -> tuple[str, tuple[str, ...]]:
        contact = credentials.contact(tx, account.user_id)
        if mail and not contact.emails:
            raise Failure(f"{account.user_id} has no e-mail address. Leave --mail out.")
        link = admin_link(tx, account, random, public_url, clock.now_ms())
        emails = contact.emails if mail else ()
        kind = ResetLinkPortal(link=link, minutes=MINUTES, user_id=account.user_id)
        mailer.queue_many(tx, mailer.drafts(emails, contact.language, kind))
        return link, emails

    link, emails = write(settings, make)
    click.echo(link)
    if emails:
        click.echo(f"Mailed to {', '.join(emails)}.", err=True)
    click.echo(f"It works once, for {MINUTES} minutes.", err=True)
