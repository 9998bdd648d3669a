"""The development mailbox: every mail on one's own machine, and nothing anywhere else."""

import re
from typing import Any

import pytest

from holdfast.kit.mail.kinds import AddressTaken
from tests.fixtures.worlds import MakeWorld
from tests.world import World

OWN_MACHINE = {"HOLDFAST_SMTP_URL": "", "HOLDFAST_PUBLIC_URL": "http://localhost:8008"}
MAILBOX = "/_holdfast/mailbox"
HERE = {"host": "localhost:8008"}


async def ask_for_a_link(world: World, email: str = "alice@example.com") -> None:
    await world.request_token("register/email", email)


async def newest(world: World) -> str:
    """The path of the newest mail."""
    page = await world.get(MAILBOX, headers=HERE)
    assert page.status_code == 200, page.text
    found = re.search(rf'href="({MAILBOX}/[\w-]+)"', page.text)
    assert found is not None, page.text
    return found[1]


async def test_mails_are_listed_newest_first_and_can_be_opened(make_world: MakeWorld) -> None:
    async with make_world(**OWN_MACHINE) as world:
        await ask_for_a_link(world, "first@example.com")
        await ask_for_a_link(world, "second@example.com")
        page = await world.get(MAILBOX, headers=HERE)
        assert page.text.index("second@example.com") < page.text.index("first@example.com")
        mail = await world.get(await newest(world), headers=HERE)
        assert "second@example.com" in mail.text
        link = re.search(r'<a href="(http://localhost:8008/_holdfast/confirm[^"]+)"', mail.text)
        assert link is not None, mail.text
        html = await world.get(f"{await newest(world)}/html", headers=HERE)
        assert link[1] in html.text
        assert '<base target="_blank">' in html.text


async def test_the_pages_run_no_script_and_load_nothing(make_world: MakeWorld) -> None:
    async with make_world(**OWN_MACHINE) as world:
        await ask_for_a_link(world)
        path = await newest(world)
        policies = {}
        for page in (MAILBOX, path, f"{path}/html"):
            answer = await world.get(page, headers=HERE)
            policies[page] = policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'none';")
            assert "script-src" not in policy
            assert answer.headers["cache-control"] == "no-store"
            assert "access-control-allow-origin" not in answer.headers
        assert "sandbox allow-popups" in policies[f"{path}/html"]


async def test_a_mail_for_nobody_is_not_shown(make_world: MakeWorld) -> None:
    async with make_world(**OWN_MACHINE) as world:
        await world.request_token("account/password/email", "nobody@example.com")
        page = await world.get(MAILBOX, headers=HERE)
        assert "No mail yet." in page.text


async def test_an_unknown_mail_is_not_found(make_world: MakeWorld) -> None:
    async with make_world(**OWN_MACHINE) as world:
        assert (await world.get(f"{MAILBOX}/nothing", headers=HERE)).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:8008"},
        {"host": "localhost.evil.example"},
        {"host": "[::1"},
        {**HERE, "x-forwarded-for": "203.0.113.7"},
        {**HERE, "forwarded": "for=203.0.113.7"},
    ],
)
async def test_a_request_that_took_a_detour_finds_no_mailbox(
    make_world: MakeWorld, headers: dict[str, str]
) -> None:
    async with make_world(**OWN_MACHINE) as world:
        await ask_for_a_link(world)
        path = await newest(world)
        for page in (MAILBOX, path, f"{path}/html"):
            assert (await world.get(page, headers=headers)).status_code == 404


@pytest.mark.parametrize(
    "environ",
    [
        {},  # a mail server is set up
        {**OWN_MACHINE, "HOLDFAST_PUBLIC_URL": "https://hold.example"},  # behind a proxy
        {**OWN_MACHINE, "HOLDFAST_HOST": "0.0.0.0"},
    ],
)
async def test_elsewhere_there_is_no_mailbox(
    make_world: MakeWorld, environ: dict[str, str]
) -> None:
    async with make_world(**environ) as world:
        answers: list[Any] = [
            await world.get(path, headers=HERE)
            for path in (MAILBOX, f"{MAILBOX}/x", f"{MAILBOX}/x/html", "/_holdfast/nothing")
        ]
        bodies = [{**answer.json(), "dev.holdfast.request_id": ""} for answer in answers]
        assert {answer.status_code for answer in answers} == {404}
        assert bodies == [bodies[-1]] * 4, "as for any path that does not exist"


async def test_the_newest_200_are_kept(make_world: MakeWorld) -> None:
    async with make_world(**OWN_MACHINE) as world:
        context = world.server.context
        mails = context.mailer.drafts(
            [f"user{number}@example.com" for number in range(230)],
            "en",
            AddressTaken(),
        )
        await context.db.write(lambda tx: context.mailer.queue_many(tx, mails))
        page = await world.get(MAILBOX, headers=HERE)
        assert page.text.count("<li>") == 200
        assert "user229@" in page.text
        assert "user29@" not in page.text
