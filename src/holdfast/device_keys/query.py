"""Looking up the keys of others and of oneself (POST /keys/query)."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec

from holdfast.device_keys.sql import queries as sql
from holdfast.device_keys.stored import with_first, with_name, with_owners
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam
from holdfast.kit.http import Request

Signatures = Mapping[tuple[str, str], Mapping[str, Mapping[str, str]]]
"""By the owner and the ID of what is signed; then by signer and key ID."""


MOST_USERS = 10_000


class QueryBody(msgspec.Struct):
    """The users whose keys are wanted, each with some devices or, where none is named, all."""

    device_keys: dict[str, list[str]]


class Answer(msgspec.Struct):
    """The keys by user. There are no other servers, so none can fail to answer."""

    device_keys: dict[str, dict[str, Any]]
    master_keys: dict[str, Any] = {}
    self_signing_keys: dict[str, Any] = {}
    user_signing_keys: dict[str, Any] = {}
    failures: dict[str, Any] = {}


async def query(request: Request) -> Answer:
    """The keys of users. Who is not there, or has never published any, is not in the answer.

    Somebody whose last device is gone is in it without devices: clients must forget those.

    Raises:
        InvalidParam: more users are asked for than one request may.
    """
    asked, me = request.json(QueryBody).device_keys, request.requester.user_id
    if len(asked) > MOST_USERS:
        raise InvalidParam(f"Ask for the keys of at most {MOST_USERS} users at once.")
    return await request.context.db.read(lambda tx: _answer(tx, asked, me))


def _answer(tx: Tx, asked: Mapping[str, list[str]], reader: str) -> Answer:
    user_ids = list(asked)
    only = {user_id: frozenset(device_ids) for user_id, device_ids in asked.items() if device_ids}
    answer = Answer({})
    signatures = _signatures(tx, user_ids, reader)
    for user_id, device_id, display_name, keys in sql.devices(tx, user_ids):
        found = answer.device_keys.setdefault(user_id, {})
        if user_id not in only or device_id in only[user_id]:
            signed = signatures and signatures.get((user_id, device_id), {}).get(user_id)
            text = with_name(with_owners(keys, signed) if signed else keys, display_name)
            found[device_id] = msgspec.Raw(text.encode())
    by_usage = {
        "master": answer.master_keys,
        "self_signing": answer.self_signing_keys,
        "user_signing": answer.user_signing_keys,
    }
    for user_id, usage, public_key, key in sql.identities(tx, user_ids, reader):
        text = key
        if usage == "master":
            text = with_first(key, signatures.get((user_id, public_key), {}))
        by_usage[usage][user_id] = msgspec.Raw(text.encode())
    without_devices = [each for each in user_ids if each not in answer.device_keys]
    if without_devices:
        for user_id in sql.who_ever_published(tx, without_devices):
            answer.device_keys[user_id] = {}
    return answer


def _signatures(tx: Tx, user_ids: list[str], reader: str) -> Signatures:
    found: defaultdict[tuple[str, str], dict[str, dict[str, str]]] = defaultdict(dict)
    for each in sql.signatures(tx, user_ids, reader):
        of_key = found[each.user_id, each.key_id]
        of_key.setdefault(each.signer, {})[each.signer_key_id] = each.signature
    return found
