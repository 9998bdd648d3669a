"""Making rooms (Client-Server API, `POST /createRoom`)."""

from holdfast.credentials import rules as credentials
from holdfast.kit import ids
from holdfast.kit.db import Tx
from holdfast.kit.errors import BadJson, Forbidden, InvalidParam, MatrixError, NotFound
from holdfast.kit.http import Request
from holdfast.profile import rules as profile
from holdfast.rooms import aliases, append
from holdfast.rooms.new_room import CreateBody, Plan, drafts
from holdfast.rooms.sql import aliases as aliases_sql
from holdfast.rooms.state import CREATE, MEMBER, POWER_LEVELS
from holdfast.rooms.versions import RoomVersion, version

MOST_INVITED = 1000  # with one request
MOST_STATE = 1000


def make_room(tx: Tx, request: Request, body: CreateBody, alias: str | None) -> str:
    """Make a room and return its ID; `alias` is what `checked` made of the name in `body`.

    Raises:
        MatrixError: `M_ROOM_IN_USE`, `M_INVALID_ROOM_STATE`, `M_UNSUPPORTED_ROOM_VERSION` or what
            an event of the room is refused with; nothing is stored.
    """
    me, context = request.requester, request.context
    made = version(body.room_version or context.settings.default_room_version)
    if alias is not None:
        tx.lock(f"alias {alias}")
        if aliases_sql.some(tx, [alias]):
            raise MatrixError(400, "M_ROOM_IN_USE", f"{alias} leads to another room already.")
    people = [me.user_id, *body.invite]
    check_there(tx, body.invite)
    encrypted = context.settings.encrypted_by_default and body.chosen_preset != "public_chat"
    plan = Plan(
        room_id_for(request, made),
        made,
        me.user_id,
        me.device_id,
        alias,
        encrypted and body.creation_content.get("type") != "m.space",
        profile.shown(tx, people),
    )
    room_id = build(tx, request, body, plan)
    if alias is not None:
        aliases.add(tx, alias, room_id, me.user_id, context.now)
    if body.visibility == "public":
        aliases_sql.publish(tx, room_id, context.now)
    return room_id


def build(tx: Tx, request: Request, body: CreateBody, plan: Plan) -> str:
    """Write the events of a new room; return its ID.

    Raises:
        MatrixError: `M_INVALID_ROOM_STATE`: what was asked for contradicts itself.
    """
    context = request.context
    try:
        made = append.create(tx, context.signer, plan.version, drafts(body, plan), context.now)
    except Forbidden as error:
        raise MatrixError(400, "M_INVALID_ROOM_STATE", error.text) from error
    return made[0].room_id


def room_id_for(request: Request, made: RoomVersion) -> str:
    """The ID of a new room; up to version 11 it is random, then the create event has it."""
    if made.creators_above_all:
        return ""
    context = request.context
    return f"!{ids.short_id(context.random)}:{context.settings.server_name}"


def check_there(tx: Tx, user_ids: list[str]) -> None:
    """Refuse to invite whoever has no account here: nobody would ever read the invitation.

    Raises:
        NotFound: one of them has none, or has closed it.
    """
    there = credentials.active(tx, user_ids)
    missing = next((user_id for user_id in user_ids if user_id not in there), None)
    if missing is not None:
        raise NotFound(f"There is no user {missing} here. Nobody was invited.")


def checked(request: Request) -> tuple[CreateBody, str | None]:
    """What a client asks for, and the whole alias that it names.

    Raises:
        MatrixError: the request contradicts itself, before any event is looked at.
    """
    body = request.json(CreateBody)
    if body.invite_3pid:
        raise InvalidParam("This server does not invite by e-mail address. Invite by user ID.")
    if len(body.invite) > MOST_INVITED or len(body.initial_state) > MOST_STATE:
        raise InvalidParam(f"A room begins with at most {MOST_INVITED} invitations and events.")
    body.invite = list(dict.fromkeys(body.invite))
    if request.requester.user_id in body.invite:
        raise InvalidParam("You are in your own room already. Leave yourself out of 'invite'.")
    for each in body.initial_state:
        if each.type in (CREATE[0], MEMBER):
            raise BadJson(f"initial_state cannot hold {each.type}.")
        if (each.type, each.state_key) == POWER_LEVELS:
            body.power_level_content_override = each.content | body.power_level_content_override
    body.initial_state = [
        each for each in body.initial_state if (each.type, each.state_key) != POWER_LEVELS
    ]
    if body.room_alias_name is None:
        return body, None
    server_name = request.context.settings.server_name
    alias = f"#{body.room_alias_name}:{server_name}"
    aliases.check_form(alias, server_name)
    return body, alias
