"""The built portal's files, sent from memory and compressed as the browser likes it.

Every address that is not the API's is the portal's: it draws the page for it, or says that there is
none.
"""

import hashlib
import mimetypes
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from starlette.responses import HTMLResponse, Response

from holdfast.kit.errors import MatrixError
from holdfast.kit.http import Request

# The portal talks to whichever homeserver its user names, so it may connect anywhere, encrypted;
# plain HTTP only to this machine, for trying things out. Everything else comes from here.
CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self';"
    " img-src 'self' data: blob: https: http://localhost:* http://127.0.0.1:*;"
    " connect-src 'self' https: http://localhost:* http://127.0.0.1:*;"
    " manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FOR_EVER = "public, max-age=31536000, immutable"  # names of built assets hold their digest
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
NOT_BUILT = (
    "<!doctype html><title>Holdfast</title><p>The homeserver is running. Its portal has not been"
    " built: start it with <code>scripts/run</code>, or install Holdfast as a package."
)


@dataclass(frozen=True)
class File:
    """One file with the compressed forms it came with, by encoding."""

    media_type: str
    etag: str
    cache_control: str
    plain: bytes
    packed: dict[str, bytes]


class Static:
    """Answers every request that is not the API's."""

    def __init__(self) -> None:
        folder = resources.files("holdfast.portal") / "static"
        self._files = dict(_read(folder, "")) if folder.is_dir() else {}

    async def __call__(self, request: Request) -> Response:
        """A file of the portal, or its one page, which finds out what to show by the address."""
        if request.method not in ("GET", "HEAD"):
            raise MatrixError(405, "M_UNRECOGNIZED", "There is nothing to send here.")
        name = request.path.lstrip("/")
        if name.startswith("assets/") and name not in self._files:
            raise MatrixError(404, "M_NOT_FOUND", "There is no such file. Load the page again.")
        file = self._files.get(name) or self._files.get("index.html")
        return _answer(request, file) if file else HTMLResponse(NOT_BUILT, 503)


def _answer(request: Request, file: File) -> Response:
    headers = {
        "etag": file.etag,
        "cache-control": file.cache_control,
        "vary": "accept-encoding",
        "content-security-policy": CSP,
    }
    if request.headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=headers)
    accepted = {part.split(";")[0].strip() for part in _accepted(request)}
    body = file.plain
    for encoding, _suffix in ENCODINGS:
        if encoding in accepted and encoding in file.packed:
            body, headers["content-encoding"] = file.packed[encoding], encoding
            break
    return Response(body, media_type=file.media_type, headers=headers)


def _accepted(request: Request) -> list[str]:
    return request.headers.get("accept-encoding", "").lower().split(",")


def _read(folder: Traversable, prefix: str) -> list[tuple[str, File]]:
    found: list[tuple[str, File]] = []
    inside = {entry.name: entry for entry in folder.iterdir()}
    for name, entry in inside.items():
        if entry.is_dir():
            found += _read(entry, f"{prefix}{name}/")
        elif not name.startswith(".") and not name.endswith((".br", ".gz")):
            packed = {
                encoding: inside[name + suffix].read_bytes()
                for encoding, suffix in ENCODINGS
                if name + suffix in inside
            }
            found.append((prefix + name, _file(prefix + name, entry.read_bytes(), packed)))
    return found


def _file(name: str, plain: bytes, packed: dict[str, bytes]) -> File:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    etag = f'"{hashlib.sha256(plain).hexdigest()[:32]}"'
    cache = FOR_EVER if name.startswith("assets/") else "no-cache"
    return File(media_type, etag, cache, plain, packed)
