"""Proving a phone number with a code, and what it is good for."""

import asyncio
from typing import Any

from tests.fixtures.worlds import MakeWorld
from tests.text_gateway import NUMBER, SUBMIT, TextGateway, ask, submit
from tests.world import PASSWORD, PUBLIC_URL, Person, World

NEW = "another fine lighthouse"


async def prove(world: World, gateway: TextGateway, path: str, **more: Any) -> dict[str, Any]:
    """Ask for a code, type it in; return the stage it completes."""
    so_far = len(gateway.messages)
    sid = (await ask(world, path, **more)).json()["sid"]
    answer = await submit(world, sid, await gateway.code(so_far + 1))
    assert answer.json() == {"success": True}, answer.text
    creds = {"sid": sid, "client_secret": "s3cret"}
    return {"type": "m.login.msisdn", "threepid_creds": creds}


async def with_phone(world: World, gateway: TextGateway) -> Person:
    """Alice, who has registered with her phone number."""
    stage = await prove(world, gateway, "register")
    return await register_with(world, stage)


async def register_with(world: World, stage: dict[str, Any]) -> Person:
    body = {"username": "alice", "password": PASSWORD, "auth": stage}
    answer = await world.post("register", body)
    assert answer.status_code == 200, answer.text
    made = answer.json()
    return Person(world, made["user_id"], PASSWORD, made["access_token"], made["device_id"])


async def test_without_a_gateway_no_code_is_offered(world: World) -> None:
    for path in ("register", "account/password", "account/3pid"):
        answer = await ask(world, path)
        assert answer.status_code == 400
        assert answer.json()["errcode"] == "M_THREEPID_MEDIUM_NOT_SUPPORTED"
    for body in ({}, {"new_password": NEW}):
        path = "account/password" if body else "register"
        flows = (await world.post(path, body)).json()["flows"]
        assert not any("m.login.msisdn" in flow["stages"] for flow in flows)


async def test_the_answer_says_where_the_code_goes(phones: World, gateway: TextGateway) -> None:
    answer = (await ask(phones, "register")).json()
    assert answer["submit_url"] == f"{PUBLIC_URL}{SUBMIT}"
    assert answer["msisdn"] == NUMBER
    assert set(answer) == {"sid", "submit_url", "msisdn"}
    message = await gateway.message()
    assert message["to"] == f"+{NUMBER}"
    assert "hold.example" in message["text"]
    assert gateway.headers[0]["content-type"] == "application/json"


async def test_registering_with_a_number_and_signing_in_with_it(
    phones: World, gateway: TextGateway
) -> None:
    flows = (await phones.post("register", {})).json()["flows"]
    assert {"stages": ["m.login.msisdn"]} in flows
    alice = await with_phone(phones, gateway)
    listed = (await alice.get("account/3pid")).json()["threepids"]
    assert [(one["medium"], one["address"]) for one in listed] == [("msisdn", NUMBER)]
    who = {"type": "m.id.phone", "country": "CH", "phone": "0791234567"}
    body = {"type": "m.login.password", "identifier": who, "password": PASSWORD}
    assert (await phones.post("login", body)).json()["user_id"] == alice.user_id


async def test_adding_a_number_needs_its_code_and_the_account_password(
    phones: World, gateway: TextGateway
) -> None:
    alice = await phones.register("alice")
    sid = (await ask(phones, "account/3pid", token=alice.token)).json()["sid"]
    creds = {"sid": sid, "client_secret": "s3cret"}
    early = await alice.post("account/3pid/add", {"auth": alice.auth(), **creds})
    assert early.json()["errcode"] == "M_THREEPID_AUTH_FAILED"
    assert (await submit(phones, sid, await gateway.code())).json() == {"success": True}
    assert (await alice.post("account/3pid/add", creds)).status_code == 401
    assert (await alice.post("account/3pid/add", {"auth": alice.auth(), **creds})).is_success
    gone = {"auth": alice.auth(), "medium": "msisdn", "address": NUMBER}
    assert (await alice.post("account/3pid/delete", gone)).is_success
    assert (await alice.get("account/3pid")).json()["threepids"] == []


async def test_resetting_the_account_password(phones: World, gateway: TextGateway) -> None:
    alice = await with_phone(phones, gateway)
    flows = (await phones.post("account/password", {"new_password": NEW})).json()["flows"]
    assert {"stages": ["m.login.msisdn"]} in flows
    stage = await prove(phones, gateway, "account/password")
    answer = await phones.post("account/password", {"auth": stage, "new_password": NEW})
    assert answer.status_code == 200, answer.text
    assert (await phones.login("alice", NEW)).status_code == 200
    assert not await alice.is_signed_in()


async def test_a_code_for_one_purpose_serves_no_other(phones: World, gateway: TextGateway) -> None:
    await with_phone(phones, gateway)
    sid = (await ask(phones, "register", secret="t")).json()["sid"]  # tells that it is taken
    stage = {"type": "m.login.msisdn", "threepid_creds": {"sid": sid, "client_secret": "t"}}
    body = {"auth": stage, "new_password": NEW}
    assert (await phones.post("account/password", body)).status_code == 401


async def test_whether_a_number_is_known_shows_nowhere(phones: World, gateway: TextGateway) -> None:
    await with_phone(phones, gateway)
    statements = []
    for number in ("079 123 45 67", "079 765 43 21"):
        phones.statements.clear()
        body = {"phone_number": number}
        answer = await ask(phones, "account/password", secret=f"s{number[-2:]}", body=body)
        assert answer.status_code == 200
        assert set(answer.json()) == {"sid", "submit_url", "msisdn"}
        statements.append(phones.asked_for())
    assert statements[0] == statements[1]
    await gateway.message(2)
    await asyncio.sleep(0.05)
    assert [message["to"] for message in gateway.messages] == [f"+{NUMBER}"] * 2
    taken = await ask(phones, "register", secret="another")
    assert taken.status_code == 200
    assert "already belongs" in (await gateway.message(3))["text"]


async def test_five_wrong_codes_kill_the_right_one(phones: World, gateway: TextGateway) -> None:
    sid = (await ask(phones, "register")).json()["sid"]
    code = await gateway.code()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        answer = await submit(phones, sid, wrong)
        assert answer.status_code == 200
        assert answer.json() == {"success": False}
    assert (await submit(phones, sid, code)).json() == {"success": False}


async def test_a_number_gets_only_so_many_tries(
    make_world: MakeWorld, gateway: TextGateway
) -> None:
    limits = {"HOLDFAST_RATE_LIMITS": "on", "HOLDFAST_SMS_GATEWAY_URL": gateway.url}
    async with make_world(**limits) as world:
        answers = []
        for attempt in range(3):
            sid = (await ask(world, "register", secret=f"s{attempt}")).json()["sid"]
            answers += [await submit(world, sid, "wrong", f"s{attempt}") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 5


async def test_a_code_is_worth_nothing_to_another_client(
    phones: World, gateway: TextGateway
) -> None:
    sid = (await ask(phones, "register")).json()["sid"]
    code = await gateway.code()
    assert (await submit(phones, sid, code, "other")).json() == {"success": False}
    assert (await submit(phones, sid, f" {code} ")).json() == {"success": True}


async def test_an_unknown_proof_and_an_old_code(phones: World, gateway: TextGateway) -> None:
    assert (await submit(phones, "nothing", "123456")).json() == {"success": False}
    sid = (await ask(phones, "register")).json()["sid"]
    code = await gateway.code()
    phones.clock.turn(minutes=61)
    answer = await submit(phones, sid, code)
    assert answer.status_code == 400
    assert answer.json()["errcode"] == "M_SESSION_EXPIRED"


async def test_one_message_for_each_attempt(phones: World, gateway: TextGateway) -> None:
    first = (await ask(phones, "register", attempt=1)).json()
    old = await gateway.code(1)
    assert (await ask(phones, "register", attempt=1)).json() == first
    assert (await ask(phones, "register", attempt=2)).json() == first
    new = await gateway.code(2)
    await asyncio.sleep(0.05)
    assert len(gateway.messages) == 2
    if old != new:
        assert (await submit(phones, first["sid"], old)).json() == {"success": False}
    assert (await submit(phones, first["sid"], new)).json() == {"success": True}


async def test_a_number_that_is_none(phones: World) -> None:
    body = {"phone_number": "12", "country": "CH"}
    answer = await ask(phones, "register", body=body)
    assert answer.status_code == 400
    assert answer.json()["errcode"] == "M_INVALID_PARAM"


async def test_a_browser_can_send_the_code_too(phones: World, gateway: TextGateway) -> None:
    sid = (await ask(phones, "register")).json()["sid"]
    page = f"{SUBMIT}?sid={sid}&client_secret=s3cret&token="
    wrong = await phones.get(page + "nothing")
    assert wrong.status_code == 404
    assert "not right" in wrong.text
    right = page + await gateway.code()
    await phones.call("HEAD", right)
    stage = {"type": "m.login.msisdn", "threepid_creds": {"sid": sid, "client_secret": "s3cret"}}
    body = {"username": "alice", "password": PASSWORD, "auth": stage}
    early = await phones.post("register", body)
    assert early.status_code == 401
    assert "code in the text message" in early.json()["error"]
    assert "phone number is confirmed" in (await phones.get(right)).text
    await register_with(phones, stage)
