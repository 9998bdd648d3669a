"""Text messages and the gateway that takes them."""

import asyncio
import json
import tomllib
from pathlib import Path

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.text_gateway import NUMBER, TextGateway, ask
from tests.world import World

CATALOGUE = Path(__file__).resolve().parents[2] / "src" / "holdfast" / "uia" / "codes.toml"


@pytest.mark.parametrize(
    ("accept", "words"),
    [("de", "dein Code"), ("fr", "votre code"), ("es", "tu código"), ("pt", "your code")],
)
async def test_the_message_speaks_the_readers_language(
    phones: World, gateway: TextGateway, accept: str, words: str
) -> None:
    await ask(phones, "register", headers={"accept-language": accept})
    assert words in (await gateway.message())["text"]


def test_every_language_has_every_message() -> None:
    texts = tomllib.loads(CATALOGUE.read_text())
    assert set(texts) == {"en", "de", "fr", "es"}
    for language, messages in texts.items():
        assert list(messages) == ["confirm", "password", "taken"], language
        for name, text in messages.items():
            assert ("{code}" in text) == (name != "taken")
            assert "{server_name}" in text


async def test_a_gateway_that_stumbles_is_asked_again(
    phones: World, gateway: TextGateway, capsys: pytest.CaptureFixture[str]
) -> None:
    gateway.statuses = [503]
    await ask(phones, "register")
    code = await gateway.code()
    assert gateway.tries == 2
    await asyncio.sleep(0.05)
    logged = "".join(capsys.readouterr())
    assert "sms.failed" in logged
    assert "sms.sent" in logged
    assert NUMBER not in logged
    assert code not in logged


@pytest.mark.parametrize("status", [400, 302, 307])
async def test_a_refusal_is_final_and_nobody_is_sent_elsewhere(
    phones: World, gateway: TextGateway, status: int
) -> None:
    gateway.statuses = [status]
    assert (await ask(phones, "register")).status_code == 200
    await asyncio.sleep(1.5)
    assert gateway.tries == 1
    assert gateway.messages == []


async def test_the_gateways_login_is_sent_as_such(
    make_world: MakeWorld, gateway: TextGateway
) -> None:
    url = gateway.url.replace("http://", "http://hold:fa%40st@")
    async with make_world(HOLDFAST_SMS_GATEWAY_URL=url) as world:
        await ask(world, "register")
        await gateway.message()
        assert gateway.headers[0]["authorization"] == "Basic aG9sZDpmYUBzdA=="


async def test_a_dead_gateway_changes_no_answer(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_SMS_GATEWAY_URL="http://127.0.0.1:9/") as world:
        answer = await ask(world, "register")
        assert answer.status_code == 200
        assert json.loads(answer.text)["sid"]
