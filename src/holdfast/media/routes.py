"""Files over HTTP (Client-Server API, "Content Repository")."""

import asyncio
from typing import Any
from urllib.parse import quote

from starlette.responses import FileResponse

from holdfast.kit.errors import InvalidParam, NotFound
from holdfast.kit.http import Auth, Request, Route
from holdfast.media import disk, rules, thumbnails
from holdfast.media.rules import TO_COME_MS, described
from holdfast.media.thumbnails import Method

WAIT_MS, LONGEST_WAIT_MS = 20_000, 60_000
LARGEST = 1 << 16
# Nothing that is uploaded may act as a page of this server (spec, "Serving content").
CSP = "sandbox; default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; media-src 'self'"
FOR_EVER = "private, max-age=31536000, immutable"
# What browsers show without running anything; the rest they save (spec, "Serving inline content").
INLINE = frozenset(
    {
        *("text/css", "text/plain", "text/csv", "application/json", "application/ld+json"),
        *("image/jpeg", "image/gif", "image/png", "image/apng", "image/webp", "image/avif"),
        *("video/mp4", "video/webm", "video/ogg", "video/quicktime"),
        *("audio/mp4", "audio/webm", "audio/aac", "audio/mpeg", "audio/ogg", "audio/wave"),
        *("audio/wav", "audio/x-wav", "audio/x-pn-wav", "audio/flac", "audio/x-flac"),
    }
)


def _limited(request: Request) -> None:
    settings = request.context.settings
    request.context.limits.take("upload", settings.upload_limit, request.requester.user_id)


async def post_upload(request: Request) -> Any:
    """Store a file."""
    _limited(request)
    context = request.context
    what = described(request.headers.get("content-type"), request.query("filename"))
    parts = request.parts(context.settings.max_upload_bytes)
    media_id = await rules.upload(context, request.requester.user_id, what, parts)
    return {"content_uri": _uri(request, media_id)}


async def post_create(request: Request) -> Any:
    """Give out an address for a file that is to come."""
    _limited(request)
    media = await rules.create(request.context, request.requester.user_id)
    expires = media.created_at + TO_COME_MS
    return {"content_uri": _uri(request, media.media_id), "unused_expires_at": expires}


async def put_upload(request: Request) -> Any:
    """Store a file at an address that was given out."""
    context, params = request.context, request.params
    if params["server_name"] != context.settings.server_name:
        raise NotFound("This is the address of another server.")
    what = described(request.headers.get("content-type"), request.query("filename"))
    parts = request.parts(context.settings.max_upload_bytes)
    await rules.fill(context, request.requester.user_id, params["media_id"], what, parts)
    return {}


def _uri(request: Request, media_id: str) -> str:
    return f"mxc://{request.context.settings.server_name}/{media_id}"


def _wait_ms(request: Request) -> int:
    return request.query_number("timeout_ms", WAIT_MS, least=0, most=LONGEST_WAIT_MS)


async def get_download(request: Request) -> Any:
    """A file as it was uploaded."""
    params, wait = request.params, _wait_ms(request)
    media, path = await rules.find(request.context, params["server_name"], params["media_id"], wait)
    name = params.get("file_name") or media.file_name
    plain = media.content_type.partition(";")[0].strip().lower()
    return FileResponse(
        path,
        headers=_headers(plain in INLINE, name),
        media_type=media.content_type,
    )


def _headers(inline: bool, name: str | None) -> dict[str, str]:
    """How browsers treat a file. Names are quoted so that no byte of theirs ends the header."""
    disposition = "inline" if inline else "attachment"
    if name:
        disposition += f"; filename*=utf-8''{quote(name.encode('utf-8', 'replace'), safe='')}"
    return {
        "content-disposition": disposition,
        "content-security-policy": CSP,
        "cross-origin-resource-policy": "cross-origin",
        "cache-control": FOR_EVER,
        "x-content-type-options": "nosniff",
    }


async def get_thumbnail(request: Request) -> Any:
    """A small form of a picture."""
    request.need_query("width")
    request.need_query("height")
    width = request.query_number("width", 0, least=1, most=LARGEST)
    height = request.query_number("height", 0, least=1, most=LARGEST)
    method = _method(request.query("method") or "scale")
    params, data_dir = request.params, request.context.settings.data_dir
    wait = _wait_ms(request)
    _media, path = await rules.find(
        request.context, params["server_name"], params["media_id"], wait
    )
    size = thumbnails.size_for(width, height, method)
    name = f"{size[0]}x{size[1]}-{method}"
    small = disk.thumbnail_of(data_dir, params["media_id"], name)
    if not await asyncio.to_thread(small.exists):
        await thumbnails.make(path, small, size, method)
    kind = await asyncio.to_thread(thumbnails.kind_of, small)
    return FileResponse(small, headers=_headers(True, None), media_type=kind)


def _method(text: str) -> Method:
    if text == "crop":
        return "crop"
    if text == "scale":
        return "scale"
    raise InvalidParam("method is crop or scale.")


async def get_config(request: Request) -> Any:
    """How large a file may be."""
    return {"m.upload.size": request.context.settings.max_upload_bytes}


async def get_preview(_request: Request) -> Any:
    """What is behind an address on the web: nothing, as this server fetches no pages.

    It would be a way to reach what only the server can reach, and would tell it what people talk
    about. `docs/decisions/0040-media.md`.
    """
    return {}


async def gone(_request: Request) -> Any:
    """Files without an access token: frozen since version 1.11, and there are no older ones."""
    raise NotFound("Files are given only to those who are signed in: use /client/v1/media.")


_FILE = "{server_name}/{media_id}"
_NEW, _OLD = "/_matrix/client/v1/media", "/_matrix/media"
_UPLOAD = (f"{_OLD}/v3/upload", f"{_OLD}/r0/upload")
_FILL = (f"{_OLD}/v3/upload/{_FILE}",)
_DOWNLOAD = (f"{_NEW}/download/{_FILE}", f"{_NEW}/download/{_FILE}/{{file_name}}")
_GONE = tuple(
    f"{_OLD}/{version}/{what}/{_FILE}{name}"
    for version in ("v3", "r0", "v1")
    for what, name in (("download", ""), ("download", "/{file_name}"), ("thumbnail", ""))
)
_CONFIG = (f"{_NEW}/config", f"{_OLD}/v3/config", f"{_OLD}/r0/config")
_PREVIEW = (f"{_NEW}/preview_url", f"{_OLD}/v3/preview_url", f"{_OLD}/r0/preview_url")
_PUT_UPLOAD = "PUT /_matrix/media/v3/upload/{serverName}/{mediaId}"
_GET_DOWNLOAD = "GET /_matrix/client/v1/media/download/{serverName}/{mediaId}"
_GET_OLD = "GET /_matrix/media/v3/download/{serverName}/{mediaId}"
_THUMBNAIL = "GET /_matrix/client/v1/media/thumbnail/{serverName}/{mediaId}"
routes: list[Route] = [
    Route("POST", _UPLOAD, post_upload, spec="POST /_matrix/media/v3/upload", streams=True),
    Route("POST", (f"{_OLD}/v1/create",), post_create, spec="POST /_matrix/media/v1/create"),
    Route("PUT", _FILL, put_upload, spec=_PUT_UPLOAD, streams=True),
    Route("GET", _DOWNLOAD, get_download, spec=_GET_DOWNLOAD),
    Route("GET", (f"{_NEW}/thumbnail/{_FILE}",), get_thumbnail, spec=_THUMBNAIL),
    Route("GET", _CONFIG, get_config, spec="GET /_matrix/client/v1/media/config"),
    Route("GET", _PREVIEW, get_preview, spec="GET /_matrix/client/v1/media/preview_url"),
    Route("GET", _GONE, gone, spec=_GET_OLD, auth=Auth.NONE),
]
