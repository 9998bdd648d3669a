"""A client that dehydrates a device."""

from typing import Any
from urllib.parse import quote

from tests.device_keys.devices import Device
from tests.to_device.mailing import send
from tests.world import Answer, Person

PATH = "/_matrix/client/unstable/org.matrix.msc3814.v1/dehydrated_device"
ALGORITHM = "org.matrix.msc3814.v2"


class DehydratedDevice(Device):
    """A device that a session makes for its user; its ID is its Curve25519 key, as MSC3814 says."""

    @property
    def device_id(self) -> str:
        return self.account.curve25519_key.to_base64()

    @property
    def device_data(self) -> dict[str, Any]:
        """What the server keeps: for these tests the key of the pickle is no secret."""
        return {"algorithm": ALGORITHM, "device_pickle": self.account.pickle(b"k" * 32)}

    def body(self, one_time_keys: int = 1, **more: Any) -> dict[str, Any]:
        """A complete request; keys first, so that the pickle has their secrets."""
        keys = self.one_time_keys(one_time_keys)
        fallback = self.fallback_keys()
        return {
            "device_id": self.device_id,
            "initial_device_display_name": "Dehydrated device",
            "device_data": self.device_data,
            "device_keys": self.device_keys(dehydrated=True),
            "one_time_keys": keys,
            "fallback_keys": fallback,
            **more,
        }

    async def put(self, one_time_keys: int = 1, **more: Any) -> "DehydratedDevice":
        answer = await self.person.put(PATH, self.body(one_time_keys, **more))
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"device_id": self.device_id}
        return self


async def events(person: Person, device_id: str, **body: Any) -> Answer:
    """A page of what was sent to a dehydrated device."""
    return await person.post(f"{PATH}/{quote(device_id, safe='')}/events", body)


async def all_events(person: Person, device_id: str) -> list[dict[str, Any]]:
    """Every page up to the empty one, as clients ask for them."""
    found: list[dict[str, Any]] = []
    page = (await events(person, device_id)).json()
    while page["events"]:
        found += page["events"]
        page = (await events(person, device_id, next_batch=page["next_batch"])).json()
    return found


async def number_of_events(person: Person, device: DehydratedDevice) -> int:
    return len(await all_events(person, device.device_id))


async def send_to_all(sender: Person, to: Person, transaction: str) -> None:
    await send(sender, {to.user_id: {"*": {"n": transaction}}}, transaction=transaction)
