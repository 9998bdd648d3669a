"""Signatures that come later: identities sign devices, devices and users sign identities."""

from dataclasses import replace
from typing import Any

import pytest

from holdfast.device_keys import feed, listing, publish
from holdfast.device_keys.uploads import Sent, check
from holdfast.kit.db import Tx
from holdfast.kit.errors import NotFound
from tests.device_keys.devices import SIGNED, Device, Identity, public, query, signature
from tests.sync.syncing import Client
from tests.world import Person, World, refused

UPLOAD = "keys/signatures/upload"


async def with_identity(world: World, name: str) -> tuple[Device, Identity]:
    person = await world.register(name)
    device, identity = Device(person), Identity(person.user_id)
    await device.publish()
    await identity.publish(person)
    return device, identity


async def sign(person: Person, signed: dict[str, Any]) -> dict[str, Any]:
    """Upload signatures; return the failures."""
    answer = await person.post(UPLOAD, signed)
    assert answer.status_code == 200, answer.text
    failures: dict[str, Any] = answer.json()["failures"]
    return {user: {k: e["errcode"] for k, e in of.items()} for user, of in failures.items()}


async def changed(world: World, client: Client) -> list[str]:
    """Whose keys the client must look up again."""
    since, user_id = int((client.since or "s0")[1:]), client.person.user_id
    db = world.server.context.db
    found = await db.read(lambda tx: feed.changed(tx, user_id, since, 1 << 60))
    assert found.left == set()
    return sorted(found.changed)


async def test_an_identity_signs_a_device(world: World) -> None:
    alice, identity = await with_identity(world, "alice")
    bob = await world.register("bob")
    phone = Client(await alice.person.another_session())
    await phone.sync()
    assert await changed(world, phone) == []
    signed = identity.sign(alice.device_keys(), identity.self_signing)
    assert await sign(alice.person, {alice.user_id: {alice.device_id: signed}}) == {}
    for reader in (alice.person, bob):
        found = (await query(reader, alice.user_id))["device_keys"]
        assert found == {alice.user_id: {alice.device_id: signed}}
    assert await changed(world, phone) == [alice.user_id]
    await phone.sync()
    assert await sign(alice.person, {alice.user_id: {alice.device_id: signed}}) == {}
    assert await changed(world, phone) == []


async def test_it_is_enough_to_send_the_new_signature(world: World) -> None:
    alice, identity = await with_identity(world, "alice")
    bare = {**alice.device_keys(), "signatures": {}, "unsigned": {"more": 1.5}}
    signed = identity.sign(bare, identity.self_signing)
    assert await sign(alice.person, {alice.user_id: {alice.device_id: signed}}) == {}
    found = (await query(alice.person, alice.user_id))["device_keys"][alice.user_id]
    assert set(found[alice.device_id]["signatures"][alice.user_id]) == {
        alice.key_id,
        f"ed25519:{public(identity.self_signing)}",
    }


async def test_a_device_signs_its_identity(world: World) -> None:
    alice, identity = await with_identity(world, "alice")
    signed = alice.signed(identity.master_key)
    assert await sign(alice.person, {alice.user_id: {public(identity.master): signed}}) == {}
    bob = await world.register("bob")
    assert (await query(bob, alice.user_id))["master_keys"] == {alice.user_id: signed}


async def test_users_sign_each_other_and_nobody_else_sees_it(world: World) -> None:
    alice, alices = await with_identity(world, "alice")
    bob, bobs = await with_identity(world, "bob")
    phone = Client(await alice.person.another_session())
    bobs_phone = Client(await bob.person.another_session())
    for client in (phone, bobs_phone):
        await client.sync()
    signed = alices.sign(bobs.master_key, alices.user_signing)
    assert await sign(alice.person, {bob.user_id: {public(bobs.master): signed}}) == {}
    carol = await world.register("carol")
    seen = {
        alice.user_id: signed,
        bob.user_id: bobs.master_key,
        carol.user_id: bobs.master_key,
    }
    for person in (alice.person, bob.person, carol):
        found = (await query(person, bob.user_id))["master_keys"][bob.user_id]
        assert found == seen[person.user_id]
    assert await changed(world, phone) == [bob.user_id]
    assert await changed(world, bobs_phone) == []


async def test_bad_ones_do_no_harm_to_good_ones(world: World) -> None:
    alice, alices = await with_identity(world, "alice")
    bob, bobs = await with_identity(world, "bob")
    phone = Device(await alice.person.another_session())
    await phone.publish()
    good = alices.sign(alice.device_keys(), alices.self_signing)
    other = alices.sign(phone.device_keys(algorithms=["other"]), alices.self_signing)
    master, user = public(bobs.master), alices.user_signing
    failures = await sign(
        alice.person,
        {
            alice.user_id: {
                alice.device_id: good,
                phone.device_id: other,
                "NOBODY": good,
                public(alices.self_signing): alices.self_signing_key,
            },
            bob.user_id: {
                master: bobs.sign(bobs.master_key, bobs.self_signing),
                bob.device_id: alices.sign(bob.device_keys(), user),
                public(bobs.self_signing): alices.sign(bobs.self_signing_key, user),
            },
            "@nobody:hold.example": {master: alices.sign(bobs.master_key, user)},
        },
    )
    assert failures == {
        alice.user_id: {
            phone.device_id: "M_INVALID_SIGNATURE",
            "NOBODY": "M_NOT_FOUND",
            public(alices.self_signing): "M_NOT_FOUND",
        },
        bob.user_id: {
            master: "M_INVALID_SIGNATURE",
            bob.device_id: "M_NOT_FOUND",
            public(bobs.self_signing): "M_NOT_FOUND",
        },
        "@nobody:hold.example": {master: "M_NOT_FOUND"},
    }
    found = (await query(bob.person, alice.user_id))["device_keys"][alice.user_id]
    assert found == {alice.device_id: good, phone.device_id: phone.device_keys()}


async def test_wrong_signatures(world: World) -> None:
    alice, identity = await with_identity(world, "alice")
    device = alice.device_keys()
    right = f"ed25519:{public(identity.self_signing)}"
    by_master = signature(device, identity.master)
    wrong: list[Any] = [
        {},
        {alice.user_id: {}},
        {alice.user_id: {right: by_master}},
        {alice.user_id: {right: "x"}},
        {alice.user_id: {right: 1}},
        {alice.user_id: {f"ed25519:{public(identity.master)}": by_master}},
        {"@bob:hold.example": {right: signature(device, identity.self_signing)}},
        [],
        None,
    ]
    for signatures in wrong:
        sent = {alice.user_id: {alice.device_id: {**device, "signatures": signatures}}}
        failures = await sign(alice.person, sent)
        assert failures == {alice.user_id: {alice.device_id: "M_INVALID_SIGNATURE"}}, signatures
    found = (await query(alice.person, alice.user_id))["device_keys"][alice.user_id]
    assert found == {alice.device_id: device}


async def test_without_an_identity_nothing_can_be_signed(world: World) -> None:
    alice, identity = Device(await world.register("alice")), Identity("@alice:hold.example")
    await alice.publish()
    signed = identity.sign(alice.device_keys(), identity.self_signing)
    failures = await sign(alice.person, {alice.user_id: {alice.device_id: signed}})
    assert failures == {alice.user_id: {alice.device_id: "M_INVALID_SIGNATURE"}}


async def test_device_keys_may_come_with_the_identitys_signature(world: World) -> None:
    """Dehydrated devices do: their client signs them before it uploads them."""
    alice, identity = await with_identity(world, "alice")
    phone = Device(await alice.person.another_session())
    signed = identity.sign(phone.device_keys(), identity.self_signing)
    assert (await phone.upload(device_keys=signed)).status_code == 200
    found = (await query(alice.person, alice.user_id))["device_keys"][alice.user_id]
    assert found[phone.device_id] == signed
    client = Client(phone.person)
    await client.sync()
    assert (await phone.upload(device_keys=signed)).status_code == 200
    assert await changed(world, client) == []


async def test_a_device_that_is_only_just_being_listed(world: World) -> None:
    """As a dehydrated one is: checked before it is there, listed and published at once."""
    alice, identity = await with_identity(world, "alice")
    device = Device(replace(alice.person, device_id="NEW"))
    signed = identity.sign(device.device_keys(), identity.self_signing)
    sent, db, user_id = (
        Sent(signed, device.one_time_keys(2)),
        world.server.context.db,
        alice.user_id,
    )
    checked = check(
        user_id, "NEW", sent, await db.read(lambda tx: publish.published(tx, user_id, "NEW"))
    )
    with pytest.raises(NotFound):
        await db.write(lambda tx: publish.store(tx, checked))

    def list_and_store(tx: Tx) -> dict[str, int]:
        listing.list_device(tx, user_id, "NEW", None)
        return publish.store(tx, checked)

    assert await db.write(list_and_store) == {SIGNED: 2}
    found = (await query(alice.person, user_id))["device_keys"][user_id]
    assert found["NEW"] == signed


async def test_a_signature_goes_with_the_keys_it_was_for(world: World) -> None:
    alice, identity = await with_identity(world, "alice")
    signed = {
        alice.device_id: identity.sign(alice.device_keys(), identity.self_signing),
        public(identity.master): alice.signed(identity.master_key),
    }
    assert await sign(alice.person, {alice.user_id: signed}) == {}
    new = Device(alice.person)
    await new.publish()
    found = await query(alice.person, alice.user_id)
    assert found["device_keys"][alice.user_id] == {alice.device_id: new.device_keys()}
    assert found["master_keys"][alice.user_id] == identity.master_key


async def test_what_is_no_signed_object(world: World) -> None:
    alice = await world.register("alice")
    wrong: list[Any] = [[], {"@alice:hold.example": []}, {"@alice:hold.example": {"A": "x"}}]
    for body in wrong:
        refused(await alice.post(UPLOAD, body), 400, "M_BAD_JSON")
    assert await sign(alice, {}) == {}
    assert await sign(alice, {"@alice:hold.example": {}}) == {}


async def test_many_take_no_more_statements_than_one(world: World) -> None:
    alice, identity = await with_identity(world, "alice")
    more = [Device(await alice.person.another_session()) for _ in range(10)]
    for device in more:
        await device.publish()
    signed = {
        device.device_id: identity.sign(device.device_keys(), identity.self_signing)
        for device in (alice, *more)
    }
    one = {alice.user_id: {alice.device_id: signed.pop(alice.device_id)}}
    many = {alice.user_id: signed}
    few = await world.count_statements(lambda: alice.person.post(UPLOAD, one))
    assert await world.count_statements(lambda: alice.person.post(UPLOAD, many)) == few
    assert few <= 11
    found = (await query(alice.person, alice.user_id))["device_keys"][alice.user_id]
    assert all(len(each["signatures"][alice.user_id]) == 2 for each in found.values())
