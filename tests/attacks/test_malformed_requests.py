"""Whatever is sent to whichever endpoint: an answer in the specification's shape, never a 500."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from holdfast.kit.http import Route
from tests.attacks.complete import complete_requests, pusher
from tests.attacks.hostile import (
    LONG,
    NUMBERS,
    RAW,
    TEXTS,
    bodies,
    endpoints,
    must_be_an_answer,
)
from tests.world import PASSWORD, Answer, Person, World

numbers = count(1)


class Attacker:
    """Sends things to every endpoint, signed in; a new account whenever one is used up."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._person: Person | None = None

    async def person(self) -> Person:
        if self._person is None or not await self._person.is_signed_in():
            self._person = await self._world.register(f"mallory{next(numbers)}")
        return self._person

    async def send(self, route: Route, path: str, content: bytes, **kwargs: Any) -> Answer:
        token = (await self.person()).token
        url = path.replace("{device_id}", "DEVICE")
        answer = await self._world.call(route.method, url, content=content, token=token, **kwargs)
        must_be_an_answer(answer)
        return answer


@pytest.mark.parametrize("what", RAW)
async def test_what_is_no_request_at_all(world: World, what: str) -> None:
    attacker = Attacker(world)
    for route, path in endpoints():
        if "/r0/" not in path:  # the same handler
            await attacker.send(route, path, RAW[what])


@pytest.mark.parametrize("name", ["not UTF-8", "cut off", "deep lists", "a form"])
async def test_what_is_not_json_is_called_so(world: World, name: str) -> None:
    answer = await world.call("POST", "login", content=RAW[name])
    assert (answer.status_code, answer.json()["errcode"]) == (400, "M_NOT_JSON")


async def test_json_of_the_wrong_shape_is_called_so(world: World) -> None:
    wrong: list[Any] = [{"type": 5}, {"type": "m.login.password", "identifier": []}, [], "x"]
    for body in wrong:
        answer = await world.post("login", body)
        assert (answer.status_code, answer.json()["errcode"]) == (400, "M_BAD_JSON"), body


async def test_what_is_missing_is_named(world: World) -> None:
    answer = await world.post("login", {})
    assert (answer.status_code, answer.json()["errcode"]) == (400, "M_MISSING_PARAM")
    assert "'type'" in answer.json()["error"]


async def test_bodies_that_are_too_large(world: World) -> None:
    answer = await world.call("POST", "login", content=b" " * ((1 << 20) + 1))
    assert (answer.status_code, answer.json()["errcode"]) == (413, "M_TOO_LARGE")


@pytest.mark.parametrize("length", ["-5", "²", "9" * 5000, "1e3", ""])
async def test_a_length_that_is_none(world: World, length: str) -> None:
    headers = {b"content-length": length.encode("latin-1")}
    must_be_an_answer(await world.call("POST", "login", content=b"{}", headers=headers))


@pytest.mark.parametrize("text", TEXTS)
async def test_odd_texts_everywhere_in_complete_requests(world: World, text: str) -> None:
    attacker = Attacker(world)
    for method, path, body in complete_requests(text):
        person = await attacker.person()
        proof = {"auth": person.auth()} if body.get("auth") is None else {}
        answer = await world.call(method, path, json={**body, **proof}, token=person.token)
        must_be_an_answer(answer)


@pytest.mark.parametrize("number", NUMBERS)
async def test_odd_numbers_where_numbers_go(world: World, number: float) -> None:
    alice = await world.register("alice")
    ask = {"email": "a@example.org", "client_secret": "x", "send_attempt": number}
    for path in ("register/email", "account/password/email", "account/3pid/email"):
        must_be_an_answer(await alice.post(f"{path}/requestToken", ask))
    must_be_an_answer(
        await alice.post("pushers/set", pusher(data={"url": "https://x", "n": number}))
    )
    must_be_an_answer(await alice.get("pushers"))


async def test_odd_texts_in_the_path_and_the_query(world: World) -> None:
    alice = await world.register("alice")
    for text in ("%00", "a%00b", "%ff", "%ED%A0%80", "%2e%2e%2f", "x" * 9000, "%F0%9F%98%80", "?"):
        for method in ("GET", "PUT", "DELETE"):
            answer = await world.call(
                method, f"devices/{text}", json={"auth": alice.auth()}, token=alice.token
            )
            must_be_an_answer(answer)
        must_be_an_answer(await world.get(f"register/available?username={text}"))
        must_be_an_answer(await world.get(f"account/whoami?access_token={text}"))
        validity = "/_matrix/client/v1/register/m.login.registration_token/validity"
        must_be_an_answer(await world.get(f"{validity}?token={text}"))
    many = "&".join(f"a{number}=1" for number in range(200))
    must_be_an_answer(await world.get(f"register/available?{many}"))


@pytest.mark.parametrize("text", ["a\0b", LONG, "caf\xe9"])
async def test_odd_texts_in_headers(world: World, text: str) -> None:
    await world.register("alice", email="alice@example.org")
    for name in ("user-agent", "accept-language", "x-forwarded-for", "authorization", "host"):
        headers: Any = {name: text.encode("latin-1")}
        identifier = {"type": "m.id.user", "user": "alice"}
        body = {"type": "m.login.password", "identifier": identifier, "password": PASSWORD}
        must_be_an_answer(await world.post("login", body, headers=headers))
        must_be_an_answer(await world.get("account/whoami", headers=headers))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=bodies)
async def test_made_up_requests(world: World, body: dict[str, Any]) -> None:
    attacker = Attacker(world)
    for route, path in endpoints():
        if "/r0/" in path or route.method == "GET":
            continue
        person = await attacker.person()
        for sent in (body, {**body, "auth": person.auth()}):
            url = path.replace("{device_id}", "DEVICE")
            answer = await world.call(route.method, url, json=sent, token=person.token)
            must_be_an_answer(answer)
