"""The command line: `holdfast serve`, `holdfast admin`, `holdfast doctor`, `holdfast version`."""

import click

from holdfast import __version__
from holdfast.cli.admin import admin
from holdfast.cli.doctor import doctor
from holdfast.cli.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Holdfast, a Matrix homeserver with an account portal."""


@main.command()
def version() -> None:
    """Print the version."""
    click.echo(f"Holdfast {__version__}")


for command in (serve, admin, doctor):
    main.add_command(command)

__all__ = ["main"]
