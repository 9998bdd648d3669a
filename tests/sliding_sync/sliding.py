"""A client of Simplified Sliding Sync."""

import asyncio
from typing import Any

from tests.world import Answer, Person

URL = "/_matrix/client/unstable/org.matrix.simplified_msc3575/sync"
EVERYTHING: dict[str, Any] = {
    "ranges": [[0, 99]],
    "timeline_limit": 10,
    "required_state": [["*", "*"]],
}
EXTENSIONS = {
    name: {"enabled": True} for name in ("to_device", "e2ee", "account_data", "receipts", "typing")
}


class Sliding:
    """What a client knows: its position, and the messages it has."""

    def __init__(self, person: Person, **body: Any) -> None:
        self.person = person
        self.pos: str | None = None
        self.since: str | None = None
        self.body = {"lists": {"all": EVERYTHING}, **body}

    async def ask(self, wait_ms: int = 0, **body: Any) -> Answer:
        """One request from where the client is."""
        params: dict[str, Any] = {"timeout": wait_ms}
        if self.pos is not None:
            params["pos"] = self.pos
        return await self.person.post(URL, {**self.body, **body}, params=params)

    async def sync(self, wait_ms: int = 0, **body: Any) -> dict[str, Any]:
        """Ask and take in."""
        answer = await self.ask(wait_ms, **body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        self.pos = found["pos"]
        return found

    async def waiting(self, **body: Any) -> "asyncio.Task[dict[str, Any]]":
        """A request that has gone to sleep."""
        task = asyncio.create_task(self.sync(30_000, **body))
        await asyncio.sleep(0.15)
        assert not task.done()
        return task


def texts(room: dict[str, Any]) -> list[str]:
    """What is said in the timeline of a room."""
    return [event["content"]["body"] for event in room["timeline"] if "body" in event["content"]]
