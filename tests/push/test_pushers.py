"""Where apps want their notifications."""

from typing import Any

import pytest

from tests.world import Answer, Person, World

GATEWAY = "https://push.example/_matrix/push/v1/notify"


def pusher(**changes: Any) -> dict[str, Any]:
    return {
        "app_id": "org.example.app.android",
        "pushkey": "key-of-the-phone",
        "kind": "http",
        "app_display_name": "Example",
        "device_display_name": "Alice's phone",
        "profile_tag": "phone",
        "lang": "en",
        "data": {"url": GATEWAY, "format": "event_id_only", "org.example.extra": [1, {"a": None}]},
        **changes,
    }


async def set_pusher(person: Person, **changes: Any) -> Answer:
    return await person.post("pushers/set", pusher(**changes))


async def listed(person: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await person.get("pushers")).json()["pushers"]
    return found


async def keys(person: Person) -> list[str]:
    return [each["pushkey"] for each in await listed(person)]


async def test_a_pusher_is_set_and_listed(world: World) -> None:
    alice = await world.register("alice")
    assert await listed(alice) == []
    assert (await set_pusher(alice)).json() == {}
    assert await listed(alice) == [pusher()]


async def test_a_pusher_is_changed(world: World) -> None:
    alice = await world.register("alice")
    await set_pusher(alice)
    await set_pusher(alice, lang="de", data={"url": GATEWAY})
    assert await listed(alice) == [pusher(lang="de", data={"url": GATEWAY})]


async def test_a_pusher_is_removed(world: World) -> None:
    alice = await world.register("alice")
    await set_pusher(alice)
    await set_pusher(alice, pushkey="another")
    gone = {"app_id": pusher()["app_id"], "pushkey": pusher()["pushkey"], "kind": None}
    for _ in range(2):  # what is not there is as gone as it can be
        assert (await alice.post("pushers/set", gone)).json() == {}
    assert await keys(alice) == ["another"]


async def test_one_phone_one_person_unless_appended(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await set_pusher(alice)
    await set_pusher(bob, append=True)
    assert (await keys(alice), await keys(bob)) == (["key-of-the-phone"], ["key-of-the-phone"])
    await set_pusher(bob, append=False)
    assert (await keys(alice), await keys(bob)) == ([], ["key-of-the-phone"])


async def test_another_app_with_the_same_key_is_another_pusher(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await set_pusher(alice, app_id="org.example.ios")
    await set_pusher(bob)
    assert await keys(alice) == ["key-of-the-phone"]


@pytest.mark.parametrize(
    "name",
    ["app_id", "pushkey", "kind", "app_display_name", "device_display_name", "lang", "data"],
)
async def test_what_every_pusher_needs(world: World, name: str) -> None:
    alice = await world.register("alice")
    body = pusher()
    del body[name]
    answer = await alice.post("pushers/set", body)
    assert (answer.status_code, answer.json()["errcode"]) == (400, "M_MISSING_PARAM")
    assert f"'{name}'" in answer.json()["error"]


@pytest.mark.parametrize(
    "changes",
    [
        {"app_id": "a" * 65},
        {"app_id": ""},
        {"pushkey": "k" * 513},
        {"pushkey": "é" * 257},
        {"pushkey": ""},
        {"kind": "email"},
        {"kind": "pigeon"},
        {"lang": "x" * 256},
        {"app_display_name": "x" * 256},
        {"data": {"url": GATEWAY, "more": "x" * 20_000}},
        {"data": {"url": 5}},
        {"data": {"url": "push.example/_matrix/push/v1/notify"}},
        {"data": {"url": "http://push.example/_matrix/push/v1/notify"}},
        {"data": {"url": "https://push.example/notify"}},
        {"data": {"url": "https:///_matrix/push/v1/notify"}},
        {"data": {"url": "https://[::1/_matrix/push/v1/notify"}},
        {"data": {"url": "https://push.example:99999/_matrix/push/v1/notify"}},
    ],
)
async def test_what_no_pusher_can_have(world: World, changes: dict[str, Any]) -> None:
    alice = await world.register("alice")
    answer = await set_pusher(alice, **changes)
    assert (answer.status_code, answer.json()["errcode"]) == (400, "M_INVALID_PARAM")
    assert await listed(alice) == []


async def test_a_gateway_has_an_address(world: World) -> None:
    alice = await world.register("alice")
    answer = await set_pusher(alice, data={"format": "event_id_only"})
    assert (answer.status_code, answer.json()["errcode"]) == (400, "M_MISSING_PARAM")


@pytest.mark.parametrize(
    "url",
    [
        "https://push.example:8443/_matrix/push/v1/notify?app=1",
        "http://localhost:5000/_matrix/push/v1/notify",
        "http://127.0.0.1:5000/_matrix/push/v1/notify",
        "http://[::1]/_matrix/push/v1/notify",
    ],
)
async def test_a_gateway_on_this_machine_needs_no_encryption(world: World, url: str) -> None:
    alice = await world.register("alice")
    assert (await set_pusher(alice, data={"url": url})).status_code == 200


async def test_the_longest_names_fit(world: World) -> None:
    alice = await world.register("alice")
    assert (await set_pusher(alice, app_id="a" * 64, pushkey="k" * 512)).status_code == 200


async def test_pushers_go_with_a_locked_session(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session()
    await set_pusher(alice, pushkey="of the laptop")
    await set_pusher(phone, pushkey="of the phone")
    await alice.change_password("a quite different sentence")
    assert await keys(alice) == ["of the laptop"]


@pytest.mark.parametrize("leave", ["logout", "logout/all"])
async def test_pushers_go_with_a_removed_session(world: World, leave: str) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session()
    await set_pusher(phone)
    await phone.post(leave)
    again = await alice.another_session()
    assert await keys(again) == []
