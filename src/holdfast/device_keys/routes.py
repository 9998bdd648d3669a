"""Device keys, one-time keys and cross-signing keys over HTTP."""

from typing import Any

from holdfast.device_keys.upload import upload
from holdfast.kit.http import Request, client

UPLOAD_BYTES = 512 * 1024


async def post_upload(request: Request) -> Any:
    """Publish a session's keys."""
    return {"one_time_key_counts": await upload(request)}


routes = [
    client("POST", "keys/upload", post_upload, spec="POST /keys/upload", max_body=UPLOAD_BYTES),
]
