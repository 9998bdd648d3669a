"""Sending messages between devices, and what arrives."""

from typing import Any
from urllib.parse import quote

from tests.sync.syncing import Client
from tests.world import Answer, Person

TYPE = "org.example.ping"
Messages = dict[str, dict[str, Any]]


async def ask_to_send(
    sender: Person, messages: Any, *, transaction: str = "1", kind: str = TYPE
) -> Answer:
    """Send messages, by user and device ID."""
    path = f"sendToDevice/{quote(kind, safe='')}/{quote(transaction, safe='')}"
    return await sender.put(path, {"messages": messages})


async def send(
    sender: Person, messages: Messages, *, transaction: str = "1", kind: str = TYPE
) -> None:
    """Send messages that must be taken."""
    answer = await ask_to_send(sender, messages, transaction=transaction, kind=kind)
    assert (answer.status_code, answer.json()) == (200, {}), answer.text


async def send_to(sender: Person, to: Person, **content: Any) -> None:
    """Send one message to one device, as a transaction of its own."""
    transaction = f"{to.device_id}{sorted(content.items())}"
    await send(sender, {to.user_id: {to.device_id: content}}, transaction=transaction)


async def arrived(client: Client, **query: str | int) -> list[Any]:
    """The contents that one sync brings, which the next one acknowledges."""
    answer = await client.ask(**query)
    client.take(answer)
    return [event["content"] for event in answer.json()["to_device"]["events"]]


async def waiting_in_queues(person: Person) -> int:
    """How many messages the server has stored."""
    count = "SELECT count(*) FROM to_device_messages"
    stored: int = await person.world.server.context.db.read(lambda tx: tx.value(count))
    return stored
