"""What clients keep on the server: of the user and of rooms, one's own only."""

import pytest

from tests.world import Person, World

TYPE = "org.example.settings"


def of_user(person: Person, kind: str = TYPE) -> str:
    return f"user/{person.user_id}/account_data/{kind}"


def of_room(person: Person, room_id: str = "!lounge:hold.example", kind: str = TYPE) -> str:
    return f"user/{person.user_id}/rooms/{room_id}/account_data/{kind}"


async def test_what_was_put_is_got(world: World) -> None:
    alice = await world.register("alice")
    assert (await alice.put(of_user(alice), {"theme": "dark"})).json() == {}
    assert (await alice.get(of_user(alice))).json() == {"theme": "dark"}
    await alice.put(of_user(alice), {"theme": "light"})
    assert (await alice.get(of_user(alice))).json() == {"theme": "light"}


async def test_it_comes_back_as_it_was_sent(world: World) -> None:
    """Also where a number is beyond every machine's, a key comes twice, or a text holds a NUL."""
    alice = await world.register("alice")
    sent = b'{"n": 1e400, "u": "\\u0000\xc3\xa9",\n "twice": 1, "twice": {"deep": [null]}}'
    answer = await alice.world.call("PUT", of_user(alice), token=alice.token, content=sent)
    assert answer.status_code == 200, answer.text
    assert (await alice.get(of_user(alice))).content == sent


async def test_rooms_have_their_own(world: World) -> None:
    alice = await world.register("alice")
    await alice.put(of_user(alice), {"of": "user"})
    await alice.put(of_room(alice), {"of": "lounge"})
    await alice.put(of_room(alice, "!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM"), {"of": "v12"})
    assert (await alice.get(of_user(alice))).json() == {"of": "user"}
    assert (await alice.get(of_room(alice))).json() == {"of": "lounge"}


async def test_what_is_not_there_is_not_found(world: World) -> None:
    alice = await world.register("alice")
    for path in (of_user(alice), of_room(alice)):
        answer = await alice.get(path)
        assert (answer.status_code, answer.json()["errcode"]) == (404, "M_NOT_FOUND")


async def test_nobody_else_reads_or_writes_it(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await alice.put(of_user(alice), {"secret": True})
    for path in (of_user(alice), of_room(alice)):
        for answer in (await bob.get(path), await bob.put(path, {})):
            assert (answer.status_code, answer.json()["errcode"]) == (403, "M_FORBIDDEN")
    assert (await world.get(of_user(alice))).status_code == 401


@pytest.mark.parametrize("kind", ["m.fully_read", "m.push_rules"])
async def test_what_the_server_keeps_is_not_set_here(world: World, kind: str) -> None:
    alice = await world.register("alice")
    for path in (of_user(alice, kind), of_room(alice, kind=kind)):
        answer = await alice.put(path, {})
        assert (answer.status_code, answer.json()["errcode"]) == (405, "M_BAD_JSON")


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b"[]", "M_BAD_JSON"),
        (b"null", "M_BAD_JSON"),
        (b"", "M_NOT_JSON"),
        (b"{", "M_NOT_JSON"),
        (b'{"a": {"b": tru}}', "M_NOT_JSON"),
        (b'{"a": "\xff"}', "M_NOT_JSON"),
        (b'{"a": "\x00"}', "M_NOT_JSON"),
        (b'{"a": NaN}', "M_NOT_JSON"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "M_NOT_JSON"),
    ],
)
async def test_only_json_objects_are_stored(world: World, body: bytes, errcode: str) -> None:
    alice = await world.register("alice")
    answer = await world.call("PUT", of_user(alice), token=alice.token, content=body)
    assert (answer.status_code, answer.json()["errcode"]) == (400, errcode)
    assert (await alice.get(of_user(alice))).status_code == 404


async def test_too_much_is_refused(world: World) -> None:
    alice = await world.register("alice")
    assert (await alice.put(of_user(alice), {"x": "y" * 200_000})).status_code == 200
    answer = await alice.put(of_user(alice), {"x": "y" * 300_000})
    assert (answer.status_code, answer.json()["errcode"]) == (413, "M_TOO_LARGE")


@pytest.mark.parametrize("kind", ["%00", "a%0Ab", "x" * 256, "%F0%9F%98%80" * 64])
async def test_impossible_types_are_refused(world: World, kind: str) -> None:
    alice = await world.register("alice")
    answer = await alice.put(of_user(alice, kind), {})
    assert (answer.status_code, answer.json()["errcode"]) == (400, "M_INVALID_PARAM")
    assert (await alice.get(of_user(alice, kind))).status_code in (400, 404)


@pytest.mark.parametrize("room_id", ["lounge", "%23lounge:hold.example", "!", "!a%00b", "!a b"])
async def test_impossible_rooms_are_refused(world: World, room_id: str) -> None:
    alice = await world.register("alice")
    for answer in (
        await alice.put(of_room(alice, room_id), {}),
        await alice.get(of_room(alice, room_id)),
    ):
        assert (answer.status_code, answer.json()["errcode"]) == (400, "M_INVALID_PARAM")


async def test_push_rules_can_be_read_as_account_data(world: World) -> None:
    alice = await world.register("alice")
    rules = (await alice.get(of_user(alice, "m.push_rules"))).json()
    assert rules == (await alice.get("pushrules/")).json()


async def test_a_put_makes_few_statements(world: World) -> None:
    """The token; the position, the row (on PostgreSQL also the notice, uncounted)."""
    alice = await world.register("alice")
    await alice.get("account/whoami")
    assert await world.count_statements(lambda: alice.put(of_user(alice), {})) == 3
    assert await world.count_statements(lambda: alice.get(of_user(alice))) == 2


@pytest.mark.parametrize(("erase", "left"), [(True, 0), (False, 1)])
async def test_it_is_erased_with_the_account_if_asked_for(
    world: World, erase: bool, left: int
) -> None:
    alice = await world.register("alice")
    await alice.put(of_user(alice), {"theme": "dark"})
    answer = await alice.post("account/deactivate", {"auth": alice.auth(), "erase": erase})
    assert answer.status_code == 200, answer.text
    count = "SELECT count(*) FROM account_data"
    assert await world.server.context.db.read(lambda tx: tx.value(count)) == left
