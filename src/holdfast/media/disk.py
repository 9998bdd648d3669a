"""Where the content of uploaded files lies.

A file is written under a name of its own, flushed, and then renamed to its media ID, before its row
is committed: a crash leaves at most a file that no row names, which housekeeping removes.
"""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO

AT_ONCE = 1 << 20  # bytes that are held in memory of each upload
MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{22}")
"""What our media IDs look like; nothing else ever becomes the name of a file."""


def folder(data_dir: Path) -> Path:
    """Where the files lie."""
    return data_dir / "media"


def path_of(data_dir: Path, media_id: str) -> Path:
    """Where a file lies; spread over folders, as some file systems dislike full ones."""
    if not MEDIA_ID.fullmatch(media_id):
        raise ValueError("no media ID of this server")
    return folder(data_dir) / "files" / media_id[:2] / media_id[2:]


def thumbnail_of(data_dir: Path, media_id: str, name: str) -> Path:
    """Where a small form of a picture lies; `name` is ours."""
    whole = path_of(data_dir, media_id)
    return folder(data_dir) / "thumbnails" / media_id[:2] / whole.name / name


async def receive(data_dir: Path, name: str, parts: AsyncIterator[bytes]) -> tuple[Path, int]:
    """Write what arrives to a file that nobody knows yet; return it and its size in bytes.

    When `parts` raises, nothing is left of it.
    """
    path = folder(data_dir) / "arriving" / name
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    size, waiting = 0, bytearray()
    try:
        with await asyncio.to_thread(path.open, "xb") as file:
            async for part in parts:
                waiting += part
                size += len(part)
                if len(waiting) >= AT_ONCE:
                    await asyncio.to_thread(file.write, bytes(waiting))
                    waiting.clear()
            await asyncio.to_thread(file.write, bytes(waiting))
            await asyncio.to_thread(_flush, file)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, size


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def keep(arrived: Path, path: Path) -> None:
    """Give a file its name. Blocks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrived.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(data_dir: Path, media_id: str) -> None:
    """Remove a file and its small forms. Blocks."""
    path_of(data_dir, media_id).unlink(missing_ok=True)
    shutil.rmtree(thumbnail_of(data_dir, media_id, "-").parent, ignore_errors=True)


def now(data_dir: Path) -> float:
    """The time that files written now have, in seconds: the file system's own clock. Blocks."""
    mark = folder(data_dir) / "now"
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    return mark.stat().st_mtime


def all_ids(data_dir: Path, older_than: float) -> Iterator[str]:
    """The media IDs of all files that were written before a time, in seconds. Blocks."""
    for path in (folder(data_dir) / "files").glob("*/*"):
        if path.stat().st_mtime < older_than:
            yield path.parent.name + path.name


def remove_arriving(data_dir: Path, older_than: float) -> None:
    """Remove what stopped arriving before a time, in seconds. Blocks."""
    for path in (folder(data_dir) / "arriving").glob("*"):
        if path.stat().st_mtime < older_than:
            path.unlink(missing_ok=True)
