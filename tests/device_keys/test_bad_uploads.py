"""Uploads that are refused: a clear error, and nothing stored."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.device_keys.devices import SIGNED, Device, query
from tests.world import World, refused

Body = dict[str, Any]


def other_keys(device: Device, **keys: Any) -> Body:
    """Device keys with other keys in them."""
    whole = device.device_keys()
    kept = {name: keys.get(name.partition(":")[0], key) for name, key in whole["keys"].items()}
    return device.signed({**whole, "keys": {name: key for name, key in kept.items() if key}})


def one(device: Device, name: str = f"{SIGNED}:A", **fields: Any) -> Body:
    """A one-time key, signed, some of its fields replaced afterwards."""
    key = {"key": device.account.curve25519_key.to_base64()}
    return {name: {**device.signed(key), **fields}}


def nested_keys(device: Device, depth: int) -> Body:
    more: Any = 1
    for _ in range(depth):
        more = [more]
    return {"device_keys": {**device.device_keys(), "more": more}}


def unsigned(device: Device) -> Body:
    return {user: {} for user in [device.user_id]}


WRONG: dict[str, tuple[Callable[[Device], Body], str]] = {
    "another user": (
        lambda d: {"device_keys": d.device_keys(user_id="@bob:hold.example")},
        "M_INVALID_PARAM",
    ),
    "another device": (
        lambda d: {"device_keys": d.device_keys(device_id="OTHER")},
        "M_INVALID_PARAM",
    ),
    "no user": (
        lambda d: {"device_keys": {**d.device_keys(), "user_id": None}},
        "M_BAD_JSON",
    ),
    "no algorithms": (
        lambda d: {"device_keys": {k: v for k, v in d.device_keys().items() if k != "algorithms"}},
        "M_MISSING_PARAM",
    ),
    "algorithms of another shape": (
        lambda d: {"device_keys": d.device_keys(algorithms=[1])},
        "M_BAD_JSON",
    ),
    "no Ed25519 key": (
        lambda d: {"device_keys": other_keys(d, ed25519=None)},
        "M_MISSING_PARAM",
    ),
    "no Curve25519 key": (
        lambda d: {"device_keys": other_keys(d, curve25519=None)},
        "M_MISSING_PARAM",
    ),
    "a short key": (
        lambda d: {"device_keys": other_keys(d, curve25519="AAAA")},
        "M_INVALID_PARAM",
    ),
    "a padded key": (
        lambda d: {"device_keys": other_keys(d, curve25519="A" * 43 + "=")},
        "M_INVALID_PARAM",
    ),
    "not signed": (
        lambda d: {"device_keys": {**d.device_keys(), "signatures": unsigned(d)}},
        "M_INVALID_SIGNATURE",
    ),
    "signed before it was changed": (
        lambda d: {"device_keys": {**d.device_keys(), "more": 1}},
        "M_INVALID_SIGNATURE",
    ),
    "signed by another device": (
        lambda d: {"device_keys": {**d.device_keys(), **other_keys(d, ed25519="A" * 43)}},
        "M_INVALID_SIGNATURE",
    ),
    "a fraction": (
        lambda d: {"device_keys": {**d.device_keys(), "more": 1.5}},
        "M_BAD_JSON",
    ),
    "a number too large": (
        lambda d: {"device_keys": {**d.device_keys(), "more": 1 << 60}},
        "M_BAD_JSON",
    ),
    "too large": (
        lambda d: {"device_keys": d.device_keys(more="x" * 70_000)},
        "M_INVALID_PARAM",
    ),
    "nested deeply": (lambda d: nested_keys(d, 150), "M_BAD_JSON"),
    "nested very deeply": (lambda d: nested_keys(d, 900), "M_BAD_JSON"),
    "device keys that are a list": (lambda _: {"device_keys": []}, "M_BAD_JSON"),
    "one-time keys that are a list": (lambda _: {"one_time_keys": []}, "M_BAD_JSON"),
    "an unknown algorithm": (
        lambda d: {"one_time_keys": one(d, "signed_ed448:A")},
        "M_INVALID_PARAM",
    ),
    "no key ID": (lambda d: {"one_time_keys": one(d, f"{SIGNED}:")}, "M_INVALID_PARAM"),
    "no algorithm": (lambda d: {"one_time_keys": one(d, "AAAA")}, "M_INVALID_PARAM"),
    "a second colon": (lambda d: {"one_time_keys": one(d, f"{SIGNED}:A:B")}, "M_INVALID_PARAM"),
    "a long key ID": (
        lambda d: {"one_time_keys": one(d, f"{SIGNED}:{'A' * 300}")},
        "M_INVALID_PARAM",
    ),
    "NUL in a key ID": (
        lambda d: {"one_time_keys": one(d, f"{SIGNED}:a\0b")},
        "M_INVALID_PARAM",
    ),
    "a one-time key without a key": (
        lambda d: {"one_time_keys": one(d, key=None)},
        "M_INVALID_PARAM",
    ),
    "a one-time key that is no key": (
        lambda d: {"one_time_keys": one(d, key="nonsense")},
        "M_INVALID_PARAM",
    ),
    "a one-time key that is a text": (
        lambda _: {"one_time_keys": {f"{SIGNED}:A": "A" * 43}},
        "M_INVALID_PARAM",
    ),
    "a one-time key that is not signed": (
        lambda d: {"one_time_keys": one(d, signatures={})},
        "M_INVALID_SIGNATURE",
    ),
    "a one-time key signed before it was changed": (
        lambda d: {"one_time_keys": one(d, fallback=True)},
        "M_INVALID_SIGNATURE",
    ),
    "a large one-time key": (
        lambda d: {
            "one_time_keys": {f"{SIGNED}:A": d.signed({"key": "A" * 43, "more": "x" * 5000})}
        },
        "M_INVALID_PARAM",
    ),
    "two fallback keys of one algorithm": (
        lambda d: {"fallback_keys": {**one(d), **one(d, f"{SIGNED}:B")}},
        "M_INVALID_PARAM",
    ),
    "a fallback key that is not signed": (
        lambda d: {"fallback_keys": one(d, signatures=unsigned(d))},
        "M_INVALID_SIGNATURE",
    ),
}


@pytest.mark.parametrize("what", WRONG)
async def test_it_is_refused_with_all_that_came_with_it(world: World, what: str) -> None:
    device = Device(await world.register("alice"))
    make, errcode = WRONG[what]
    good = {"device_keys": device.device_keys(), "one_time_keys": device.one_time_keys(2)}
    made = make(device)
    if isinstance(made.get("one_time_keys"), dict):
        made["one_time_keys"] = {**good["one_time_keys"], **made["one_time_keys"]}
    answer = await device.upload(**{**good, **made})
    refused(answer, 400, errcode)
    assert answer.json()["error"]
    assert (await query(device.person, device.user_id))["device_keys"] == {}
    counts = (await device.upload()).json()["one_time_key_counts"]
    assert counts == {SIGNED: 0}


async def test_one_time_keys_before_device_keys(world: World) -> None:
    device = Device(await world.register("alice"))
    answer = await device.upload(one_time_keys=device.one_time_keys(1))
    refused(answer, 400, "M_MISSING_PARAM")
    assert "device_keys" in answer.json()["error"]


async def test_more_keys_than_fit(world: World) -> None:
    device = Device(await world.register("alice"))
    await device.publish()
    key = one(device)[f"{SIGNED}:A"]
    many = {f"{SIGNED}:A{number}": key for number in range(501)}
    refused(await device.upload(one_time_keys=many), 400, "M_INVALID_PARAM")
    for start in range(0, 5000, 500):
        names = [f"{SIGNED}:B{number}" for number in range(start, start + 500)]
        answer = await device.upload(one_time_keys=dict.fromkeys(names, key))
        assert answer.json() == {"one_time_key_counts": {SIGNED: start + 500}}
    refused(await device.upload(one_time_keys=one(device)), 400, "M_INVALID_PARAM")
    assert (await device.upload()).json() == {"one_time_key_counts": {SIGNED: 5000}}


async def test_a_removed_session_publishes_nothing(world: World) -> None:
    device = Device(await world.register("alice"))
    await device.person.post("logout")
    refused(await device.upload(device_keys=device.device_keys()), 401, "M_UNKNOWN_TOKEN")
