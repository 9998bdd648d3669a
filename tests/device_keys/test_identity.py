"""Cross-signing keys: the first ones, the same again, others in their place."""

import asyncio
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.device_keys.devices import Device, Identity, public, query
from tests.sync.syncing import Client
from tests.world import Answer, Person, World, refused

UPLOAD = "keys/device_signing/upload"
MAIL = "alice@example.org"


async def shown(person: Person) -> dict[str, Any]:
    """One's identity as keys/query tells it, in the form of an upload."""
    body = await query(person, person.user_id)
    return {
        f"{usage}_key": body[f"{usage}_keys"][person.user_id]
        for usage in ("master", "self_signing", "user_signing")
        if person.user_id in body[f"{usage}_keys"]
    }


def asks_for_proof(answer: Answer) -> str:
    """Check that it does; return the authentication session."""
    assert answer.status_code == 401, answer.text
    assert answer.json()["flows"] == [{"stages": ["m.login.password"]}]
    session: str = answer.json()["session"]
    return session


async def test_the_first_takes_no_proof_and_the_same_again_neither(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    identity = Identity(alice.user_id)
    for _ in range(2):
        answer = await alice.post(UPLOAD, identity.all_keys())
        assert (answer.status_code, answer.json()) == (200, {})
        assert await shown(alice) == identity.all_keys()
    part = {"self_signing_key": identity.self_signing_key}
    assert (await alice.post(UPLOAD, part)).status_code == 200
    assert len(await world.letters(MAIL)) == 1  # the one that proved the address


async def test_the_same_again_is_no_news(world: World) -> None:
    alice = await world.register("alice")
    identity = Identity(alice.user_id)
    await identity.publish(alice)
    client = Client(alice)
    await client.sync()
    since = client.since
    await identity.publish(alice)
    await client.sync()
    assert client.since == since


@pytest.mark.parametrize("resent", [True, False])
async def test_another_identity_takes_proof(world: World, *, resent: bool) -> None:
    """With the first request, or in a second one, which may leave out what the first one said."""
    alice = await world.register("alice", email=MAIL)
    old, new = Identity(alice.user_id), Identity(alice.user_id)
    await old.publish(alice)
    session = asks_for_proof(await alice.post(UPLOAD, new.all_keys()))
    assert await shown(alice) == old.all_keys()
    again = new.all_keys() if resent else {}
    proof = {"auth": {**alice.auth(), "session": session}}
    assert (await alice.post(UPLOAD, {**again, **proof})).status_code == 200
    assert await shown(alice) == new.all_keys()
    letters = await world.letters(MAIL)
    assert len(letters) == 2
    assert alice.user_id in letters[-1].text


async def test_proof_with_the_first_request(world: World) -> None:
    alice = await world.register("alice")
    await Identity(alice.user_id).publish(alice)
    new = Identity(alice.user_id)
    wrong = await alice.post(UPLOAD, {**new.all_keys(), "auth": alice.auth("guess")})
    refused(wrong, 401, "M_FORBIDDEN")
    answer = await alice.post(UPLOAD, {**new.all_keys(), "auth": alice.auth()})
    assert answer.status_code == 200
    assert await shown(alice) == new.all_keys()


async def test_asking_what_proof_it_takes(world: World) -> None:
    """Element sends nothing at all to find out."""
    alice = await world.register("alice")
    await Identity(alice.user_id).publish(alice)
    asks_for_proof(await alice.post(UPLOAD, {}))
    assert (await alice.post(UPLOAD, {"auth": alice.auth()})).status_code == 200


async def test_another_self_signing_key_takes_proof(world: World) -> None:
    alice = await world.register("alice")
    identity = Identity(alice.user_id)
    await identity.publish(alice)
    identity.self_signing = Ed25519PrivateKey.generate()
    body = {"self_signing_key": identity.self_signing_key}
    asks_for_proof(await alice.post(UPLOAD, body))
    assert (await alice.post(UPLOAD, {**body, "auth": alice.auth()})).status_code == 200
    assert await shown(alice) == identity.all_keys()


async def test_one_key_after_the_other(world: World) -> None:
    alice = await world.register("alice")
    identity = Identity(alice.user_id)
    refused(
        await alice.post(UPLOAD, {"self_signing_key": identity.self_signing_key}),
        400,
        "M_MISSING_PARAM",
    )
    refused(await alice.post(UPLOAD, {}), 400, "M_MISSING_PARAM")
    assert (await alice.post(UPLOAD, {"master_key": identity.master_key})).status_code == 200
    more = {"self_signing_key": identity.self_signing_key, "auth": alice.auth()}
    assert (await alice.post(UPLOAD, more)).status_code == 200
    assert list(await shown(alice)) == ["master_key", "self_signing_key"]


async def test_with_the_master_key_goes_what_it_signed(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    device, old, new = Device(alice), Identity(alice.user_id), Identity(alice.user_id)
    bobs = Identity(bob.user_id)
    await device.publish()
    await old.publish(alice)
    await bobs.publish(bob)
    signatures = {
        alice.user_id: {
            alice.device_id: old.sign(device.device_keys(), old.self_signing),
            public(old.master): device.signed(old.master_key),
        },
        bob.user_id: {public(bobs.master): old.sign(bobs.master_key, old.user_signing)},
    }
    assert (await alice.post("keys/signatures/upload", signatures)).json() == {"failures": {}}
    body = {"master_key": new.master_key, "auth": alice.auth()}
    assert (await alice.post(UPLOAD, body)).status_code == 200
    found = await query(alice, alice.user_id, bob.user_id)
    assert found["device_keys"][alice.user_id][alice.device_id] == device.device_keys()
    assert found["master_keys"] == {alice.user_id: new.master_key, bob.user_id: bobs.master_key}
    assert list(found["self_signing_keys"]) == [bob.user_id]
    assert found["user_signing_keys"] == {}


async def test_the_other_keys_may_stay_when_they_are_signed_anew(world: World) -> None:
    alice = await world.register("alice")
    device, old, new = Device(alice), Identity(alice.user_id), Identity(alice.user_id)
    await device.publish()
    await old.publish(alice)
    signed = old.sign(device.device_keys(), old.self_signing)
    await alice.post("keys/signatures/upload", {alice.user_id: {alice.device_id: signed}})
    new.self_signing, new.user_signing = old.self_signing, old.user_signing
    not_anew = {**old.all_keys(), "master_key": new.master_key, "auth": alice.auth()}
    refused(await alice.post(UPLOAD, not_anew), 400, "M_INVALID_SIGNATURE")
    answer = await alice.post(UPLOAD, {**new.all_keys(), "auth": alice.auth()})
    assert answer.status_code == 200
    assert await shown(alice) == new.all_keys()
    found = await query(alice, alice.user_id)
    assert found["device_keys"][alice.user_id][alice.device_id] == signed


async def test_the_same_master_key_in_another_object(world: World) -> None:
    """What was signed is not that any more."""
    alice = await world.register("alice")
    device, identity = Device(alice), Identity(alice.user_id)
    await device.publish()
    assert (
        await alice.post(UPLOAD, {"master_key": device.signed(identity.master_key)})
    ).status_code == 200
    changed = {**identity.master_key, "org.example.more": 1}
    body = {"master_key": changed, "auth": alice.auth()}
    assert (await alice.post(UPLOAD, body)).status_code == 200
    assert await shown(alice) == {"master_key": changed}


async def test_a_master_key_signed_by_a_device(world: World) -> None:
    alice = await world.register("alice")
    device, identity = Device(alice), Identity(alice.user_id)
    await device.publish()
    signed = device.signed(identity.master_key)
    wrong = {**signed, "signatures": {alice.user_id: {device.key_id: "A" * 86}}}
    refused(await alice.post(UPLOAD, {"master_key": wrong}), 400, "M_INVALID_SIGNATURE")
    stranger = {**signed, "signatures": {**signed["signatures"], "@eve:hold.example": {"a": "b"}}}
    assert (await alice.post(UPLOAD, {"master_key": stranger})).status_code == 200
    assert await shown(alice) == {"master_key": signed}


async def test_two_first_identities_at_once(world: World) -> None:
    """One of them is the first; the other one would replace it, and that takes proof."""
    alice = await world.register("alice")
    identities = [Identity(alice.user_id) for _ in range(4)]
    answers = await asyncio.gather(*[alice.post(UPLOAD, each.all_keys()) for each in identities])
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    (first,) = [i for i, answer in zip(identities, answers, strict=True) if answer.is_success]
    assert await shown(alice) == first.all_keys()


def wrong_keys(user_id: str) -> dict[str, tuple[dict[str, Any], str]]:
    """Uploads that are refused, each with its error."""
    good, other = Identity(user_id), Identity(user_id)
    master = good.master_key
    by_other = other.sign(good.key("self_signing", good.self_signing), other.master)
    two = {**master, "keys": {**master["keys"], **other.master_key["keys"]}}
    named = {**master, "keys": {f"ed25519:{public(other.master)}": public(good.master)}}
    return {
        "not signed": (
            {"self_signing_key": good.key("self_signing", good.self_signing)},
            "M_INVALID_SIGNATURE",
        ),
        "signed by another": ({"user_signing_key": by_other}, "M_INVALID_PARAM"),
        "signed by another master": ({"self_signing_key": by_other}, "M_INVALID_SIGNATURE"),
        "another user's": ({"master_key": {**master, "user_id": "@bob:x"}}, "M_INVALID_PARAM"),
        "another usage": ({"master_key": {**master, "usage": ["x"]}}, "M_INVALID_PARAM"),
        "no usage": ({"master_key": {**master, "usage": []}}, "M_INVALID_PARAM"),
        "two keys": ({"master_key": two}, "M_INVALID_PARAM"),
        "no key": ({"master_key": {**master, "keys": {}}}, "M_INVALID_PARAM"),
        "another name": ({"master_key": named}, "M_INVALID_PARAM"),
        "short": ({"master_key": {**master, "keys": {"ed25519:AA": "AA"}}}, "M_INVALID_PARAM"),
        "no members": ({"master_key": {}}, "M_MISSING_PARAM"),
        "a text": ({"master_key": "x"}, "M_BAD_JSON"),
        "a fraction": ({"master_key": {**master, "n": 1.5}}, "M_BAD_JSON"),
    }


@pytest.mark.parametrize("what", wrong_keys("@x:y"))
async def test_keys_that_are_refused(world: World, what: str) -> None:
    alice = await world.register("alice")
    body, errcode = wrong_keys(alice.user_id)[what]
    whole = {"master_key": Identity(alice.user_id).master_key, **body}
    refused(await alice.post(UPLOAD, whole), 400, errcode)
    assert await shown(alice) == {}


async def test_a_key_named_like_a_device(world: World) -> None:
    alice = await world.register("alice")
    identity = Identity(alice.user_id)
    await alice.another_session(device_id=public(identity.self_signing))
    refused(await alice.post(UPLOAD, identity.all_keys()), 403, "M_FORBIDDEN")


async def test_it_is_in_the_journal(world: World) -> None:
    alice = await world.register("alice")
    await Identity(alice.user_id).publish(alice)
    await alice.post(UPLOAD, {**Identity(alice.user_id).all_keys(), "auth": alice.auth()})
    sql = "SELECT what, by_device FROM journal WHERE user_id = :user ORDER BY number"
    entries = await world.server.context.db.read(
        lambda tx: tx.all(lambda *columns: columns, sql, user=alice.user_id)
    )
    written = [what for what, device in entries if device == alice.device_id]
    assert [what for what in written if what.startswith("identity")] == [
        "identity_created",
        "identity_replaced",
    ]


async def test_nothing_is_left_of_a_closed_account(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    device, identity, bobs = Device(alice), Identity(alice.user_id), Identity(bob.user_id)
    await device.publish(1)
    await identity.publish(alice)
    await bobs.publish(bob)
    signed = {
        bob.user_id: {public(bobs.master): identity.sign(bobs.master_key, identity.user_signing)}
    }
    assert (await alice.post("keys/signatures/upload", signed)).json() == {"failures": {}}
    await alice.post("account/deactivate", {"auth": alice.auth()})
    found = await query(bob, alice.user_id)
    assert found["device_keys"] == {alice.user_id: {}}
    assert found["master_keys"] == found["self_signing_keys"] == {}
    count = "SELECT count(*) FROM key_signatures"
    assert await world.server.context.db.read(lambda tx: tx.value(count)) == 0
