"""Device keys, one-time keys and cross-signing keys over HTTP."""

from typing import Any

from holdfast.device_keys.claim import claim
from holdfast.device_keys.query import query
from holdfast.device_keys.upload import upload
from holdfast.kit.http import Request, client

UPLOAD_BYTES = 512 * 1024


async def post_upload(request: Request) -> Any:
    """Publish a session's keys."""
    return {"one_time_key_counts": await upload(request)}


async def post_query(request: Request) -> Any:
    """The keys of some users."""
    return await query(request)


async def post_claim(request: Request) -> Any:
    """A key of each of some devices, to begin talking to it."""
    return {"one_time_keys": await claim(request), "failures": {}}


_UPLOAD = "POST /keys/upload"
routes = [
    client("POST", "keys/upload", post_upload, spec=_UPLOAD, max_body=UPLOAD_BYTES),
    client("POST", "keys/query", post_query, spec="POST /keys/query"),
    client("POST", "keys/claim", post_claim, spec="POST /keys/claim"),
]
