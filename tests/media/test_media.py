"""Uploading and downloading files."""

import asyncio
import os
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.world import Answer, Person, World, refused

OLD, NEW = "/_matrix/media", "/_matrix/client/v1/media"
KIND = "application/octet-stream"


async def upload(
    person: Person, content: bytes, kind: str | None = KIND, name: str | None = None
) -> Answer:
    headers = {} if kind is None else {"content-type": kind}
    return await person.world.call(
        "POST",
        f"{OLD}/v3/upload",
        token=person.token,
        content=content,
        headers=headers,
        params={} if name is None else {"filename": name},
    )


async def uploaded(person: Person, content: bytes, *more: str) -> str:
    """Server name and media ID of a new file."""
    answer = await upload(person, content, *more)
    assert answer.status_code == 200, answer.text
    uri: str = answer.json()["content_uri"]
    assert uri.startswith("mxc://hold.example/")
    return uri.removeprefix("mxc://")


async def test_a_file_comes_back_as_it_was(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    content = os.urandom(300_000)
    file = await uploaded(alice, content)
    answer = await bob.get(f"{NEW}/download/{file}")
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == KIND
    assert answer.headers["content-length"] == str(len(content))
    part = await bob.get(f"{NEW}/download/{file}", headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, content[10:20])
    assert (await uploaded(alice, b"")) != file


async def test_only_those_who_are_signed_in_get_files(world: World) -> None:
    alice = await world.register("alice")
    file = await uploaded(alice, b"secret")
    refused(await world.get(f"{NEW}/download/{file}"), 401, "M_MISSING_TOKEN")
    refused(await world.get(f"{NEW}/thumbnail/{file}?width=9&height=9"), 401, "M_MISSING_TOKEN")
    refused(await world.call("POST", f"{OLD}/v3/upload", content=b"x"), 401, "M_MISSING_TOKEN")
    for path in ("v3/download", "r0/download", "v1/download", "v3/thumbnail"):
        refused(await alice.get(f"{OLD}/{path}/{file}"), 404, "M_NOT_FOUND")
    refused(await alice.get(f"{OLD}/v3/download/{file}/name.txt"), 404, "M_NOT_FOUND")


@pytest.mark.parametrize(
    ("kind", "disposition"),
    [
        ("image/png", "inline"),
        ("text/plain; charset=utf-8", "inline"),
        ("TEXT/PLAIN", "inline"),
        ("text/html", "attachment"),
        ("image/svg+xml", "attachment"),
        ("application/pdf", "attachment"),
        ("application/javascript", "attachment"),
        ("nonsense", "attachment"),
        ("text/html; charset=\x7f", "attachment"),
        (None, "attachment"),
    ],
)
async def test_nothing_that_is_uploaded_acts_as_a_page(
    world: World, kind: str | None, disposition: str
) -> None:
    alice = await world.register("alice")
    answer = await upload(alice, b"<script>alert(1)</script>", kind)
    file = answer.json()["content_uri"].removeprefix("mxc://")
    headers = (await alice.get(f"{NEW}/download/{file}")).headers
    assert headers["content-disposition"] == disposition
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none';")
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cache-control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("letter.txt", "letter.txt"),
        ('a"b; x=y', "a%22b%3B%20x%3Dy"),
        ("zwölf €.png", "zw%C3%B6lf%20%E2%82%AC.png"),
        ("../../etc/passwd", "..%2F..%2Fetc%2Fpasswd"),
        ("a\r\nset-cookie: b=c", "a%0D%0Aset-cookie%3A%20b%3Dc"),
    ],
)
async def test_names_stay_in_their_header(world: World, name: str, shown: str) -> None:
    alice = await world.register("alice")
    file = await uploaded(alice, b"x", KIND, name)
    headers = (await alice.get(f"{NEW}/download/{file}")).headers
    assert headers["content-disposition"] == f"attachment; filename*=utf-8''{shown}"
    assert "set-cookie" not in headers
    other = await alice.get(f"{NEW}/download/{file}/other%0D%0Aname")
    assert other.headers["content-disposition"].endswith("''other%0D%0Aname")


@pytest.mark.parametrize(
    "file",
    [
        "other.example/abcdefghijklmnopqrstuv",
        "hold.example/abcdefghijklmnopqrstuv",
        "hold.example/..%2f..%2fholdfast.db",
        "hold.example/%2e%2e",
        "hold.example/a%00b",
        f"hold.example/{'a' * 300}",
    ],
)
async def test_files_that_are_not_there(world: World, file: str) -> None:
    alice = await world.register("alice")
    refused(await alice.get(f"{NEW}/download/{file}"), 404, "M_NOT_FOUND")
    refused(await alice.get(f"{NEW}/thumbnail/{file}?width=9&height=9"), 404, "M_NOT_FOUND")


async def test_a_file_has_a_largest_size(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_MAX_UPLOAD_BYTES="64KiB") as world:
        alice = await world.register("alice")
        for path in (f"{NEW}/config", f"{OLD}/v3/config"):
            assert (await alice.get(path)).json() == {"m.upload.size": 65_536}
        assert (await upload(alice, b"x" * 65_536)).status_code == 200
        refused(await upload(alice, b"x" * 65_537), 413, "M_TOO_LARGE")

        async def unannounced() -> Any:
            for _ in range(100):
                yield b"x" * 1000

        answer = await world.call(
            "POST", f"{OLD}/v3/upload", token=alice.token, content=unannounced()
        )
        refused(answer, 413, "M_TOO_LARGE")
        folder = world.server.context.settings.data_dir / "media" / "arriving"
        assert list(folder.iterdir()) == []


async def test_an_address_before_the_file(world: World) -> None:
    alice, bob, mallory = [await world.register(name) for name in ("alice", "bob", "mallory")]
    made = (await alice.post(f"{OLD}/v1/create")).json()
    assert made["unused_expires_at"] == world.clock.now + 24 * 3600 * 1000
    file = made["content_uri"].removeprefix("mxc://")
    refused(await bob.get(f"{NEW}/download/{file}?timeout_ms=0"), 504, "M_NOT_YET_UPLOADED")
    waiting = asyncio.create_task(bob.get(f"{NEW}/download/{file}?timeout_ms=20000"))
    await asyncio.sleep(0.1)
    url = f"{OLD}/v3/upload/{file}"
    put = {"content": b"here it is", "headers": {"content-type": "text/plain"}}
    refused(await world.call("PUT", url, token=mallory.token, **put), 403, "M_FORBIDDEN")
    answers = await asyncio.gather(
        *(world.call("PUT", url, token=alice.token, **put) for _ in range(3))
    )
    assert sorted(each.status_code for each in answers) == [200, 409, 409]
    assert (await asyncio.wait_for(waiting, 5)).content == b"here it is"
    refused(await world.call("PUT", url, token=alice.token, **put), 409, "M_CANNOT_OVERWRITE_MEDIA")


async def test_an_address_that_nobody_uses_ends(world: World) -> None:
    alice = await world.register("alice")
    file = (await alice.post(f"{OLD}/v1/create")).json()["content_uri"].removeprefix("mxc://")
    world.clock.now += 24 * 3600 * 1000
    url = f"{OLD}/v3/upload/{file}"
    refused(await world.call("PUT", url, token=alice.token, content=b"x"), 404, "M_NOT_FOUND")
    refused(await alice.get(f"{NEW}/download/{file}?timeout_ms=0"), 404, "M_NOT_FOUND")
    other = f"{OLD}/v3/upload/other.example/abc"
    refused(await world.call("PUT", other, token=alice.token, content=b"x"), 404, "M_NOT_FOUND")


async def test_nobody_has_too_many_addresses(world: World) -> None:
    alice = await world.register("alice")
    for _ in range(50):
        assert (await alice.post(f"{OLD}/v1/create")).status_code == 200
    refused(await alice.post(f"{OLD}/v1/create"), 429, "M_LIMIT_EXCEEDED")


async def test_files_that_no_row_names_are_cleared_away(world: World) -> None:
    """As an upload leaves them behind when the server ends in the middle of it."""
    alice = await world.register("alice")
    kept = await uploaded(alice, b"kept")
    folder = world.server.context.settings.data_dir / "media"

    def lost(*parts: str) -> Path:
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"lost")
        os.utime(path, (0, 0))
        return path

    files = [lost("files", "ab", "c" * 20), lost("arriving", uuid.uuid4().hex)]
    await world.housekeeping()
    assert not any(path.exists() for path in files)
    assert (await alice.get(f"{NEW}/download/{kept}")).content == b"kept"


async def test_a_file_whose_content_is_gone(world: World) -> None:
    alice = await world.register("alice")
    file = await uploaded(alice, b"x")
    (path,) = (world.server.context.settings.data_dir / "media" / "files").glob("*/*")
    path.unlink()
    refused(await alice.get(f"{NEW}/download/{file}"), 404, "M_NOT_FOUND")


async def test_no_pages_are_fetched(world: World) -> None:
    alice = await world.register("alice")
    answer = await alice.get(f"{NEW}/preview_url", params={"url": "http://127.0.0.1:1/"})
    assert (answer.status_code, answer.json()) == (200, {})
