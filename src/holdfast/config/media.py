"""The settings of uploaded files."""

from dataclasses import dataclass

from holdfast.config import kinds
from holdfast.config.definition import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class MediaSettings:
    """The settings of uploaded files; a part of `Settings`."""

    max_upload_bytes: int = setting(
        "media.max_upload_bytes",
        kinds.size(1 << 16, 1 << 34),
        50 << 20,
        "The largest file that can be uploaded.",
    )
