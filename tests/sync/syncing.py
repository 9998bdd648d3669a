"""A client that syncs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.world import Answer, Person

TYPE = "org.example.settings"


class Client:
    """What a client knows: its position, and the account data it was told of."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.since: str | None = None
        self.known: dict[str, Any] = {}

    async def ask(self, **query: str | int) -> Answer:
        """One `GET /sync` from where the client is, without waiting unless `timeout` says so."""
        since = {} if self.since is None else {"since": self.since}
        return await self.person.get("sync", params={**since, **query})

    def take(self, answer: Answer) -> dict[str, Any]:
        """Take in an answer; return the account data in it by type."""
        assert answer.status_code == 200, answer.text
        body = answer.json()
        self.since = body["next_batch"]
        told = {event["type"]: event["content"] for event in body["account_data"]["events"]}
        self.known.update(told)
        return told

    async def sync(self, **query: str | int) -> dict[str, Any]:
        """Ask and take in."""
        return self.take(await self.ask(**query))

    @asynccontextmanager
    async def waiting(self, **query: str | int) -> AsyncIterator["asyncio.Task[Answer]"]:
        """A sync that has gone to sleep."""
        notifier = self.person.world.server.context.notifier
        before = sum(map(len, notifier.waiting.values()))
        task = asyncio.create_task(self.ask(**{"timeout": 30_000, **query}))
        for _ in range(200):
            await asyncio.sleep(0.01)
            if task.done() or sum(map(len, notifier.waiting.values())) > before:
                break
        await asyncio.sleep(0.05)  # by now it has looked
        assert not task.done(), task.result().text
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def soon(task: "asyncio.Task[Answer]") -> Answer:
    """The answer of a sync that must end at once."""
    return await asyncio.wait_for(task, 2)


async def put(person: Person, kind: str = TYPE, **content: Any) -> None:
    """Store account data."""
    path = f"user/{person.user_id}/account_data/{kind}"
    assert (await person.put(path, content)).status_code == 200
