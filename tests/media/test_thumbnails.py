"""Small forms of pictures."""

import io
import struct
import zlib

import pytest
from PIL import Image

from tests.media.test_media import NEW, uploaded
from tests.world import Person, World, refused


def picture(width: int, height: int, kind: str = "PNG", mode: str = "RGB", **more: object) -> bytes:
    made = io.BytesIO()
    image = Image.new(mode, (width, height), (200, 30, 30, 128)[: len(mode)])
    image.save(made, kind, **more)
    return made.getvalue()


async def small(person: Person, file: str, **query: object) -> Image.Image:
    params = {name: str(value) for name, value in query.items()}
    answer = await person.get(f"{NEW}/thumbnail/{file}", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == "inline"
    found = Image.open(io.BytesIO(answer.content))
    assert answer.headers["content-type"] == f"image/{str(found.format).lower()}"
    return found


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_sizes_of_the_specification(world: World, kind: str) -> None:
    alice = await world.register("alice")
    file = await uploaded(alice, picture(1000, 500, kind), f"image/{kind.lower()}")
    assert (await small(alice, file, width=20, height=20, method="crop")).size == (32, 32)
    assert (await small(alice, file, width=33, height=20, method="crop")).size == (96, 96)
    assert (await small(alice, file, width=320, height=240)).size == (320, 160)
    assert (await small(alice, file, width=9999, height=9999, method="scale")).size == (800, 400)


async def test_pictures_do_not_grow_and_stay_clear(world: World) -> None:
    alice = await world.register("alice")
    file = await uploaded(alice, picture(50, 40, mode="RGBA"), "image/png")
    found = await small(alice, file, width=640, height=480)
    assert (found.size, found.mode, found.getpixel((1, 1))) == (
        (50, 40),
        "RGBA",
        (200, 30, 30, 128),
    )
    assert (await small(alice, file, width=96, height=96, method="crop")).size == (50, 40)


async def test_pictures_stand_upright_and_tell_nothing_more(world: World) -> None:
    alice = await world.register("alice")
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "taken at home"
    file = await uploaded(alice, picture(400, 200, "JPEG", exif=exif), "image/jpeg")
    found = await small(alice, file, width=320, height=240)
    assert found.size[1] > found.size[0]
    assert not found.getexif()


def bomb() -> bytes:
    """A picture of a few bytes that says it is a hundred thousand points wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 400),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", 400),
        (picture(200, 200)[:150], 400),
        (picture(200, 200, "BMP"), 400),
        (bomb(), 413),
    ],
)
async def test_what_is_no_picture(world: World, content: bytes, status: int) -> None:
    alice = await world.register("alice")
    file = await uploaded(alice, content, "image/png")
    answer = await alice.get(f"{NEW}/thumbnail/{file}?width=32&height=32")
    refused(answer, status, "M_UNKNOWN" if status == 400 else "M_TOO_LARGE")
    assert (await alice.get(f"{NEW}/download/{file}")).content == content


@pytest.mark.parametrize(
    ("query", "errcode"),
    [
        ("", "M_MISSING_PARAM"),
        ("width=32", "M_MISSING_PARAM"),
        ("width=0&height=32", "M_INVALID_PARAM"),
        ("width=x&height=32", "M_INVALID_PARAM"),
        ("width=32&height=32&method=stretch", "M_INVALID_PARAM"),
    ],
)
async def test_what_cannot_be_asked(world: World, query: str, errcode: str) -> None:
    alice = await world.register("alice")
    file = await uploaded(alice, picture(10, 10), "image/png")
    refused(await alice.get(f"{NEW}/thumbnail/{file}?{query}"), 400, errcode)
