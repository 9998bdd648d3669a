"""Accounts over HTTP."""

from typing import Any

import msgspec

from holdfast.accounts import addresses
from holdfast.accounts.deactivate import deactivate
from holdfast.accounts.password import change_password
from holdfast.accounts.register import available, register
from holdfast.credentials import rules as credentials
from holdfast.kit.errors import InvalidParam, MatrixError
from holdfast.kit.http import Auth, Request, client, extra
from holdfast.kit.http.request import LANGUAGES
from holdfast.recovery.new_password import shown
from holdfast.uia import registration_tokens
from holdfast.uia.addresses import Refusal
from holdfast.uia.request_code import SUBMIT, CodeBody, request_phone, submit_code
from holdfast.uia.request_token import request_email

KEPT_BODY_BYTES = 1 << 16
"""These bodies are stored while somebody proves who they are, and anybody may send them."""


class LanguageBody(msgspec.Struct):
    """The language of the account's mails."""

    language: str


async def post_register(request: Request) -> Any:
    """Create an account."""
    return await register(request)


async def get_available(request: Request) -> Any:
    """Whether a user name is free."""
    return {"available": await available(request)}


async def get_token_validity(request: Request) -> Any:
    """Whether a registration token could be used."""
    context, token, now = request.context, request.need_query("token"), request.context.now
    context.limits.take("available", context.settings.uia_limit, request.network)
    usable = await context.db.peek(lambda tx: registration_tokens.usable(tx, token, now))
    return {"valid": usable}


async def post_password(request: Request) -> Any:
    """Change or reset the account password."""
    return {"dev.holdfast.sessions": shown(await change_password(request))}


async def post_register_email(request: Request) -> Any:
    """A link to prove an address for a new account."""
    return {"sid": await request_email(request, "register")}


async def post_password_email(request: Request) -> Any:
    """A link to prove an address in order to reset the account password."""
    return {"sid": await request_email(request, "password")}


async def post_3pid_email(request: Request) -> Any:
    """A link to prove an address in order to add it."""
    return {"sid": await request_email(request, "add")}


async def post_register_phone(request: Request) -> Any:
    """A code to prove a phone number for a new account."""
    return await request_phone(request, "register")


async def post_password_phone(request: Request) -> Any:
    """A code to prove a phone number in order to reset the account password."""
    return await request_phone(request, "password")


async def post_3pid_phone(request: Request) -> Any:
    """A code to prove a phone number in order to add it."""
    return await request_phone(request, "add")


async def post_code(request: Request) -> Any:
    """Take a code back, as an identity server would."""
    proof = await submit_code(request, request.json(CodeBody))
    if proof in (Refusal.EXPIRED, Refusal.USED):
        raise MatrixError(
            400, "M_SESSION_EXPIRED", "This code is too old or used up. Ask for a new one."
        )
    return {"success": not isinstance(proof, Refusal)}


async def get_3pid(request: Request) -> Any:
    """The account's addresses."""
    return {"threepids": await addresses.addresses(request)}


async def post_3pid_add(request: Request) -> Any:
    """Add an address."""
    await addresses.add(request, deprecated=False)
    return {}


async def post_3pid(request: Request) -> Any:
    """Add an address, the deprecated way."""
    await addresses.add(request, deprecated=True)
    return {}


async def post_3pid_delete(request: Request) -> Any:
    """Remove an address; there is no identity server to tell."""
    await addresses.remove(request)
    return {"id_server_unbind_result": "no-support"}


async def post_deactivate(request: Request) -> Any:
    """Deactivate the account; there is no identity server to tell."""
    await deactivate(request)
    return {"id_server_unbind_result": "no-support"}


async def put_language(request: Request) -> Any:
    """Choose the language of the account's mails."""
    language, user_id = request.json(LanguageBody).language, request.requester.user_id
    if language not in LANGUAGES:
        raise InvalidParam(f"The languages here are {', '.join(LANGUAGES)}.")
    await request.context.db.write(lambda tx: credentials.set_language(tx, user_id, language))
    return {}


_TOKEN = "register/m.login.registration_token/validity"
_TOKEN_SPEC = "GET /register/m.login.registration_token/validity"
_NONE = Auth.NONE
_OPTIONAL = Auth.OPTIONAL
routes = [
    client(
        "POST",
        "register",
        post_register,
        spec="POST /register",
        auth=_NONE,
        max_body=KEPT_BODY_BYTES,
    ),
    client("GET", "register/available", get_available, spec="GET /register/available", auth=_NONE),
    client("GET", _TOKEN, get_token_validity, spec=_TOKEN_SPEC, auth=_NONE, versions=("v1",)),
    client(
        "POST",
        "account/password",
        post_password,
        spec="POST /account/password",
        auth=_OPTIONAL,
        max_body=KEPT_BODY_BYTES,
    ),
    client("GET", "account/3pid", get_3pid, spec="GET /account/3pid"),
    client("POST", "account/3pid", post_3pid, spec="POST /account/3pid"),
    client("POST", "account/3pid/add", post_3pid_add, spec="POST /account/3pid/add"),
    client("POST", "account/3pid/delete", post_3pid_delete, spec="POST /account/3pid/delete"),
    client("POST", "account/deactivate", post_deactivate, spec="POST /account/deactivate"),
    extra("POST", SUBMIT, post_code, spec="Phone numbers", auth=_NONE),
    extra("PUT", "language", put_language, spec="Language of mails"),
    client(
        "POST",
        "register/email/requestToken",
        post_register_email,
        spec="POST /register/email/requestToken",
        auth=_NONE,
    ),
    client(
        "POST",
        "register/msisdn/requestToken",
        post_register_phone,
        spec="POST /register/msisdn/requestToken",
        auth=_NONE,
    ),
    client(
        "POST",
        "account/password/email/requestToken",
        post_password_email,
        spec="POST /account/password/email/requestToken",
        auth=_NONE,
    ),
    client(
        "POST",
        "account/password/msisdn/requestToken",
        post_password_phone,
        spec="POST /account/password/msisdn/requestToken",
        auth=_NONE,
    ),
    client(
        "POST",
        "account/3pid/email/requestToken",
        post_3pid_email,
        spec="POST /account/3pid/email/requestToken",
        auth=_OPTIONAL,
    ),
    client(
        "POST",
        "account/3pid/msisdn/requestToken",
        post_3pid_phone,
        spec="POST /account/3pid/msisdn/requestToken",
        auth=_OPTIONAL,
    ),
]
