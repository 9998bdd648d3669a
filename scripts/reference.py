"""Writes the pages of docs/ that are made from the code; with --check, says which are stale."""

import inspect
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from holdfast.app import ROUTES
from holdfast.cli import main
from holdfast.config import SETTINGS, Setting
from holdfast.kit.http.routing import EXTRAS, Auth, Route

DOCS = Path(__file__).resolve().parents[1] / "docs"
NOTICE = "<!-- Made by scripts/docs; a test fails when it is stale. Do not edit it by hand. -->"
SECTIONS = {
    "server": "The server",
    "registration": "Registration",
    "mail": "Mail",
    "limits": "Limits",
    "passwords": "Account passwords",
    "rooms": "Rooms",
    "sessions": "Sessions",
    "key_backup": "Key backup",
    "sms": "Text messages",
    "log": "The log",
}
AUTH = {Auth.NONE: "no", Auth.OPTIONAL: "optional", Auth.SESSION: "yes"}


def settings_page() -> str:
    """Every setting, by section of the file."""
    lines = [
        "# Settings",
        NOTICE,
        "Every setting can be given as a flag of `holdfast serve`, as an environment variable and"
        " in a TOML file. A flag beats the environment, which beats the file, which beats the"
        " default. `--config FILE` or `HOLDFAST_CONFIG` names the file; without either,"
        " `holdfast.toml` in the working directory is read if it exists. An empty environment"
        " variable counts as not set. An unknown or malformed setting stops the start.",
        '```toml\n# holdfast.toml\n[server]\nname = "example.org"\n'
        'public_url = "https://matrix.example.org"\n```',
        "Lengths of time are written as `90s`, `10m`, `1h` or `30d`, sizes as `512KiB` or `50MiB`,"
        " and limits as `10 per 1m, burst 20`: ten times a minute in the long run, and twenty times"
        " at once after a quiet spell.",
    ]
    for section, title in SECTIONS.items():
        own = [each for each in SETTINGS if each.key.partition(".")[0] == section]
        lines += [f"## {title} (`[{section}]`)", *map(_setting, own)]
    return "\n\n".join(lines) + "\n"


def _setting(setting: Setting) -> str:
    default = setting.fallback or f"`{setting.default_text}`"
    facts = [
        f"- Takes: {setting.kind.expects}.",
        f"- Default: {default}.",
        f"- Flag `{setting.flag_name}`, environment variable `{setting.environment}`.",
    ]
    return f"### `{setting.key}`\n\n{setting.text}\n\n" + "\n".join(facts)


def commands_page() -> str:
    """Every command with its help, as the terminal shows it."""
    lines = [
        "# Commands",
        NOTICE,
        "Exit codes: 0 when all went well, 1 when something could not be done (one sentence says"
        " what), 2 when the command line itself was not understood.",
    ]
    return "\n\n".join([*lines, *_command(main, "holdfast", None)]) + "\n"


def _command(command: click.Command, path: str, parent: click.Context | None) -> Iterable[str]:
    context = click.Context(
        command, info_name=path.rpartition(" ")[2], parent=parent, terminal_width=90
    )
    context.help_option_names = ["-h", "--help"]
    yield f"## `{path}`"
    yield f"```text\n{command.get_help(context).strip()}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _command(inner, f"{path} {name}", context)


def endpoints_page() -> str:
    """Every endpoint with the section of the specification that it follows."""
    extras = [route for route in ROUTES if route.paths[0].startswith(EXTRAS)]
    matrix = [route for route in ROUTES if route.paths[0].startswith(("/_matrix", "/.well-known"))]
    matrix = [route for route in matrix if route not in extras]
    others = [route for route in ROUTES if route not in extras and route not in matrix]
    tables = [
        ("Matrix", "Sections of the Client-Server API, v1.19.", matrix),
        ("Holdfast's own", "Described in [extensions.md](extensions.md).", extras),
        ("Pages and files", "For people, browsers and operators.", others),
    ]
    lines = [
        "# Endpoints",
        NOTICE,
        "What the server answers, and where that is defined. *Signed in* says whether an access"
        " token is needed.",
    ]
    for title, text, routes in tables:
        rows = sorted(map(_row, routes))
        head = "| endpoint | what for | signed in | defined in |\n| --- | --- | --- | --- |\n"
        lines += [f"## {title}", f"{text} {len(rows)} endpoints.", head + "\n".join(rows)]
    return "\n\n".join(lines) + "\n"


def _row(route: Route) -> str:
    paths = [path.removeprefix("/_matrix/client") for path in route.paths]
    purpose = (inspect.getdoc(route.handler) or "").partition("\n")[0].replace("|", "\\|")
    names = "<br>".join(f"`{route.method} {path}`" for path in paths)
    return f"| {names} | {purpose} | {AUTH[route.auth]} | {route.spec} |"


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "endpoints.md": endpoints_page,
}


def stale() -> list[str]:
    """The pages that the code has moved away from."""
    return [
        name
        for name, make in PAGES.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text("utf-8") != make()
    ]


if __name__ == "__main__":
    old = stale()
    if "--check" in sys.argv[1:]:
        sys.exit(f"Stale: {', '.join(old)}. Run scripts/docs." if old else 0)
    for page in old:
        (DOCS / page).write_text(PAGES[page](), "utf-8")
        print(f"docs/{page} is new")
