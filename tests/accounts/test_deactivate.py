"""Deactivating an account, for good."""

import pytest

from tests.world import EXTRAS, PASSWORD, World, refused

MAIL = "alice@example.org"


@pytest.mark.parametrize("erase", [None, False, True])
async def test_nothing_is_left_to_sign_in_to(world: World, erase: bool | None) -> None:
    alice = await world.register("alice", email=MAIL)
    phone = await alice.another_session(refresh_token=True)
    token = await alice.login_token()
    body = {} if erase is None else {"erase": erase}
    answer = await alice.post("account/deactivate", {"auth": alice.auth(), **body})
    assert answer.json() == {"id_server_unbind_result": "no-support"}
    for session in (alice, phone):
        gone = await session.get("account/whoami")
        refused(gone, 401, "M_UNKNOWN_TOKEN")
        assert gone.json()["soft_logout"] is False
    refreshed = await world.post("refresh", {"refresh_token": phone.refresh_token})
    refused(refreshed, 401, "M_UNKNOWN_TOKEN")
    refused(await world.login("alice"), 403, "M_USER_DEACTIVATED")
    by_token = await world.post("login", {"type": "m.login.token", "token": token})
    refused(by_token, 403, "M_FORBIDDEN")


async def test_it_takes_proof(world: World) -> None:
    alice = await world.register("alice")
    first = await alice.post("account/deactivate", {"erase": True})
    assert first.status_code == 401
    assert await alice.is_signed_in()
    wrong = {**alice.auth("guess"), "session": first.json()["session"]}
    assert (await alice.post("account/deactivate", {"auth": wrong})).status_code == 401
    assert await alice.is_signed_in()


async def test_the_name_stays_taken_and_the_address_is_free(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    await alice.post("account/deactivate", {"auth": alice.auth()})
    refused(await world.post("register", {"username": "alice"}), 400, "M_USER_IN_USE")
    bob = await world.register("bob", email=MAIL)
    told = (await bob.get("account/3pid")).json()["threepids"]
    assert [each["address"] for each in told] == [MAIL]


async def test_its_owner_is_told_by_mail(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    before = len(await world.letters(MAIL))
    await alice.post("account/deactivate", {"auth": alice.auth()})
    letters = (await world.letters(MAIL))[before:]
    assert len(letters) == 1
    assert alice.user_id in letters[0].text


async def test_its_links_end(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    number = len(await world.letters(MAIL)) + 1
    await world.post(f"{EXTRAS}/password_reset/request", {"email": MAIL})
    token = (await world.letter(MAIL, number=number)).link.split("#")[1]
    await alice.post("account/deactivate", {"auth": alice.auth()})
    answer = await world.post(f"{EXTRAS}/password_reset/open", {"token": token})
    refused(answer, 404, "M_NOT_FOUND")


async def test_nobody_else_is_touched(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await alice.post("account/deactivate", {"auth": alice.auth()})
    assert await bob.is_signed_in()
    assert (await world.login("bob", PASSWORD)).status_code == 200
