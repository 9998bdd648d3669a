"""`holdfast admin …`: what an operator does to the data of a server, running or not."""

import click

from holdfast.cli.admin_accounts import accounts
from holdfast.cli.admin_journal import journal
from holdfast.cli.admin_key_backup import key_backups
from holdfast.cli.admin_moderation import moderation
from holdfast.cli.admin_reset_link import reset_link
from holdfast.cli.admin_tokens import tokens


@click.group()
def admin() -> None:
    """Look after accounts. The server may be running meanwhile."""


for command in (accounts, journal, key_backups, moderation, reset_link, tokens):
    admin.add_command(command)
