"""The custody report over HTTP."""

from typing import Any

from holdfast.custody.report import report
from holdfast.kit.http import Request, extra


async def get_custody(request: Request) -> Any:
    """The report for the account of who asks."""
    me, context = request.requester, request.context
    return await context.db.read(lambda tx: report(tx, me.user_id, me.device_id, context.now))


routes = [extra("GET", "custody", get_custody, spec="The custody report")]
