"""Device keys, one-time keys and cross-signing keys over HTTP."""

from typing import Any

from holdfast.device_keys import identity, signing
from holdfast.device_keys.claim import claim
from holdfast.device_keys.query import query
from holdfast.device_keys.upload import upload
from holdfast.kit.http import Request, client

UPLOAD_BYTES = 512 * 1024
IDENTITY_BYTES = 128 * 1024


async def post_upload(request: Request) -> Any:
    """Publish a session's keys."""
    return {"one_time_key_counts": await upload(request)}


async def post_query(request: Request) -> Any:
    """The keys of some users."""
    return await query(request)


async def post_claim(request: Request) -> Any:
    """A key of each of some devices, to begin talking to it."""
    return {"one_time_keys": await claim(request), "failures": {}}


async def post_device_signing(request: Request) -> Any:
    """Publish cross-signing keys, for who can prove to be the user where that is needed."""
    await identity.upload(request)
    return {}


async def post_signatures(request: Request) -> Any:
    """Publish signatures of devices and identities."""
    return {"failures": await signing.upload(request)}


_UPLOAD = "POST /keys/upload"
_IDENTITY = "POST /keys/device_signing/upload"
_SIGNATURES = "POST /keys/signatures/upload"
routes = [
    client("POST", "keys/upload", post_upload, spec=_UPLOAD, max_body=UPLOAD_BYTES),
    client("POST", "keys/query", post_query, spec="POST /keys/query"),
    client("POST", "keys/claim", post_claim, spec="POST /keys/claim"),
    client(
        "POST",
        "keys/device_signing/upload",
        post_device_signing,
        spec=_IDENTITY,
        max_body=IDENTITY_BYTES,
    ),
    client("POST", "keys/signatures/upload", post_signatures, spec=_SIGNATURES),
]
