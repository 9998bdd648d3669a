"""Messages between devices over HTTP (Client-Server API, "Send-to-Device messaging")."""

from typing import Any

from holdfast.kit.http import Request, client
from holdfast.to_device import rules


async def put_messages(request: Request) -> Any:
    """Send messages to devices."""
    me, now, params = request.requester, request.context.now, request.params
    what = rules.sending(me.user_id, params["type"], params["transaction_id"], request.body)
    await request.context.db.write(lambda tx: rules.send(tx, me, what, now))
    return {}


_SEND = "PUT /sendToDevice/{eventType}/{txnId}"
routes = [
    client("PUT", "sendToDevice/{type}/{transaction_id}", put_messages, spec=_SEND),
]
