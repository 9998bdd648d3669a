"""The pages that the server draws itself."""

from holdfast.kit.http import Auth, client, extra, page
from holdfast.notices.rules import LOCK_PATH
from holdfast.portal.confirm import get_code, get_confirm, post_confirm
from holdfast.portal.fallback import get_fallback, post_fallback
from holdfast.portal.mailbox import routes as mailbox
from holdfast.portal.not_me import get_not_me, post_not_me
from holdfast.portal.pages import ASSETS_PATH, get_asset
from holdfast.uia.request_code import SUBMIT
from holdfast.uia.request_token import CONFIRM_PATH

_CONFIRM = "Links in mails"
_NOT_ME = "Links in notices: this wasn't me"
_FALLBACK = "Fallback"
_STAGE = "auth/{auth_type}/fallback/web"
routes = [
    *mailbox,
    page("GET", CONFIRM_PATH, get_confirm, spec=_CONFIRM),
    page("POST", CONFIRM_PATH, post_confirm, spec=_CONFIRM),
    page("GET", LOCK_PATH + "/{token}", get_not_me, spec=_NOT_ME),
    page("POST", LOCK_PATH + "/{token}", post_not_me, spec=_NOT_ME),
    extra("GET", SUBMIT, get_code, spec="Phone numbers", auth=Auth.NONE),
    client("GET", _STAGE, get_fallback, spec=_FALLBACK, auth=Auth.NONE),
    client("POST", _STAGE, post_fallback, spec=_FALLBACK, auth=Auth.NONE),
    page("GET", ASSETS_PATH + "/{name}", get_asset, spec="Style sheet and script of the pages"),
]
