"""Every use case that changes an account leaves an entry that says who did it, and from where."""

from typing import Any

import pytest

from tests.world import EXTRAS, Person, World, person

NEW = "nimbus orchard vagrant"
MAIL = "alice@example.org"
DEFAULT_KEY = "m.secret_storage.default_key"


async def journal(who: Person) -> list[dict[str, Any]]:
    """The person's journal, the newest entry first."""
    answer = await who.get(f"{EXTRAS}/journal")
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return entries


async def newest(who: Person, count: int = 1) -> list[tuple[str, str | None, dict[str, Any]]]:
    """What the newest entries tell, the newest first: what, which session did it, its facts."""
    return [(one["what"], one["by_device"], one["facts"]) for one in (await journal(who))[:count]]


async def test_creating_an_account(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    addresses = [{"medium": "email", "address": MAIL}]
    facts = {"device_id": alice.device_id, "addresses": addresses}
    assert await journal(alice) == [
        {
            "at": world.clock.now,
            "what": "account_created",
            "by_device": None,
            "by_address": "127.0.0.1",
            "facts": facts,
        }
    ]


async def test_creating_an_account_without_signing_in(world: World) -> None:
    auth = {"type": "m.login.dummy"}
    body = {"username": "alice", "password": NEW, "auth": auth, "inhibit_login": True}
    assert (await world.post("register", body)).status_code == 200
    alice = person(world, NEW, await world.login("alice", NEW))
    assert (await newest(alice, 2))[1] == (
        "account_created",
        None,
        {"device_id": None, "addresses": []},
    )


async def test_signing_in(world: World) -> None:
    alice = await world.register("alice")
    for again in (False, True):
        await alice.another_session(device_id="PHONE")
        facts = {"device_id": "PHONE", "again": again, "how": "password"}
        assert await newest(alice) == [("session_opened", None, facts)]
    body = {"type": "m.login.token", "token": await alice.login_token(), "device_id": "TABLET"}
    assert (await world.post("login", body)).status_code == 200
    facts = {"device_id": "TABLET", "again": False, "how": "login_token"}
    assert await newest(alice) == [("session_opened", None, facts)]


async def test_changing_the_account_password(world: World) -> None:
    alice = await world.register("alice")
    for name in ("KEPT", "LOCKED", "REMOVED"):
        await alice.another_session(device_id=name)
    choice = {"KEPT": "keep", "LOCKED": "lock", "REMOVED": "remove"}
    assert (
        await alice.change_password(NEW, **{"dev.holdfast.sessions": choice})
    ).status_code == 200
    assert await newest(alice, 2) == [
        (
            "sessions_removed",
            alice.device_id,
            {"device_ids": ["REMOVED"], "why": "password_changed"},
        ),
        ("password_changed", alice.device_id, {"kept": 1, "locked": 1, "removed": 1}),
    ]


async def test_resetting_the_account_password(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    proof = await world.prove_address("account/password/email", MAIL)
    body = {"auth": proof, "new_password": NEW}
    assert (await world.post("account/password", body)).status_code == 200
    alice = person(world, NEW, await world.login("alice", NEW, device_id=alice.device_id))
    facts = {"kept": 0, "locked": 1, "removed": 0}
    assert (await newest(alice, 2))[1] == ("password_reset", None, facts)


async def test_resetting_it_in_the_portal(world: World) -> None:
    await world.register("alice", email=MAIL)
    await world.post(f"{EXTRAS}/password_reset/request", {"email": MAIL})
    token = (await world.letter(MAIL, number=2)).link.partition("#")[2]
    body = {"token": token, "new_password": NEW, "sessions": {"default": "remove"}}
    answer = await world.post(f"{EXTRAS}/password_reset/complete", body)
    assert answer.status_code == 200, answer.text
    alice = person(world, NEW, await world.login("alice", NEW))
    removed = answer.json()["dev.holdfast.sessions"]["removed"]
    assert (await newest(alice, 3))[1:] == [
        ("sessions_removed", None, {"device_ids": removed, "why": "password_reset"}),
        ("password_reset", None, {"kept": 0, "locked": 0, "removed": 1}),
    ]


async def test_addresses(world: World) -> None:
    alice = await world.register("alice")
    await alice.add_address(MAIL)
    which = {"medium": "email", "address": MAIL}
    assert await newest(alice) == [("address_added", alice.device_id, which)]
    body = {"auth": alice.auth(), **which}
    for _ in range(2):  # the second time there is nothing to remove
        assert (await alice.post("account/3pid/delete", body)).status_code == 200
    assert [each[0] for each in await newest(alice, 2)] == ["address_removed", "address_added"]
    assert await newest(alice) == [("address_removed", alice.device_id, which)]


async def test_locking_sessions(world: World) -> None:
    alice = await world.register("alice")
    for name in ("ONE", "TWO"):
        await alice.another_session(device_id=name)
    for chosen in (["ONE", "NONE", alice.device_id], ["TWO", "ONE"], ["ONE", "TWO"], []):
        await alice.post(f"{EXTRAS}/lock_devices", {"devices": chosen})
    assert await newest(alice, 3) == [
        ("sessions_locked", alice.device_id, {"device_ids": ["TWO"]}),
        ("sessions_locked", alice.device_id, {"device_ids": ["ONE"]}),
        ("session_opened", None, {"device_id": "TWO", "again": False, "how": "password"}),
    ]


async def test_a_reused_refresh_token_locks_its_session(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session(device_id="PHONE", refresh_token=True)
    answer = await world.post("refresh", {"refresh_token": phone.refresh_token})
    used = await world.get("account/whoami", token=answer.json()["access_token"])
    assert used.status_code == 200
    assert (await world.post("refresh", {"refresh_token": phone.refresh_token})).status_code == 401
    facts = {"device_ids": ["PHONE"], "why": "refresh_token_reused"}
    assert await newest(alice) == [("sessions_locked", None, facts)]


async def test_removing_sessions(world: World) -> None:
    alice = await world.register("alice")
    for name in ("ONE", "TWO", "THREE"):
        await alice.another_session(device_id=name)
    auth = alice.auth()
    assert (await alice.delete("devices/ONE", {"auth": auth})).status_code == 200
    assert await newest(alice) == [("sessions_removed", alice.device_id, {"device_ids": ["ONE"]})]
    body = {"devices": ["TWO", "THREE", "NONE"], "auth": auth}
    assert (await alice.post("delete_devices", body)).status_code == 200
    both = {"device_ids": ["THREE", "TWO"]}
    assert await newest(alice) == [("sessions_removed", alice.device_id, both)]
    assert (await alice.post("delete_devices", body)).status_code == 200
    assert [each[2] for each in await newest(alice, 2)] == [both, {"device_ids": ["ONE"]}]


async def test_signing_out(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session(device_id="PHONE")
    await phone.post("logout")
    assert await newest(alice) == [("sessions_removed", "PHONE", {"device_ids": ["PHONE"]})]
    await alice.post("logout/all")
    back = person(world, alice.password, await world.login("alice"))
    gone = ("sessions_removed", alice.device_id, {"device_ids": [alice.device_id]})
    assert (await newest(back, 2))[1] == gone


async def test_sessions_that_were_locked_for_too_long(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    for who in (alice, bob):
        for name in ("ONE", "TWO"):
            await who.another_session(device_id=name)
        await who.post(f"{EXTRAS}/lock_devices", {"devices": ["ONE", "TWO"]})
    world.clock.turn(days=31)
    await world.housekeeping()
    for who in (alice, bob):
        facts = {"device_ids": ["ONE", "TWO"], "why": "locked_for_too_long"}
        assert await newest(who) == [("sessions_removed", None, facts)]
        assert (await journal(who))[0]["by_address"] is None, "the server did it by itself"


async def test_another_default_key_of_secret_storage(world: World) -> None:
    alice = await world.register("alice")
    path = f"user/{alice.user_id}/account_data/{DEFAULT_KEY}"
    for key in ("one", "one", "two"):
        assert (await alice.put(path, {"key": key, "more": {}})).status_code == 200
    assert await newest(alice, 3) == [
        ("secret_storage_changed", alice.device_id, {"before": "one", "after": "two"}),
        ("secret_storage_changed", alice.device_id, {"before": None, "after": "one"}),
        ("account_created", None, {"device_id": alice.device_id, "addresses": []}),
    ]


@pytest.mark.parametrize("key", [5, None, {"a": []}, [], "x" * 10_000, "\0\x9b"])
async def test_a_strange_default_key(world: World, key: Any) -> None:
    alice = await world.register("alice")
    path = f"user/{alice.user_id}/account_data/{DEFAULT_KEY}"
    assert (await alice.put(path, {"key": key})).status_code == 200
    (entry,) = await newest(alice)
    if isinstance(key, str):
        assert entry[2] == {"before": None, "after": key[:255]}
    else:
        assert entry[0] == "account_created", "that is no key, and there was none before"


async def test_other_account_data_is_not_noted(world: World) -> None:
    alice = await world.register("alice")
    of_room = f"user/{alice.user_id}/rooms/!r:x/account_data/{DEFAULT_KEY}"
    for path in (f"user/{alice.user_id}/account_data/m.direct", of_room):
        assert (await alice.put(path, {"key": "one"})).status_code == 200
    assert [each["what"] for each in await journal(alice)] == ["account_created"]


async def test_what_is_refused_leaves_no_entry(world: World) -> None:
    alice = await world.register("alice")
    await world.login("alice", "not the one")
    await alice.post("account/password", {"new_password": NEW, "auth": alice.auth("wrong")})
    await alice.post("account/deactivate", {"auth": alice.auth("wrong")})
    assert [each["what"] for each in await journal(alice)] == ["account_created"]
