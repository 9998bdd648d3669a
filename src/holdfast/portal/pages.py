"""Pages drawn by the server: they work without JavaScript, in any browser, in four languages.

They look like the portal, though they share no file with it: they must also be there where the
portal has not been built.
"""

import hashlib
import tomllib
from collections.abc import Callable
from functools import wraps
from importlib import resources
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import Response

from holdfast.kit.errors import InvalidParam, LimitExceeded, MatrixError
from holdfast.kit.http import Request
from holdfast.kit.http.request import LANGUAGES
from holdfast.kit.http.routing import Handler

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
MOST_FIELDS = 20
_FOLDER = resources.files("holdfast.portal")
_ASSETS = {"pages.css": "text/css", "fallback.js": "text/javascript"}
ASSETS_PATH = "/_holdfast/assets"

Texts = dict[str, dict[str, str]]
CATALOGUES: dict[str, Texts] = {
    language: tomllib.loads((_FOLDER / "languages" / f"{language}.toml").read_text("utf-8"))
    for language in LANGUAGES
}
"""What the pages say, by language, section and name."""

_assets = {name: (_FOLDER / "assets" / name).read_bytes() for name in _ASSETS}
_env = Environment(
    loader=PackageLoader("holdfast.portal"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_env.globals["asset"] = {
    name: f"{ASSETS_PATH}/{name}?{hashlib.sha256(content).hexdigest()[:16]}"
    for name, content in _assets.items()
}


def draw(
    request: Request,
    template: str,
    *,
    status: int = 200,
    referrer: str = "no-referrer",
    **values: Any,
) -> Response:
    """A page in the reader's language, which nobody may keep, frame or add scripts to."""
    language = request.language
    texts = CATALOGUES[language]
    server_name = request.context.settings.server_name

    def say(name: str, **more: Any) -> str:
        section, _, key = name.partition(".")
        return texts[section][key].format(server_name=server_name, **more)

    html = _env.get_template(template).render(language=language, say=say, **values)
    headers = {
        "content-security-policy": CSP,
        "content-language": language,
        "referrer-policy": referrer,
        "cache-control": "no-store",
        "x-robots-tag": "noindex",
        "x-frame-options": "DENY",
    }
    return Response(html, status, headers, "text/html")


def draw_problem(request: Request, problem: str, status: int, **values: Any) -> Response:
    """A page that says what is wrong and what to do: the section `problem_…` of the catalogue."""
    return draw(request, "problem.html", status=status, problem=f"problem_{problem}", values=values)


def as_page(handler: Handler) -> Handler:
    """`handler`, whose refusals are shown to people instead of being told to programs."""

    @wraps(handler)
    async def shown(request: Request) -> Any:
        try:
            return await handler(request)
        except LimitExceeded as error:
            seconds = -(-int(error.extra["retry_after_ms"]) // 1000)
            response = draw_problem(request, "limit", error.status, seconds=seconds)
            response.headers["retry-after"] = str(seconds)
            return response
        except MatrixError as error:
            return draw_problem(request, "request", error.status)

    return shown


def form(request: Request) -> Callable[[str], str]:
    """The fields of a posted form, by name; one that is missing is empty.

    Raises:
        InvalidParam: there are too many.
    """
    try:
        fields = parse_qs(request.body.decode("utf-8", "replace"), True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise InvalidParam("The form has too many fields.") from error
    return lambda name: fields.get(name, [""])[0]


async def get_asset(request: Request) -> Response:
    """A style sheet or script of these pages; its address holds its digest."""
    name = request.params["name"]
    if name not in _assets:
        raise MatrixError(404, "M_NOT_FOUND", "There is no such file.")
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(_assets[name], headers=headers, media_type=_ASSETS[name])
