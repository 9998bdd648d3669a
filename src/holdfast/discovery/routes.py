"""Versions, well-known files, capabilities, and Holdfast's own introduction."""

from typing import Any

from starlette.responses import RedirectResponse

from holdfast import __version__
from holdfast.credentials import rules as credentials
from holdfast.credentials.policy import MAXIMUM_LENGTH, MINIMUM_LENGTH, RECOMMENDED_LENGTH
from holdfast.kit.context import Context
from holdfast.kit.http import Auth, Request, Route, client, extra, page
from holdfast.kit.http.request import LANGUAGES

# matrix-js-sdk 39 to 43 wants at least v1.1; the r0 versions are for older clients.
VERSIONS = ["r0.5.0", "r0.6.0", "r0.6.1", *(f"v1.{minor}" for minor in range(1, 20))]


def features(context: Context) -> dict[str, bool]:
    """What this server offers beyond the specification's versions."""
    return {
        "org.matrix.simplified_msc3575": True,
        "org.matrix.msc4222": True,
        "dev.holdfast.info": True,
        "dev.holdfast.session_choice": True,
        "dev.holdfast.lock_devices": True,
        "dev.holdfast.let_in_devices": True,
        "dev.holdfast.recovery_key_reset": True,
        "dev.holdfast.journal": True,
        "dev.holdfast.key_backup_history": True,
        "dev.holdfast.custody": True,
        "dev.holdfast.password_reset": context.mailer.works,
        "org.matrix.msc3814": True,
    }


async def get_versions(request: Request) -> Any:
    """Which versions of the specification are spoken."""
    return {"versions": VERSIONS, "unstable_features": features(request.context)}


async def get_info(request: Request) -> Any:
    """What the portal needs to know before anybody is signed in."""
    settings = request.context.settings
    return {
        "server_name": settings.server_name,
        "version": __version__,
        "registration": settings.effective_registration,
        "mail": request.context.mailer.works,
        "languages": list(LANGUAGES),
        "password_policy": {
            "enabled": settings.password_policy,
            "minimum_length": MINIMUM_LENGTH,
            "recommended_length": RECOMMENDED_LENGTH,
            "maximum_length": MAXIMUM_LENGTH,
        },
    }


async def get_well_known_client(request: Request) -> Any:
    """Where the homeserver behind a server name is, and that it keeps dehydrated devices.

    Element makes one only where this file says so.
    """
    return {
        "m.homeserver": {"base_url": request.context.settings.public_url},
        "org.matrix.msc3814": True,
    }


async def get_well_known_support(request: Request) -> Any:
    """Whom to turn to."""
    contact = request.context.settings.admin_contact
    if not contact:
        return {"contacts": [], "support_page": request.context.settings.public_url}
    if contact.startswith(("https://", "http://")):
        return {"support_page": contact}
    key = "email_address" if "@" in contact and not contact.startswith("@") else "matrix_id"
    return {"contacts": [{"role": "m.role.admin", key: contact}]}


async def get_change_password(_request: Request) -> Any:
    """Where password managers send people (W3C, "A Well-Known URL for Changing Passwords")."""
    return RedirectResponse("/settings/account", 302)


async def get_capabilities(request: Request) -> Any:
    """What a signed-in user can do here."""
    version = request.context.settings.default_room_version
    user_id = request.requester.user_id
    account = await request.context.db.peek(lambda tx: credentials.account(tx, user_id))
    is_admin = bool(account and account.is_admin)
    return {
        "capabilities": {
            "m.change_password": {"enabled": True},
            "m.room_versions": {
                "default": version,
                "available": dict.fromkeys(("10", "11", "12"), "stable"),
            },
            "m.set_displayname": {"enabled": True},
            "m.set_avatar_url": {"enabled": True},
            "m.profile_fields": {"enabled": True},
            "m.3pid_changes": {"enabled": request.context.mailer.works},
            "m.get_login_token": {"enabled": True},
            "m.account_moderation": {"lock": is_admin, "suspend": is_admin},
        }
    }


async def get_health(request: Request) -> Any:
    """Whether the server can answer, and its database too."""
    await request.context.db.read(lambda tx: tx.value("SELECT 1"))
    return {"status": "ok", "version": __version__}


_CHANGE_PASSWORD = "W3C: A Well-Known URL for Changing Passwords"
routes: list[Route] = [
    client("GET", "capabilities", get_capabilities, spec="GET /capabilities"),
    Route(
        "GET",
        ("/_matrix/client/versions",),
        get_versions,
        spec="GET /_matrix/client/versions",
        auth=Auth.OPTIONAL,
    ),
    page(
        "GET",
        "/.well-known/matrix/client",
        get_well_known_client,
        spec="GET /.well-known/matrix/client",
    ),
    page(
        "GET",
        "/.well-known/matrix/support",
        get_well_known_support,
        spec="GET /.well-known/matrix/support",
    ),
    page("GET", "/.well-known/change-password", get_change_password, spec=_CHANGE_PASSWORD),
    extra("GET", "info", get_info, spec="Info", auth=Auth.NONE),
    page("GET", "/_holdfast/health", get_health, spec="Health"),
]
