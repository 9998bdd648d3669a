"""`holdfast serve`."""

from pathlib import Path

import click

from holdfast.cli.announce import announcement
from holdfast.cli.http_server import run
from holdfast.cli.options import Failure, loaded, setting_options
from holdfast.cli.prepare import check_mail_setup, listen, make_data_dir, make_database
from holdfast.kit import log

logger = log.logger(__name__)


@click.command()
@setting_options()
def serve(config: Path | None, **flags: str | None) -> None:
    """Run the server until Ctrl-C.

    Every setting can also stand in a file (--config) or in the environment, where --public-url
    is HOLDFAST_PUBLIC_URL. A flag beats the environment, which beats the file.
    """
    settings = loaded(config, flags).settings
    log.configure(settings.log_format, settings.log_level)
    make_data_dir(settings.data_dir)
    check_mail_setup(settings)
    make_database(settings)
    sockets = listen(settings.host, settings.port)

    def ready() -> None:
        if settings.log_format == "json":
            logger.info("ready", url=settings.public_url, workers=settings.workers)
        else:
            click.echo(announcement(settings, {"config": config, **flags}))

    if not run(settings, sockets, ready):
        raise Failure("The server could not start; the lines above say why.")
