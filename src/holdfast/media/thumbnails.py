"""Small forms of pictures (Client-Server API, "Thumbnails").

Made when somebody first asks, in threads of their own, of the sizes that the specification names,
never larger than the picture, and without what cameras note in it.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, TypeAlias

from PIL import Image, ImageOps, UnidentifiedImageError

from holdfast.kit.errors import MatrixError

Method: TypeAlias = Literal["crop", "scale"]
SIZES: dict[Method, tuple[tuple[int, int], ...]] = {
    "crop": ((32, 32), (96, 96)),
    "scale": ((320, 240), (640, 480), (800, 600)),
}
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MOST_PIXELS = 64 * 1024 * 1024  # as a picture of 8192 by 8192: a quarter of a gigabyte unpacked
QUALITY = 80
_threads = ThreadPoolExecutor(2, "thumbnails")


def size_for(width: int, height: int, method: Method) -> tuple[int, int]:
    """The smallest of `SIZES` that is at least as large as asked for, or the largest."""
    sizes = SIZES[method]
    return next((s for s in sizes if s[0] >= width and s[1] >= height), sizes[-1])


async def make(source: Path, target: Path, size: tuple[int, int], method: Method) -> None:
    """Write a small form of the picture in `source` to `target`, as PNG or JPEG.

    Raises:
        MatrixError: 400 for what is no picture that can be read, 413 `M_TOO_LARGE`.
    """
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(_threads, _make, source, target, size, method)


def kind_of(path: Path) -> str:
    """The content type of a small form, by how it begins. Blocks."""
    with path.open("rb") as file:
        return "image/png" if file.read(4) == b"\x89PNG" else "image/jpeg"


def _make(source: Path, target: Path, size: tuple[int, int], method: Method) -> None:
    try:
        with Image.open(source, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_large()
            small = _small(picture, size, method)
    except Image.DecompressionBombError:
        raise _too_large() from None
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError):
        raise MatrixError(
            400, "M_UNKNOWN", "There is no small form of this file: it is no picture we can read."
        ) from None
    target.parent.mkdir(parents=True, exist_ok=True)
    arriving = target.with_suffix(f".{id(small)}")
    small.save(arriving, "PNG" if small.mode in ("RGBA", "LA") else "JPEG", quality=QUALITY)
    arriving.replace(target)


def _too_large() -> MatrixError:
    return MatrixError(413, "M_TOO_LARGE", "That picture is too large to make small.")


def _small(picture: Image.Image, size: tuple[int, int], method: Method) -> Image.Image:
    """A still, upright picture of at most that size."""
    picture.draft("RGB", (size[0] * 2, size[1] * 2))
    upright = ImageOps.exif_transpose(picture)
    clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if clear else "RGB")
    if method == "crop":
        cut = (min(size[0], plain.width), min(size[1], plain.height))
        return ImageOps.fit(plain, cut)
    plain.thumbnail(size)
    return plain
