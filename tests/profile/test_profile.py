"""What everybody may know of a user."""

from typing import Any

import pytest

from tests.world import Answer, World

ALICE = "@alice:hold.example"
FIELD = f"profile/{ALICE}"


def error(answer: Answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["errcode"]


async def test_a_new_account_is_called_by_its_local_part(world: World) -> None:
    await world.register("alice")
    assert (await world.get(FIELD)).json() == {"displayname": "alice"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("displayname", "Alice Wonderland 🐇"),
        ("avatar_url", "mxc://hold.example/GCmhgzMPRjqgpODLsNQzVuHZ"),
        ("m.tz", "Europe/London"),
        ("org.example.pronouns", [{"language": "en", "summary": "she/her"}]),
        ("org.example.nothing", None),
    ],
)
async def test_a_field_is_set_seen_and_removed(world: World, name: str, value: Any) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    assert (await alice.put(f"{FIELD}/{name}", {name: value})).json() == {}
    assert (await bob.get(f"{FIELD}/{name}")).json() == {name: value}
    assert (await world.get(FIELD)).json()[name] == value
    assert (await alice.delete(f"{FIELD}/{name}")).json() == {}
    assert error(await bob.get(f"{FIELD}/{name}")) == (404, "M_NOT_FOUND")
    assert name not in (await world.get(FIELD)).json()
    assert (await alice.delete(f"{FIELD}/{name}")).json() == {}


@pytest.mark.parametrize("name", ["displayname", "avatar_url"])
async def test_an_empty_text_removes_name_and_picture(world: World, name: str) -> None:
    alice = await world.register("alice")
    await alice.put(f"{FIELD}/avatar_url", {"avatar_url": "mxc://hold.example/picture"})
    assert (await alice.put(f"{FIELD}/{name}", {name: ""})).status_code == 200
    assert error(await alice.get(f"{FIELD}/{name}")) == (404, "M_NOT_FOUND")


async def test_only_ones_own_can_be_changed(world: World) -> None:
    await world.register("alice")
    bob = await world.register("bob")
    assert error(await bob.put(f"{FIELD}/displayname", {"displayname": "Eve"})) == (
        403,
        "M_FORBIDDEN",
    )
    assert error(await bob.delete(f"{FIELD}/displayname")) == (403, "M_FORBIDDEN")
    assert error(await world.call("PUT", f"{FIELD}/displayname", json={"displayname": "Eve"})) == (
        401,
        "M_MISSING_TOKEN",
    )
    assert (await world.get(FIELD)).json() == {"displayname": "alice"}


@pytest.mark.parametrize(
    "user", ["@nobody:hold.example", "@alice:elsewhere.example", "alice", "%00", "@%ED%A0%80:x"]
)
async def test_nobody_by_that_name(world: World, user: str) -> None:
    await world.register("alice")
    for path in (f"profile/{user}", f"profile/{user}/displayname"):
        answer = await world.get(path)
        assert answer.status_code in (400, 404), answer.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("displayname", 5),
        ("displayname", None),
        ("displayname", "x" * 257),
        ("avatar_url", "https://example.org/me.png"),
        ("avatar_url", {}),
        ("m.tz", ["Europe/London"]),
        ("Displayname", "x"),
        ("nodots", "x"),
        ("org.example.", "x"),
        (".example", "x"),
        ("org.exämple", "x"),
    ],
)
async def test_what_no_profile_can_have(world: World, name: str, value: Any) -> None:
    alice = await world.register("alice")
    answer = await alice.put(f"{FIELD}/{name}", {name: value})
    assert error(answer) == (400, "M_INVALID_PARAM")


async def test_the_body_must_name_the_field(world: World) -> None:
    alice = await world.register("alice")
    answer = await alice.put(f"{FIELD}/displayname", {"display_name": "Alice"})
    assert error(answer) == (400, "M_MISSING_PARAM")
    for body in (b"", b"{", b'{"org.example.x": "\xff"}'):
        answer = await world.call("PUT", f"{FIELD}/org.example.x", token=alice.token, content=body)
        assert error(answer) == (400, "M_NOT_JSON")


async def test_names_have_at_most_255_bytes(world: World) -> None:
    alice = await world.register("alice")
    name = "org." + "x" * 251
    assert (await alice.put(f"{FIELD}/{name}", {name: 1})).status_code == 200
    assert error(await alice.put(f"{FIELD}/{name}y", {f"{name}y": 1})) == (400, "M_KEY_TOO_LARGE")


async def test_a_profile_has_at_most_64_kib(world: World) -> None:
    alice = await world.register("alice")
    for name in ("org.example.a", "org.example.b"):
        assert (await alice.put(f"{FIELD}/{name}", {name: "x" * 32_600})).status_code == 200
    answer = await alice.put(f"{FIELD}/org.example.c", {"org.example.c": "x" * 400})
    assert error(answer) == (400, "M_PROFILE_TOO_LARGE")
    # What is replaced does not count.
    answer = await alice.put(f"{FIELD}/org.example.b", {"org.example.b": "y" * 32_600})
    assert answer.status_code == 200
    assert len((await world.get(FIELD)).content) <= 65_536


@pytest.mark.parametrize("erase", [True, False])
async def test_a_closed_account(world: World, erase: bool) -> None:
    """With `erase` the profile goes; without it others still see a name beside old messages."""
    alice = await world.register("alice")
    await alice.post("account/deactivate", {"auth": alice.auth(), "erase": erase})
    assert (await world.get(FIELD)).json() == ({} if erase else {"displayname": "alice"})


async def test_reading_and_writing_make_few_statements(world: World) -> None:
    alice = await world.register("alice")
    await alice.get("account/whoami")
    assert await world.count_statements(lambda: world.get(FIELD)) == 1
    lock = world.server.context.db.engine == "postgresql"
    put = alice.put
    write = await world.count_statements(
        lambda: put(f"{FIELD}/displayname", {"displayname": "Alice"})
    )
    assert write - lock == 5  # token, name before, fields, row, rooms
