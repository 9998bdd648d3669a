"""Sending messages to devices."""

import asyncio
from typing import Any

import pytest

from holdfast.to_device.rules import CONTENT_LENGTH
from tests.sync.syncing import Client
from tests.to_device.mailing import (
    TYPE,
    Messages,
    arrived,
    ask_to_send,
    send,
    send_to,
    waiting_in_queues,
)
from tests.world import World, refused


async def test_a_message_arrives_as_it_was_sent(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    content = {"text": "e\u0301\u2028 \U0001f512", "n": [1, None, {"a": 1.5}], "huge": 10**30}
    await send(alice, {bob.user_id: {bob.device_id: content}}, kind="m.room.encrypted")
    answer = await Client(bob).ask()
    assert answer.json()["to_device"]["events"] == [
        {"sender": alice.user_id, "type": "m.room.encrypted", "content": content}
    ]


async def test_the_content_is_passed_on_letter_by_letter(world: World) -> None:
    """What was signed or counted in it must not change on its way."""
    alice, bob = await world.register("alice"), await world.register("bob")
    content = '{ "b" : 1.0, "a": "\\u00e9\\/", "b": -0 }'
    body = f'{{"messages": {{"{bob.user_id}": {{"{bob.device_id}": {content} }}}}}}'
    url = f"sendToDevice/{TYPE}/1"
    sent = await world.call("PUT", url, content=body.encode(), token=alice.token)
    assert sent.status_code == 200
    assert content in (await Client(bob).ask()).text


async def test_only_the_named_devices_get_it(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    other, third = await bob.another_session(), await bob.another_session()
    contents = {bob.device_id: {"n": 1}, third.device_id: {"n": 2}}
    await send(alice, {bob.user_id: contents, alice.user_id: {"*": {"n": 3}}})
    assert await arrived(Client(bob)) == [{"n": 1}]
    assert await arrived(Client(other)) == []
    assert await arrived(Client(third)) == [{"n": 2}]
    assert await arrived(Client(alice)) == [{"n": 3}]


async def test_an_asterisk_stands_for_every_other_device(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    other = await bob.another_session()
    await send(alice, {bob.user_id: {"*": {"for": "all"}, other.device_id: {"for": "one"}}})
    assert await arrived(Client(bob)) == [{"for": "all"}]
    assert await arrived(Client(other)) == [{"for": "one"}]


async def test_who_is_unknown_is_passed_over(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    here = {bob.device_id: {"n": 1}, "NOBODYS": {"n": 2}}
    elsewhere: Messages = {"@nobody:hold.example": {"*": {}}, "@x:example.org": {"A": {}}, "": {}}
    await send(alice, {bob.user_id: here, **elsewhere})
    assert await arrived(Client(bob)) == [{"n": 1}]
    await send(alice, {}, transaction="nothing")
    await send(alice, {bob.user_id: {}}, transaction="nobody")
    assert await waiting_in_queues(bob) == 1


async def test_a_transaction_is_sent_once(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    for n in range(3):
        await send(alice, {bob.user_id: {"*": {"n": n}}}, transaction="same")
    assert await arrived(Client(bob)) == [{"n": 0}]


async def test_a_transaction_is_of_one_session_and_one_type(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    laptop = await alice.another_session()
    to_bob: Messages = {bob.user_id: {"*": {}}}
    for sender, kind, transaction in (
        (alice, "a", "1"),
        (laptop, "a", "1"),
        (alice, "b", "1"),
        (alice, "a", "2"),
        (alice, "a b", "c"),
        (alice, "a", "b c"),
    ):
        await send(sender, to_bob, kind=kind, transaction=transaction)
    assert len(await arrived(Client(bob))) == 6


async def test_a_new_session_with_an_old_name_has_transactions_of_its_own(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    phone = await alice.another_session(device_id="PHONE")
    await send(phone, {bob.user_id: {"*": {"n": 1}}})
    await phone.post("logout")
    phone = await alice.another_session(device_id="PHONE")
    await send(phone, {bob.user_id: {"*": {"n": 2}}})
    assert await arrived(Client(bob)) == [{"n": 1}, {"n": 2}]


async def test_a_transaction_that_is_repeated_while_it_runs(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    again = [ask_to_send(alice, {bob.user_id: {"*": {}}}) for _ in range(8)]
    assert {answer.status_code for answer in await asyncio.gather(*again)} == {200}
    assert await arrived(Client(bob)) == [{}]


async def test_a_refused_transaction_can_be_sent_again(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    refused(await ask_to_send(alice, {bob.user_id: {"*": 5}}), 400, "M_BAD_JSON")
    await send(alice, {bob.user_id: {"*": {}}})
    assert await arrived(Client(bob)) == [{}]


async def test_transactions_are_forgotten_after_days(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await send_to(alice, bob, n=1)
    await world.housekeeping()
    world.clock.turn(ms=36 * 3600 * 1000)
    await send_to(alice, bob, n=1)
    await send_to(alice, bob, n=2)
    assert await waiting_in_queues(bob) == 2
    world.clock.turn(ms=24 * 3600 * 1000)
    await world.housekeeping()
    count = "SELECT count(*) FROM to_device_transactions"
    assert await world.server.context.db.read(lambda tx: tx.value(count)) == 1


async def test_the_number_of_statements_does_not_grow(world: World) -> None:
    """Token; live devices, transaction, position, messages."""
    alice, bob = await world.register("alice"), await world.register("bob")
    one: Messages = {bob.user_id: {bob.device_id: {}}}
    assert await world.count_statements(lambda: send(alice, one, transaction="one")) == 5
    await world.many_sessions(bob, 150)
    await world.many_sessions(alice, 150)
    many = {who.user_id: {f"MANY{n}": {"n": n} for n in range(150)} for who in (alice, bob)}
    assert await world.count_statements(lambda: send(alice, many, transaction="many")) == 5
    everybody: Messages = {bob.user_id: {"*": {}}, alice.user_id: {"*": {}}}
    assert await world.count_statements(lambda: send(alice, everybody, transaction="all")) == 5
    assert await waiting_in_queues(bob) == 1 + 300 + 302
    assert await world.count_statements(lambda: send(alice, everybody, transaction="all")) == 3


async def test_many_send_at_once(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    laptop = await alice.another_session()
    both: Messages = {bob.user_id: {"*": {}}, alice.user_id: {"*": {}}}
    sending = [
        ask_to_send(who, both, transaction=f"{n}")
        for n in range(20)
        for who in (alice, bob, laptop)
    ]
    assert {answer.status_code for answer in await asyncio.gather(*sending)} == {200}
    for who in (alice, bob, laptop):
        assert len(await arrived(Client(who))) == 60


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"messages": None},
        {"messages": []},
        {"messages": {"@bob:hold.example": []}},
        {"messages": {"@bob:hold.example": {"*": None}}},
        {"messages": {"@bob:hold.example": {"*": "text"}}},
        {"messages": {"@bob:hold.example": {"*": 1}}},
        {"messages": {"@bob:hold.example": {"*": [{}]}}},
        {"messages": {"@nobody:hold.example": {"NONE": 1.5}}},
        {"messages": {"@a\0b:hold.example": {"*": {}}}},
    ],
)
async def test_what_is_no_message(world: World, body: Any) -> None:
    alice = await world.register("alice")
    answer = await alice.put(f"sendToDevice/{TYPE}/1", body)
    assert answer.status_code == 400
    assert answer.json()["errcode"] in ("M_BAD_JSON", "M_MISSING_PARAM", "M_INVALID_PARAM")


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'{"\\uDC00\\uD800": 1}',
        b'{"a": nope}',
        b'{"a": "\x00"}',
        b'{"a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"a": {}',
    ],
)
async def test_contents_that_clients_could_not_read(world: World, content: bytes) -> None:
    """One such message would come back with every sync until its device had read it."""
    alice, bob = await world.register("alice"), await world.register("bob")
    body = b'{"messages": {"%s": {"*": %s}}}' % (bob.user_id.encode(), content)
    url = f"sendToDevice/{TYPE}/1"
    refused(await world.call("PUT", url, content=body, token=alice.token), 400, "M_NOT_JSON")
    assert await waiting_in_queues(bob) == 0


async def test_sizes(world: World) -> None:
    """Hundreds of room keys go into one request; no content is larger than an event."""
    alice, bob = await world.register("alice"), await world.register("bob")
    await world.many_sessions(bob, 400)
    keys = {f"MANY{n}": {"ciphertext": "x" * 2_000} for n in range(400)}
    await send(alice, {bob.user_id: keys})
    assert await waiting_in_queues(bob) == 400
    most = CONTENT_LENGTH - len('{"a":""}')
    await send(alice, {bob.user_id: {bob.device_id: {"a": "x" * most}}}, transaction="2")
    too_large = {bob.user_id: {bob.device_id: {"a": "x" * (most + 1)}}}
    refused(await ask_to_send(alice, too_large, transaction="3"), 413, "M_TOO_LARGE")
    await world.many_sessions(alice, 600)
    for_all = {alice.user_id: {"*": {"a": "x" * most}}}
    refused(await ask_to_send(alice, for_all, transaction="4"), 413, "M_TOO_LARGE")


@pytest.mark.parametrize(
    ("kind", "transaction"),
    [("a\0b", "1"), ("x" * 256, "1"), ("é" * 128, "1"), ("a", "\0"), ("a", "x" * 256), ("\n", "1")],
)
async def test_types_and_transaction_ids(world: World, kind: str, transaction: str) -> None:
    alice = await world.register("alice")
    answer = await ask_to_send(alice, {}, kind=kind, transaction=transaction)
    refused(answer, 400, "M_INVALID_PARAM")


async def test_somebody_has_to_send(world: World) -> None:
    answer = await world.call("PUT", f"sendToDevice/{TYPE}/1", json={"messages": {}})
    refused(answer, 401, "M_MISSING_TOKEN")


async def test_the_old_version_prefix(world: World) -> None:
    alice = await world.register("alice")
    path = f"/_matrix/client/r0/sendToDevice/{TYPE}/1"
    assert (await alice.put(path, {"messages": {}})).json() == {}
