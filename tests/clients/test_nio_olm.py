"""matrix-nio's own Olm and key store: two users send each other room keys, locked or not.

There are no rooms on the server yet. The clients are told of one that both are in, as /sync would
tell them; from there on everything is nio's own doing: publishing, looking up and claiming keys,
Olm sessions, and room keys that travel as to-device messages.
"""

from pathlib import Path

from nio import (
    AsyncClient,
    LoginResponse,
    MegolmEvent,
    RoomMessageText,
    SyncError,
)

from tests.clients.nio_kit import (
    call,
    client,
    encrypt,
    in_room,
    new_name,
    password_stage,
    register,
    signed_in,
    sync,
)
from tests.clients.script import NEW, OLD
from tests.fixtures.running_server import RunningServer


def read(made: AsyncClient, event: MegolmEvent) -> str:
    """The text of an encrypted message."""
    decrypted = made.decrypt_event(event)
    assert isinstance(decrypted, RoomMessageText), decrypted
    return str(decrypted.body)


async def test_two_users_exchange_room_keys(homeserver: RunningServer, tmp_path: Path) -> None:
    names = new_name(), new_name()
    for name in names:
        await register(homeserver, name)
    async with (
        signed_in(homeserver, names[0], store=tmp_path) as alice,
        signed_in(homeserver, names[1], store=tmp_path) as bob,
    ):
        for made in (alice, bob):
            await sync(made)
            in_room(made, alice.user_id, bob.user_id)
        for number in range(3):  # the first of each is a pre-key message, the others are not
            event = await encrypt(alice, f"hello {number}")
            await sync(bob)
            assert read(bob, event) == f"hello {number}"
            event = await encrypt(bob, f"hi {number}")
            await sync(alice)
            assert read(alice, event) == f"hi {number}"


async def test_room_keys_wait_for_a_locked_session(
    homeserver: RunningServer, tmp_path: Path
) -> None:
    """Both the Olm session from before and the key store serve it when it comes back."""
    names = new_name(), new_name()
    for name in names:
        await register(homeserver, name)
    async with signed_in(homeserver, names[0], store=tmp_path) as alice:
        async with signed_in(homeserver, names[1], store=tmp_path) as bob:
            for made in (alice, bob):
                await sync(made)
                in_room(made, alice.user_id, bob.user_id)
            before = await encrypt(alice, "before")
            await sync(bob)
            phone, owner = bob.device_id, bob.user_id
            async with signed_in(homeserver, names[1]) as other:
                body = {"auth": password_stage(other, OLD), "new_password": NEW}
                assert (await call(other, "POST", "account/password", body))[0] == 200
            ended = await bob.sync(timeout=0)
            assert isinstance(ended, SyncError), ended
            assert (ended.status_code, ended.soft_logout) == ("M_UNKNOWN_TOKEN", True)

        meanwhile = [await encrypt(alice, f"meanwhile {number}") for number in range(3)]

        async with client(homeserver, names[1], phone, store=tmp_path) as back:
            assert isinstance(await back.login(NEW), LoginResponse)
            assert (back.user_id, back.device_id) == (owner, phone)
            await sync(back)
            in_room(back, alice.user_id, owner)
            assert read(back, before) == "before"
            assert [read(back, event) for event in meanwhile] == [
                f"meanwhile {number}" for number in range(3)
            ]
            event = await encrypt(back, "thank you")
            await sync(alice)
            assert read(alice, event) == "thank you"


async def test_the_first_message_reaches_a_session_that_is_locked(
    homeserver: RunningServer, tmp_path: Path
) -> None:
    """Its one-time keys can be claimed while nobody is signed in to it."""
    names = new_name(), new_name()
    for name in names:
        await register(homeserver, name)
    async with signed_in(homeserver, names[1], store=tmp_path) as bob:
        await sync(bob)
        phone, owner = bob.device_id, bob.user_id
        async with signed_in(homeserver, names[1]) as other:
            body = {"auth": password_stage(other, OLD), "new_password": NEW}
            assert (await call(other, "POST", "account/password", body))[0] == 200
    async with signed_in(homeserver, names[0], store=tmp_path) as alice:
        await sync(alice)
        in_room(alice, alice.user_id, owner)
        event = await encrypt(alice, "are you there?")
        async with client(homeserver, names[1], phone, store=tmp_path) as back:
            assert isinstance(await back.login(NEW), LoginResponse)
            await sync(back)
            assert read(back, event) == "are you there?"
