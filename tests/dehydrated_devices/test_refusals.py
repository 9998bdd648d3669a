"""What is no dehydrated device is refused, and nothing of it is stored."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.dehydrated_devices.dehydrating import PATH, DehydratedDevice, events
from tests.device_keys.devices import query
from tests.world import World, refused

Change = Callable[[dict[str, Any]], Any]


def without(name: str) -> Change:
    return lambda body: body.pop(name)


def having(name: str, value: Any) -> Change:
    return lambda body: body.update({name: value})


def signed_by_nobody(body: dict[str, Any]) -> None:
    body["device_keys"]["signatures"] = {}


def changed_afterwards(body: dict[str, Any]) -> None:
    body["device_keys"]["dehydrated"] = False


def of_another_device(body: dict[str, Any]) -> None:
    body["device_id"] = "ANOTHER"


def with_a_wrong_key(body: dict[str, Any]) -> None:
    for key in body["one_time_keys"].values():
        key["key"] = "A" * 43


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        (without("device_id"), "M_MISSING_PARAM"),
        (without("device_data"), "M_MISSING_PARAM"),
        (without("device_keys"), "M_MISSING_PARAM"),
        (having("device_keys", None), "M_MISSING_PARAM"),
        (having("device_keys", {}), "M_MISSING_PARAM"),
        (having("device_keys", []), "M_BAD_JSON"),
        (having("device_id", ""), "M_INVALID_PARAM"),
        (having("device_id", 5), "M_BAD_JSON"),
        (having("device_id", "x" * 256), "M_INVALID_PARAM"),
        (having("device_id", "a\0b"), "M_INVALID_PARAM"),
        (having("device_data", "pickle"), "M_BAD_JSON"),
        (having("device_data", None), "M_BAD_JSON"),
        (having("device_data", {}), "M_MISSING_PARAM"),
        (having("device_data", {"algorithm": 5}), "M_BAD_JSON"),
        (having("initial_device_display_name", "x" * 256), "M_INVALID_PARAM"),
        (having("initial_device_display_name", "a\0b"), "M_INVALID_PARAM"),
        (having("initial_device_display_name", 5), "M_BAD_JSON"),
        (having("one_time_keys", []), "M_BAD_JSON"),
        (having("fallback_keys", {"unknown:A": "x"}), "M_INVALID_PARAM"),
        (signed_by_nobody, "M_INVALID_SIGNATURE"),
        (changed_afterwards, "M_INVALID_SIGNATURE"),
        (of_another_device, "M_INVALID_PARAM"),
        (with_a_wrong_key, "M_INVALID_SIGNATURE"),
    ],
)
async def test_what_is_none(world: World, change: Change, errcode: str) -> None:
    alice = await world.register("alice")
    before = await DehydratedDevice(alice).put()
    body = DehydratedDevice(alice).body()
    change(body)
    refused(await alice.put(PATH, body), 400, errcode)
    assert (await alice.get(PATH)).json()["device_id"] == before.device_id
    assert set((await query(alice, alice.user_id))["device_keys"][alice.user_id]) == {
        before.device_id
    }


async def test_device_data_has_a_size(world: World) -> None:
    alice = await world.register("alice")
    large = {"algorithm": "x", "device_pickle": "x" * 256 * 1024}
    refused(
        await alice.put(PATH, DehydratedDevice(alice).body(device_data=large)), 413, "M_TOO_LARGE"
    )


async def test_device_data_is_text(world: World) -> None:
    alice = await world.register("alice")
    body = b'{"device_id": "A", "device_data": {"algorithm": "x", "y": "\xff"}, "device_keys": {}}'
    answer = await world.call("PUT", PATH, content=body, token=alice.token)
    refused(answer, 400, "M_NOT_JSON")


@pytest.mark.parametrize(
    "body",
    [
        {"next_batch": "5"},
        {"next_batch": "d-1"},
        {"next_batch": "d01"},
        {"next_batch": "d" + "9" * 30},
        {"next_batch": "a\0b"},
        {"next_batch": 5},
        {"limit": 0},
        {"limit": -1},
        {"limit": 1.5},
        {"limit": "5"},
        [],
    ],
)
async def test_pages_that_are_none(world: World, body: Any) -> None:
    alice = await world.register("alice")
    device = await DehydratedDevice(alice).put()
    path = f"{PATH}/{device.device_id.replace('/', '%2F')}/events"
    answer = await alice.post(path, body)
    assert answer.status_code == 400
    assert answer.json()["errcode"] in ("M_INVALID_PARAM", "M_BAD_JSON")


async def test_other_devices_have_no_pages(world: World) -> None:
    alice = await world.register("alice")
    for device_id in (alice.device_id, "UNKNOWN", "a\0b"):
        answer = await events(alice, device_id)
        assert (answer.status_code, answer.json()["errcode"]) in (
            (403, "M_FORBIDDEN"),
            (400, "M_INVALID_PARAM"),
        )
