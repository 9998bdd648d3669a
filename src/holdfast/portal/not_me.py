"""The page behind the link in every notice: this wasn't me.

Mail scanners follow links, so a GET only says what the button does (RFC 9110 section 9.2.1).
"""

from starlette.responses import Response

from holdfast.kit.http import Request
from holdfast.portal.pages import as_page, draw, draw_problem
from holdfast.recovery import not_me
from holdfast.recovery.not_me import Lockable

_STATUS = {"unknown": 404, "expired": 410, "used": 410}


@as_page
async def get_not_me(request: Request) -> Response:
    """Say what locking the account would do."""
    found = await not_me.look(request, request.params["token"])
    if not isinstance(found, Lockable):
        return draw_problem(request, f"lock_{found}", _STATUS[found])
    return draw(request, "not_me.html", found=found)


@as_page
async def post_not_me(request: Request) -> Response:
    """The button: lock the account."""
    found = await not_me.lock_account(request, request.params["token"])
    if not isinstance(found, Lockable):
        return draw_problem(request, f"lock_{found}", _STATUS[found])
    mail = request.context.mailer.works
    return draw(request, "not_me_done.html", found=found, mail=mail)
