"""An app that waits for its user to follow a mailed link asks every two seconds."""

from typing import Any

from tests.fixtures.worlds import MakeWorld
from tests.world import World

NEW = "another fine lighthouse"
MAIL = "alice@example.org"


def request_of(creds: dict[str, str]) -> dict[str, Any]:
    """What Element and Cinny send, without a session."""
    stage = {"type": "m.login.email.identity", "threepid_creds": creds, "threepidCreds": creds}
    return {"auth": stage, "new_password": NEW, "logout_devices": False}


async def test_waiting_is_not_taken_for_guessing(make_world: MakeWorld) -> None:
    made: Any = make_world(HOLDFAST_RATE_LIMITS="on")
    async with made as world:
        await world.register("alice", email=MAIL)
        creds = await world.request_token("account/password/email", MAIL)
        for _ in range(150):  # five minutes
            answer = await world.post("account/password", request_of(creds))
            assert answer.status_code == 401, answer.text
            world.clock.turn(ms=2000)


async def test_waiting_costs_no_hash_and_no_mail(world: World) -> None:
    await world.register("alice", email=MAIL)
    creds = await world.request_token("account/password/email", MAIL)
    await world.letter(MAIL, number=2)
    world.server.context.hasher.close()  # from here on, hashing fails
    for _ in range(10):
        answer = await world.post("account/password", request_of(creds))
        assert answer.status_code == 401
        assert answer.json()["errcode"] == "M_UNAUTHORIZED"
        assert answer.json()["flows"] == [{"stages": ["m.login.email.identity"]}]
    assert len(world.mail.inboxes[MAIL]) == 2
    assert await world.all_mail_sent()


async def test_one_more_call_after_the_success_is_refused(world: World) -> None:
    await world.register("alice", email=MAIL)
    stage = await world.prove_address("account/password/email", MAIL)
    body = request_of(stage["threepid_creds"])
    assert (await world.post("account/password", body)).status_code == 200
    assert (await world.post("account/password", body)).status_code == 401
