"""Login, tokens and devices over HTTP."""

from typing import Any

from holdfast.kit.http import Auth, Request, client, extra
from holdfast.kit.http.request import decode
from holdfast.sessions.devices import (
    delete_devices,
    device,
    devices,
    let_in_devices,
    lock_devices,
    rename,
    sign_out,
    sign_out_everywhere,
)
from holdfast.sessions.login import LoginBody, login, login_token
from holdfast.sessions.shapes import DevicesBody, RefreshBody, RenameBody, WhoAmI, shown
from holdfast.sessions.tokens import refresh
from holdfast.uia.prove import prove
from holdfast.uia.shapes import PASSWORD


async def get_login(_request: Request) -> Any:
    """The ways to sign in."""
    return {
        "flows": [{"type": "m.login.password"}, {"type": "m.login.token", "get_login_token": True}]
    }


async def post_login(request: Request) -> Any:
    """Sign in."""
    return await login(request, request.json(LoginBody))


async def post_get_token(request: Request) -> Any:
    """A login token for another client, for who can prove to be the user."""
    await prove(request, ((PASSWORD,),))
    token = await login_token(request.context, request.requester.user_id)
    return {"login_token": token, "expires_in_ms": 120_000}


async def post_refresh(request: Request) -> Any:
    """New tokens for a session."""
    return await refresh(request, request.json(RefreshBody).refresh_token)


async def post_logout(request: Request) -> Any:
    """Sign out: this session is removed."""
    await sign_out(request)
    return {}


async def post_logout_all(request: Request) -> Any:
    """Sign out everywhere: every session of the user is removed."""
    await sign_out_everywhere(request)
    return {}


async def get_whoami(request: Request) -> Any:
    """Whose access token this is."""
    return WhoAmI(request.requester.user_id, request.requester.device_id)


async def get_devices(request: Request) -> Any:
    """The user's sessions."""
    lifetime = request.context.settings.locked_lifetime * 1000
    return {"devices": [shown(one, lifetime) for one in await devices(request)]}


async def get_device(request: Request) -> Any:
    """One of the user's sessions."""
    lifetime = request.context.settings.locked_lifetime * 1000
    return shown(await device(request, request.params["device_id"]), lifetime)


async def put_device(request: Request) -> Any:
    """Rename a session."""
    await rename(request, request.params["device_id"], request.json(RenameBody).display_name)
    return {}


async def delete_device(request: Request) -> Any:
    """Remove one session, for who can prove to be the user."""
    proven = await prove(request, ((PASSWORD,),))
    await delete_devices(request, proven, [request.params["device_id"]])
    return {}


async def post_delete_devices(request: Request) -> Any:
    """Remove several sessions, for who can prove to be the user."""
    proven = await prove(request, ((PASSWORD,),))
    await delete_devices(request, proven, decode(proven.body, DevicesBody).devices)
    return {}


async def post_lock_devices(request: Request) -> Any:
    """Lock several sessions."""
    await lock_devices(request, request.json(DevicesBody).devices)
    return {}


async def post_let_in_devices(request: Request) -> Any:
    """Let paused sessions in again, for who can prove to be the user."""
    proven = await prove(request, ((PASSWORD,),))
    body = decode(proven.body, DevicesBody)
    return {"let_in": await let_in_devices(request, proven, body.devices)}


_GET_TOKEN = "POST /_matrix/client/v1/login/get_token"
routes = [
    client("GET", "login", get_login, spec="GET /login", auth=Auth.NONE),
    client("POST", "login", post_login, spec="POST /login", auth=Auth.NONE),
    client("POST", "login/get_token", post_get_token, spec=_GET_TOKEN, versions=("v1",)),
    client("POST", "refresh", post_refresh, spec="POST /refresh", auth=Auth.NONE),
    client("POST", "logout", post_logout, spec="POST /logout"),
    client("POST", "logout/all", post_logout_all, spec="POST /logout/all"),
    client("GET", "account/whoami", get_whoami, spec="GET /account/whoami"),
    client("GET", "devices", get_devices, spec="GET /devices"),
    client("GET", "devices/{device_id}", get_device, spec="GET /devices/{deviceId}"),
    client("PUT", "devices/{device_id}", put_device, spec="PUT /devices/{deviceId}"),
    client("DELETE", "devices/{device_id}", delete_device, spec="DELETE /devices/{deviceId}"),
    client("POST", "delete_devices", post_delete_devices, spec="POST /delete_devices"),
    extra("POST", "lock_devices", post_lock_devices, spec="Locking sessions"),
    extra("POST", "let_in_devices", post_let_in_devices, spec="Paused sessions"),
]
