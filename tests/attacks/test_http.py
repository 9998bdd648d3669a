"""The rules of HTTP that browsers, proxies and attackers hold a server to."""

from collections.abc import AsyncIterator

import pytest

from holdfast.app import ROUTES
from tests.attacks.hostile import endpoints, must_be_an_error
from tests.fixtures.worlds import MakeWorld
from tests.world import EXTRAS, Answer, Person, World, refused

MAIL = "alice@example.org"
PATHS = sorted({path.replace("{", "").replace("}", "") for _route, path in endpoints()})


def allowed(answer: Answer) -> None:
    """A client on another origin may read this."""
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()
    assert "content-type" in answer.headers["access-control-allow-headers"].lower()
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        assert method in answer.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in answer.headers


async def test_preflights_of_every_endpoint(world: World) -> None:
    for path in PATHS:
        headers = {"origin": "https://app.example", "access-control-request-method": "POST"}
        answer = await world.call("OPTIONS", path, headers=headers)
        assert answer.status_code in (200, 204), path
        allowed(answer)


async def test_errors_can_be_read_by_clients_elsewhere_too(world: World) -> None:
    origin = {"origin": "https://app.example"}
    for answer in (
        await world.get("nothing/here", headers=origin),
        await world.get("devices", headers=origin),
        await world.get("devices", headers=origin, token="made up"),
        await world.call("PATCH", "login", headers=origin),
        await world.call("POST", "login", content=b"{", headers=origin),
        await world.call("POST", "login", content=b" " * 2_000_000, headers=origin),
    ):
        assert answer.status_code >= 400
        allowed(answer)
        must_be_an_error(answer.json())


@pytest.mark.parametrize(
    "path",
    [
        "/_matrix",
        "/_matrix/",
        "/_matrix/client",
        "/_matrix/client/v3",
        "/_matrix/client/v3/",
        "/_matrix/client/v3/login/",
        "/_matrix/client/v3//login",
        "/_matrix/client/v9/login",
        "/_matrix/client/v3/devices/",
        "/_matrix/client/v3/devices/A/B",
        "/_matrix/client/v3/LOGIN",
        "/_matrix/client/unstable/org.matrix.msc2965/auth_metadata",
        "/.well-known/matrix/nothing",
    ],
)
async def test_what_does_not_exist(world: World, path: str) -> None:
    answer = await world.get(path)
    if path == "/_matrix":
        assert answer.status_code in (200, 404, 503), "the portal's, as it is no path of the API"
        return
    refused(answer, 404, "M_UNRECOGNIZED")
    allowed(answer)


async def test_methods_that_are_not_offered(world: World) -> None:
    offered: dict[str, set[str]] = {}
    for route, path in endpoints():
        offered.setdefault(path, set()).add(route.method)
    for path, methods in offered.items():
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - methods:
            answer = await world.call(method, path.replace("{", "").replace("}", ""))
            refused(answer, 405, "M_UNRECOGNIZED")
            allowed(answer)


async def test_no_cookies_anywhere(world: World) -> None:
    """What no browser sends by itself, no other site can have it send: there is no CSRF."""
    alice = await world.register("alice", email=MAIL)
    link = (await world.letters(MAIL))[0].link
    answers = [await world.get(path) for path in PATHS]
    answers += [await alice.get(path) for path in PATHS]
    answers += [await world.get(path) for path in ("/", "/signin", "/_holdfast/health", link)]
    assert [a.request.url for a in answers if "set-cookie" in a.headers] == []


async def test_any_content_type_is_json(world: World) -> None:
    await world.register("alice")
    body = b'{"type": "m.login.password", "user": "alice", "password": "wandering ember stadium"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json", ""):
        answer = await world.call("POST", "login", content=body, headers={"content-type": kind})
        assert answer.status_code == 200


async def test_answers_are_not_stored_nor_guessed_at(world: World) -> None:
    alice = await world.register("alice")
    for answer in (await alice.get("account/whoami"), await world.get("devices")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "application/json"


async def test_head_says_what_get_would(world: World) -> None:
    assert (await world.call("HEAD", "/_matrix/client/versions")).status_code == 200
    assert (await world.call("HEAD", "devices")).status_code == 401


def test_every_endpoint_is_found() -> None:
    assert len(PATHS) > 40
    assert {route.method for route in ROUTES} >= {"GET", "POST", "PUT", "DELETE"}


async def last_address(alice: Person) -> str:
    await alice.world.store_last_seen()
    address: str = (await alice.devices())[alice.device_id]["last_seen_ip"]
    return address


@pytest.mark.parametrize("name", ["x-forwarded-for", "x-real-ip", "forwarded"])
async def test_nobody_chooses_the_address_they_come_from(world: World, name: str) -> None:
    alice = await world.register("alice")
    world.clock.turn(minutes=5)
    await alice.get("account/whoami", headers={name: "203.0.113.9"})
    assert await last_address(alice) == "127.0.0.1"


PROXY = "127.0.0.1"


@pytest.mark.parametrize(
    ("trusted", "sent", "seen"),
    [
        (PROXY, ["203.0.113.9"], "203.0.113.9"),
        (PROXY, ["198.51.100.7, 203.0.113.9"], "203.0.113.9"),
        (PROXY, ["198.51.100.7", "203.0.113.9"], "203.0.113.9"),
        (f"{PROXY}, 10.0.0.0/8", ["198.51.100.7, 203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        (f"{PROXY}, 10.0.0.0/8", ["203.0.113.9", "10.1.2.3"], "203.0.113.9"),
        (PROXY, ["2001:db8::1"], "2001:db8::1"),
        (PROXY, [""], PROXY),
        (PROXY, [], PROXY),
        ("10.0.0.0/8", ["203.0.113.9"], PROXY),
    ],
)
async def test_a_trusted_proxy_says_where_a_request_comes_from(
    make_world: MakeWorld, trusted: str, sent: list[str], seen: str
) -> None:
    async with make_world(HOLDFAST_TRUSTED_PROXIES=trusted) as world:
        alice = await world.register("alice")
        world.clock.turn(minutes=5)
        headers = [("x-forwarded-for", value) for value in sent]
        headers.append(("authorization", f"Bearer {alice.token}"))
        await world.http.get("/_matrix/client/v3/account/whoami", headers=headers)
        await world.store_last_seen()
        told = await world.server.context.db.read(
            lambda tx: tx.value("SELECT last_seen_ip FROM devices")
        )
        assert told == seen


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "https://hold.example.evil.example/",
        "https://hold.example@evil.example/",
        "https://hold.example:evil@evil.example/",
        "javascript:alert(1)",
        "https://hold.example\\@evil.example/",
        "https://hold.example",
        "http://hold.example/",
    ],
)
async def test_links_lead_nowhere_else(world: World, target: str) -> None:
    ask = {"email": MAIL, "client_secret": "s3cret", "send_attempt": 1, "next_link": target}
    assert (await world.post("register/email/requestToken", ask)).status_code == 200
    answer = await world.press((await world.letter(MAIL)).link)
    assert answer.status_code == 200
    assert "location" not in answer.headers
    assert "evil" not in answer.text


@pytest.mark.parametrize("target", ["https://hold.example/signin", "https://hold.example/a?b=c#d"])
async def test_links_may_lead_on_within_the_server(world: World, target: str) -> None:
    ask = {"email": MAIL, "client_secret": "s3cret", "send_attempt": 1, "next_link": target}
    await world.post("register/email/requestToken", ask)
    answer = await world.press((await world.letter(MAIL)).link)
    assert (answer.status_code, answer.headers["location"]) == (303, target)


async def test_no_header_slips_into_an_answer(world: World) -> None:
    target = "https://hold.example/\r\nSet-Cookie: a=b"
    ask = {"email": MAIL, "client_secret": "s3cret", "send_attempt": 1, "next_link": target}
    await world.post("register/email/requestToken", ask)
    answer = await world.press((await world.letter(MAIL)).link)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "name",
    ["Phone\r\nBcc: everybody@evil.example", "a\nb", "see https://evil.example/", "x\u2028y"],
)
async def test_no_header_and_no_link_slips_into_a_mail(world: World, name: str) -> None:
    alice = await world.register("alice", email=MAIL)
    before = len(await world.letters(MAIL))
    agent = {"user-agent": name.replace("\r", " ").replace("\n", " ").encode()}
    who = {"type": "m.id.user", "user": "alice"}
    body = {"type": "m.login.password", "identifier": who, "password": alice.password}
    await world.post("login", {**body, "initial_device_display_name": name}, headers=agent)
    letter = (await world.letters(MAIL))[before]
    assert letter.message["bcc"] is None
    assert letter.message.get_all("to") == [MAIL]
    assert "https://evil.example" not in letter.message.as_string()
    assert list(world.mail.inboxes) == [MAIL]


async def test_a_body_may_not_grow_on_its_way(world: World) -> None:
    """Chunk by chunk, without a length."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65536

    answer = await world.http.post("/_matrix/client/v3/login", content=endless())
    refused(answer, 413, "M_TOO_LARGE")


@pytest.mark.parametrize("path", ["register", "account/password"])
async def test_nobody_fills_the_disk_with_what_is_kept_for_later(world: World, path: str) -> None:
    """What is sent first is stored until its sender has proven something."""
    answer = await world.post(path, {"new_password": "wandering ember", "much": "x" * 70_000})
    refused(answer, 413, "M_TOO_LARGE")


async def test_extras_are_as_strict(world: World) -> None:
    for path in ("lock_devices", "language"):
        method = "PUT" if path == "language" else "POST"
        refused(await world.call(method, f"{EXTRAS}/{path}", json={}), 401, "M_MISSING_TOKEN")
