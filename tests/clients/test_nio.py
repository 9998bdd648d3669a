"""matrix-nio, as it comes: a Python client that bots and bridges are made of."""

import asyncio
import uuid

from nio import (
    AsyncClient,
    DeleteDevicesAuthResponse,
    DeleteDevicesResponse,
    DevicesResponse,
    LoginError,
    LoginResponse,
    LogoutResponse,
    ProfileGetResponse,
    RegisterResponse,
    SyncError,
    SyncResponse,
    UploadFilterResponse,
    WhoamiResponse,
)

from tests.clients.nio_kit import call, client, new_name, password_stage, register, signed_in
from tests.clients.script import NEW, OLD
from tests.fixtures.running_server import RunningServer, StartServer

LONG_POLL_MS = 30_000
AT_ONCE_SECONDS = 3


async def next_batch(made: AsyncClient) -> str:
    answer = await made.sync(timeout=0)
    assert isinstance(answer, SyncResponse), answer
    return str(answer.next_batch)


async def test_registering_signs_in(homeserver: RunningServer) -> None:
    name = new_name()
    async with client(homeserver, name) as made:
        answer = await made.register(name, OLD, device_name="first")
        assert isinstance(answer, RegisterResponse), answer
        assert answer.user_id == f"@{name}:{homeserver.name}"
        me = await made.whoami()
        assert isinstance(me, WhoamiResponse), me
        assert (me.user_id, me.device_id) == (answer.user_id, answer.device_id)


async def test_registering_with_a_token(start_server: StartServer) -> None:
    """nio proves the token first and closes with the dummy stage."""
    with start_server(HOLDFAST_REGISTRATION="token") as server:
        token, name = server.admin("registration-token", "create"), new_name()
        async with client(server, name) as made:
            answer = await made.register_with_token(name, OLD, token)
            assert isinstance(answer, RegisterResponse), answer
        async with client(server, name) as made:
            answer = await made.login(OLD)
            assert isinstance(answer, LoginResponse), answer


async def test_two_clients_see_each_other(homeserver: RunningServer) -> None:
    name = new_name()
    await register(homeserver, name)
    async with signed_in(homeserver, name) as one, signed_in(homeserver, name) as other:
        listed = await one.devices()
        assert isinstance(listed, DevicesResponse), listed
        assert {one.device_id, other.device_id} < {each.id for each in listed.devices}
        assert await one.update_device(other.device_id, {"display_name": "the other"})
        listed = await one.devices()
        assert isinstance(listed, DevicesResponse), listed
        named = {each.id: each for each in listed.devices}
        assert named[other.device_id].display_name == "the other"
        assert named[other.device_id].last_seen_ip == "127.0.0.1"


async def test_a_wrong_password_is_told(homeserver: RunningServer) -> None:
    name = new_name()
    await register(homeserver, name)
    async with client(homeserver, name) as made:
        answer = await made.login("not the one")
        assert isinstance(answer, LoginError), answer
        assert answer.status_code == "M_FORBIDDEN"


async def test_another_client_is_locked_and_comes_back(homeserver: RunningServer) -> None:
    """The waiting sync ends at once, and the same device ID gives the same session."""
    name = new_name()
    await register(homeserver, name)
    async with signed_in(homeserver, name) as one, signed_in(homeserver, name) as other:
        since = await next_batch(other)
        waiting = asyncio.create_task(other.sync(timeout=LONG_POLL_MS, since=since))
        await asyncio.sleep(0.5)
        assert not waiting.done()
        body = {"auth": password_stage(one), "new_password": NEW}
        status, _ = await call(one, "POST", "account/password", body)
        assert status == 200
        ended = await asyncio.wait_for(waiting, AT_ONCE_SECONDS)
        assert isinstance(ended, SyncError), ended
        assert (ended.status_code, ended.soft_logout) == ("M_UNKNOWN_TOKEN", True)
        assert isinstance(await one.whoami(), WhoamiResponse)

        before = other.device_id
        refused = await other.login(OLD)
        assert isinstance(refused, LoginError), refused
        back = await other.login(NEW)
        assert isinstance(back, LoginResponse), back
        assert back.device_id == before
        assert isinstance(await other.sync(timeout=0, since=since), SyncResponse)


async def test_resetting_by_mail(homeserver: RunningServer) -> None:
    name = new_name()
    address = f"{name}@example.org"
    await register(homeserver, name)
    async with signed_in(homeserver, name) as made:
        await add_address(homeserver, made, address)
    async with client(homeserver, name) as forgetful:
        creds = await request_token(forgetful, "account/password", address)
        stage = {"type": "m.login.email.identity", "threepid_creds": creds}
        body = {"auth": stage, "new_password": NEW, "logout_devices": False}
        status, asked = await call(forgetful, "POST", "account/password", body)
        assert (status, asked["flows"]) == (401, [{"stages": ["m.login.email.identity"]}])
        homeserver.follow(homeserver.link(address))
        status, _ = await call(forgetful, "POST", "account/password", body)
        assert status == 200
        assert isinstance(await forgetful.login(NEW), LoginResponse)


async def request_token(made: AsyncClient, path: str, address: str) -> dict[str, str]:
    secret = uuid.uuid4().hex
    body = {"email": address, "client_secret": secret, "send_attempt": 1}
    status, answer = await call(made, "POST", f"{path}/email/requestToken", body)
    assert status == 200, answer
    return {"sid": answer["sid"], "client_secret": secret}


async def add_address(server: RunningServer, made: AsyncClient, address: str) -> None:
    creds = await request_token(made, "account/3pid", address)
    server.follow(server.link(address))
    body = {**creds, "auth": password_stage(made)}
    assert (await call(made, "POST", "account/3pid/add", body))[0] == 200


async def test_removing_another_session(homeserver: RunningServer) -> None:
    """nio asks without proof, then with the refusal's session and the old form of proof."""
    name = new_name()
    await register(homeserver, name)
    async with signed_in(homeserver, name) as one, signed_in(homeserver, name) as other:
        asked = await one.delete_devices([other.device_id])
        assert isinstance(asked, DeleteDevicesAuthResponse), asked
        auth = {"type": "m.login.password", "user": name, "password": OLD}
        auth["session"] = asked.session
        done = await one.delete_devices([other.device_id], auth)
        assert isinstance(done, DeleteDevicesResponse), done
        ended = await other.sync(timeout=0)
        assert isinstance(ended, SyncError), ended
        assert (ended.status_code, ended.soft_logout) == ("M_UNKNOWN_TOKEN", False)


async def test_signing_out(homeserver: RunningServer) -> None:
    name = new_name()
    await register(homeserver, name)
    async with signed_in(homeserver, name) as one, signed_in(homeserver, name) as other:
        assert isinstance(await one.logout(), LogoutResponse)
        assert isinstance(await other.whoami(), WhoamiResponse)
        assert isinstance(await other.logout(all_devices=True), LogoutResponse)


async def test_filters_and_profile(homeserver: RunningServer) -> None:
    name = new_name()
    await register(homeserver, name)
    async with signed_in(homeserver, name) as made:
        stored = await made.upload_filter(room={"timeline": {"limit": 5}})
        assert isinstance(stored, UploadFilterResponse), stored
        synced = await made.sync(timeout=0, sync_filter=stored.filter_id, full_state=True)
        assert isinstance(synced, SyncResponse), synced
        await made.set_displayname("Nia")
        profile = await made.get_profile()
        assert isinstance(profile, ProfileGetResponse), profile
        assert profile.displayname == "Nia"
