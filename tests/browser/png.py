"""Makes PNG files of pages small: a page needs few colours, and the rare ones can go.

Knows only what Chromium writes: 8 bits a channel, RGB or RGBA, not interlaced (PNG, third edition).
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_COLOURS = 256
Colour = bytes


def shrink(file: Path) -> None:
    """Write `file` anew with at most 256 colours; those left out become their nearest."""
    chunks = list(_chunks(file.read_bytes()))
    width, height, depth, kind = struct.unpack(">IIBB", chunks[0][1][:10])
    assert (depth, kind in (2, 6)) == (8, True), (depth, kind)
    data = zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))
    size = 3 if kind == 2 else 4
    rows = [
        [row[at : at + 3] for at in range(0, len(row), size)]
        for row in _rows(data, width * size, size)
    ]
    palette = _palette(Counter(colour for row in rows for colour in row))
    lines = b"".join(b"\0" + bytes(palette[colour] for colour in row) for row in rows)
    used = {index: colour for colour, index in reversed(palette.items())}
    file.write_bytes(
        SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", b"".join(used[index] for index in range(len(used))))
        + _chunk(b"IDAT", zlib.compress(lines, 9))
        + _chunk(b"IEND", b"")
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def _rows(data: bytes, length: int, size: int) -> Iterator[bytes]:
    """Undo the filters (section 9.2), row by row."""
    above = bytes(length)
    for start in range(0, len(data), length + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + length])
        for at, value in enumerate(row if kind else b""):
            left = row[at - size] if at >= size else 0
            corner = above[at - size] if at >= size else 0
            guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))
            row[at] = (value + guess[kind]) & 0xFF
        above = bytes(row)
        yield above


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda near: abs(guess - near))


def _palette(counted: Counter[Colour]) -> dict[Colour, int]:
    """The place of every colour in the palette of the commonest."""
    places = {colour: at for at, (colour, _) in enumerate(counted.most_common(MOST_COLOURS))}
    kept = list(places)
    for colour in counted:
        if colour not in places:
            places[colour] = places[min(kept, key=lambda other: _distance(colour, other))]
    return places


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
