"""A forgotten account password, reset in the portal: one mail, one link, one page."""

import asyncio
from typing import Any

from tests.fixtures.worlds import MakeWorld
from tests.world import EXTRAS, PASSWORD, PUBLIC_URL, Answer, Person, World, refused

NEW = "nimbus orchard vagrant"
MAIL = "alice@example.org"
RESET = f"{EXTRAS}/password_reset"


async def requested(world: World, email: str = MAIL) -> str:
    """The token behind the `#` of a new reset link."""
    number = len(await world.letters(email)) + 1
    answer = await world.post(f"{RESET}/request", {"email": email})
    assert answer.json() == {"expires_in_ms": 3_600_000}
    address, _, token = (await world.letter(email, number=number)).link.partition("#")
    assert address == f"{PUBLIC_URL}/reset"
    return token


async def link_of_alice(world: World) -> tuple[Person, str]:
    return await world.register("alice", email=MAIL), await requested(world)


async def opened(world: World, token: str) -> Answer:
    return await world.post(f"{RESET}/open", {"token": token})


async def complete(world: World, token: str, new: str = NEW, **sessions: str) -> Answer:
    body = {"token": token, "new_password": new, "sessions": sessions}
    return await world.post(f"{RESET}/complete", body)


def not_found(answer: Answer, reason: str) -> None:
    refused(answer, 404, "M_NOT_FOUND")
    assert answer.json()["dev.holdfast.reason"] == reason


async def test_the_link_shows_whose_it_is_and_what_is_to_decide(world: World) -> None:
    alice, token = await link_of_alice(world)
    phone = await alice.another_session(initial_device_display_name="Phone")
    await alice.post(f"{EXTRAS}/lock_devices", {"devices": [phone.device_id]})
    told = (await opened(world, token)).json()
    assert told["user_id"] == alice.user_id
    by_id = {each["device_id"]: each for each in told["sessions"]}
    assert by_id[phone.device_id]["display_name"] == "Phone"
    assert by_id[phone.device_id]["dev.holdfast.state"] == "locked"
    assert by_id[alice.device_id]["dev.holdfast.state"] == "signed_in"
    assert await alice.is_signed_in(), "opening it changes nothing"
    assert (await world.login("alice", PASSWORD)).status_code == 200


async def test_all_sessions_are_locked_unless_chosen_otherwise(world: World) -> None:
    alice, token = await link_of_alice(world)
    answer = await complete(world, token)
    assert answer.json() == {
        "user_id": alice.user_id,
        "dev.holdfast.sessions": {"kept": [], "locked": [alice.device_id], "removed": []},
    }
    assert (await alice.get("account/whoami")).json()["soft_logout"] is True
    assert (await world.login("alice", NEW, device_id=alice.device_id)).status_code == 200
    refused(await world.login("alice", PASSWORD), 403, "M_FORBIDDEN")


async def test_one_fate_for_each_session(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    kept = await alice.another_session(device_id="KEPT")
    locked = await alice.another_session(device_id="LOCKED")
    token = await requested(world)
    answer = await complete(world, token, default="remove", KEPT="keep", LOCKED="lock")
    assert answer.json()["dev.holdfast.sessions"] == {
        "kept": ["KEPT"],
        "locked": ["LOCKED"],
        "removed": [alice.device_id],
    }
    assert await kept.is_signed_in()
    assert (await locked.get("account/whoami")).json()["soft_logout"] is True
    assert (await alice.get("account/whoami")).json()["soft_logout"] is False


async def test_an_operator_may_have_them_removed(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_ON_PASSWORD_CHANGE="remove") as world:
        alice, token = await link_of_alice(world)
        answer = await complete(world, token)
        assert answer.json()["dev.holdfast.sessions"]["removed"] == [alice.device_id]


async def test_a_link_works_once(world: World) -> None:
    _alice, token = await link_of_alice(world)
    assert (await complete(world, token)).status_code == 200
    not_found(await complete(world, token, "other ember vagrant"), "used")
    not_found(await opened(world, token), "used")
    assert (await world.login("alice", NEW)).status_code == 200


async def test_a_link_works_once_even_at_the_same_moment(world: World) -> None:
    _alice, token = await link_of_alice(world)
    tries = [complete(world, token, f"{NEW} {number}") for number in range(4)]
    codes = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert sorted(codes) == [200, 404, 404, 404]
    assert (await world.login("alice", f"{NEW} {codes.index(200)}")).status_code == 200


async def test_sixty_minutes_to_click(world: World) -> None:
    _alice, token = await link_of_alice(world)
    world.clock.turn(minutes=60)
    not_found(await opened(world, token), "expired")
    not_found(await complete(world, token), "expired")
    assert (await world.login("alice", PASSWORD)).status_code == 200


async def test_then_ten_minutes_to_use(world: World) -> None:
    _alice, token = await link_of_alice(world)
    world.clock.turn(minutes=59)
    assert (await opened(world, token)).json()["expires_in_ms"] == 600_000
    world.clock.turn(minutes=9)
    assert (await opened(world, token)).json()["expires_in_ms"] == 60_000
    world.clock.turn(minutes=1)
    not_found(await complete(world, token), "expired")


async def test_the_tenth_minute_still_counts(world: World) -> None:
    _alice, token = await link_of_alice(world)
    world.clock.turn(minutes=59)
    await opened(world, token)
    world.clock.turn(minutes=9)
    assert (await complete(world, token)).status_code == 200


async def test_five_wrong_tries_kill_the_link(world: World) -> None:
    _alice, token = await link_of_alice(world)
    sid = token.split(".")[0]
    for number in range(5):
        not_found(await opened(world, f"{sid}.guess{number}"), "unknown")
    not_found(await opened(world, token), "unknown")
    not_found(await complete(world, token), "unknown")


async def test_what_is_no_token_at_all(world: World) -> None:
    for token in ("", ".", "a.b", "no dot", "x" * 5000):
        not_found(await opened(world, token), "unknown")
        not_found(await complete(world, token), "unknown")


async def test_a_clients_link_does_not_work_here_nor_the_other_way_round(world: World) -> None:
    _alice, token = await link_of_alice(world)
    number = len(await world.letters(MAIL)) + 1
    await world.request_token("account/password/email", MAIL)
    link = (await world.letter(MAIL, number=number)).link
    sid, secret = link.split("sid=")[1].split("&token=")
    not_found(await complete(world, f"{sid}.{secret}"), "unknown")
    not_found(await opened(world, f"{sid}.{secret}"), "unknown")
    sid, secret = token.split(".")
    page = await world.press(f"{PUBLIC_URL}/_holdfast/confirm?sid={sid}&token={secret}")
    assert page.status_code == 404
    assert (await complete(world, token)).status_code == 200


async def test_weak_passwords_are_refused_and_the_link_stays_good(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    await alice.add_address("neuromancer@example.org")
    token = await requested(world)
    for weak, reason in (
        ("short1!", "too_short"),
        ("password123", "common"),
        ("alice loves ember", "contains_name"),
        ("my neuromancer ember", "contains_address"),
    ):
        answer = await complete(world, token, weak)
        refused(answer, 400, "M_WEAK_PASSWORD")
        assert answer.json()["dev.holdfast.reason"] == reason
    assert (await complete(world, token)).status_code == 200


async def test_another_reset_voids_this_link(world: World) -> None:
    _alice, first = await link_of_alice(world)
    second = await requested(world)
    assert first != second
    assert (await complete(world, second)).status_code == 200
    not_found(await complete(world, first), "used")


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(world: World) -> None:
    answer = await world.post(f"{RESET}/request", {"email": "nobody@example.org"})
    assert answer.json() == {"expires_in_ms": 3_600_000}
    assert await world.letters("nobody@example.org") == []
    refused(await world.post(f"{RESET}/request", {"email": "no address"}), 400, "M_INVALID_PARAM")


async def test_a_deactivated_account_gets_no_link(world: World) -> None:
    alice, token = await link_of_alice(world)
    await alice.post("account/deactivate", {"auth": alice.auth()})
    before = len(await world.letters(MAIL))
    await world.post(f"{RESET}/request", {"email": MAIL})
    assert len(await world.letters(MAIL)) == before
    refused(await complete(world, token), 404, "M_NOT_FOUND")


async def test_without_mail_it_is_not_offered(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_SMTP_URL="", HOLDFAST_HOST="0.0.0.0") as world:
        versions: dict[str, Any] = (await world.get("/_matrix/client/versions")).json()
        assert versions["unstable_features"]["dev.holdfast.password_reset"] is False
        answer = await world.post(f"{RESET}/request", {"email": MAIL})
        refused(answer, 403, "M_THREEPID_DENIED")


async def test_no_more_statements_for_many_sessions_than_for_one(world: World) -> None:
    alice, token = await link_of_alice(world)
    few = await world.count_statements(lambda: complete(world, token))
    await world.many_sessions(alice, 1000)
    again = await requested(world)
    many = await world.count_statements(lambda: complete(world, again, f"{NEW} 2"))
    assert many == few
