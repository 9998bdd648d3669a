"""Push rules over HTTP (Client-Server API, "Push Rules: API")."""

from typing import Any

from holdfast.kit.http import Request, client
from holdfast.push import editing, rulesets
from holdfast.push.default_rules import Rule
from holdfast.push.editing import ActionsBody, EnabledBody, RuleBody

RULE_BYTES = 64 * 1024


async def _rules(request: Request) -> Rule:
    user_id = request.requester.user_id
    return await request.context.db.read(lambda tx: rulesets.of(tx, user_id))


async def get_pushrules(request: Request) -> Any:
    """The user's push rules."""
    return {"global": await _rules(request)}


async def get_global(request: Request) -> Any:
    """The user's push rules by kind, without the scope, of which there is only one."""
    return await _rules(request)


def _named(request: Request) -> tuple[str, str, str]:
    """Whose rule, of which kind, of which ID.

    Raises:
        InvalidParam: there are no such rules.
    """
    kind, rule_id = request.params["kind"], request.params["rule_id"]
    editing.check_kind(kind)
    return request.requester.user_id, kind, rule_id


async def _found(request: Request) -> Rule:
    _user_id, kind, rule_id = _named(request)
    return editing.find(await _rules(request), kind, rule_id)


async def get_rule(request: Request) -> Any:
    """One rule."""
    return await _found(request)


async def put_rule(request: Request) -> Any:
    """Add a rule, or change one."""
    user_id, kind, rule_id = _named(request)
    body, before, after = request.json(RuleBody), request.query("before"), request.query("after")
    await request.context.db.write(
        lambda tx: editing.put(tx, user_id, kind, rule_id, body, before=before, after=after)
    )
    return {}


async def delete_rule(request: Request) -> Any:
    """Remove a rule."""
    user_id, kind, rule_id = _named(request)
    await request.context.db.write(lambda tx: editing.delete(tx, user_id, kind, rule_id))
    return {}


async def get_enabled(request: Request) -> Any:
    """Whether a rule holds."""
    return {"enabled": (await _found(request))["enabled"]}


async def put_enabled(request: Request) -> Any:
    """Let a rule hold, or not."""
    user_id, kind, rule_id = _named(request)
    enabled = request.json(EnabledBody).enabled
    await request.context.db.write(
        lambda tx: editing.set_enabled(tx, user_id, kind, rule_id, enabled=enabled)
    )
    return {}


async def get_actions(request: Request) -> Any:
    """What a rule does."""
    return {"actions": (await _found(request))["actions"]}


async def put_actions(request: Request) -> Any:
    """Let a rule do something else."""
    user_id, kind, rule_id = _named(request)
    actions = request.json(ActionsBody).actions
    await request.context.db.write(
        lambda tx: editing.set_actions(tx, user_id, kind, rule_id, actions)
    )
    return {}


_RULE = "pushrules/global/{kind}/{rule_id}"
_GET = "GET /pushrules/global/{kind}/{ruleId}"
_PUT = "PUT /pushrules/global/{kind}/{ruleId}"
_DELETE = "DELETE /pushrules/global/{kind}/{ruleId}"
_GET_ENABLED = "GET /pushrules/global/{kind}/{ruleId}/enabled"
_PUT_ENABLED = "PUT /pushrules/global/{kind}/{ruleId}/enabled"
_GET_ACTIONS = "GET /pushrules/global/{kind}/{ruleId}/actions"
_PUT_ACTIONS = "PUT /pushrules/global/{kind}/{ruleId}/actions"
routes = [
    client("GET", "pushrules/", get_pushrules, spec="GET /pushrules/"),
    client("GET", "pushrules/global/", get_global, spec="GET /pushrules/global/"),
    client("GET", _RULE, get_rule, spec=_GET),
    client("PUT", _RULE, put_rule, spec=_PUT, max_body=RULE_BYTES),
    client("DELETE", _RULE, delete_rule, spec=_DELETE),
    client("GET", f"{_RULE}/enabled", get_enabled, spec=_GET_ENABLED),
    client("PUT", f"{_RULE}/enabled", put_enabled, spec=_PUT_ENABLED),
    client("GET", f"{_RULE}/actions", get_actions, spec=_GET_ACTIONS),
    client("PUT", f"{_RULE}/actions", put_actions, spec=_PUT_ACTIONS, max_body=RULE_BYTES),
]
