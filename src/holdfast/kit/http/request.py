"""A request as handlers see it."""

from collections.abc import AsyncIterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, TypeVar
from urllib.parse import parse_qs

import msgspec
from starlette.datastructures import Headers
from starlette.types import Receive

from holdfast.config import Network
from holdfast.kit.context import Context
from holdfast.kit.errors import (
    BadJson,
    InvalidParam,
    MatrixError,
    MissingParam,
    MissingToken,
)
from holdfast.kit.http import body
from holdfast.kit.http.requester import Requester

T = TypeVar("T")
USER_AGENT_LENGTH = 256
MOST_DIGITS = 18  # of any number that 64 bits can hold, one less than the largest has
IPV6_PREFIX = 64


class Request:
    """What was asked, by whom, from where."""

    __slots__ = (
        "_query",
        "_receive",
        "_requester",
        "body",
        "context",
        "headers",
        "id",
        "params",
        "scope",
    )

    def __init__(
        self, context: Context, scope: dict[str, Any], receive: Receive, request_id: str
    ) -> None:
        self.context = context
        self.scope = scope
        self._receive = receive
        self.id = request_id
        self.headers = Headers(raw=scope["headers"])
        self.params: dict[str, str] = {}
        self.body = b""
        self._query: dict[str, list[str]] | None = None
        self._requester: Requester | None = None

    @property
    def method(self) -> str:
        """The HTTP method."""
        method: str = self.scope["method"]
        return method

    @property
    def path(self) -> str:
        """The path as it was sent, percent-encoded, without the query."""
        raw: bytes = self.scope.get("raw_path") or self.scope["path"].encode()
        return raw.split(b"?", 1)[0].decode("latin-1")

    @property
    def requester(self) -> Requester:
        """The session that asks.

        Raises:
            MissingToken: nobody is signed in on this request.
        """
        if self._requester is None:
            raise MissingToken
        return self._requester

    @property
    def requester_or_none(self) -> Requester | None:
        """The session that asks, where a route works without one too."""
        return self._requester

    def signed_in_as(self, requester: Requester) -> None:
        """Called once by the dispatcher, after it has looked at the access token."""
        self._requester = requester

    @property
    def access_token(self) -> str | None:
        """The access token, from the header or the (deprecated) query parameter."""
        header = self.headers.get("authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            return token.strip() if scheme.lower() == "bearer" else None
        return self.query("access_token")

    def parts(self, most: int) -> AsyncIterator[bytes]:
        """The body of at most `most` bytes as it arrives, for routes that `stream`.

        Raises:
            MatrixError: 413 `M_TOO_LARGE`, 408 when nothing arrives for a while, 400 when cut off.
        """
        announced = self.headers.get("content-length", "0")
        return body.parts(self._receive, announced, most, self.context.settings.body_timeout)

    async def hung_up(self) -> None:
        """Return when the client has gone away, so that nobody works or waits for it any more.

        For handlers, who have the body already. Run it as a task beside the wait and cancel it.
        """
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def query(self, name: str) -> str | None:
        """The first value of a query parameter, or None."""
        values = self.queries(name)
        return values[0] if values else None

    def queries(self, name: str) -> list[str]:
        """Every value of a query parameter that may be repeated."""
        if self._query is None:
            raw: bytes = self.scope.get("query_string", b"")
            try:
                self._query = parse_qs(raw.decode("latin-1"), True, max_num_fields=100)
            except ValueError as error:
                raise InvalidParam("The address has too many parameters.") from error
        return self._query.get(name, [])

    def need_query(self, name: str) -> str:
        """The value of a query parameter.

        Raises:
            MissingParam: it was left out.
        """
        value = self.query(name)
        if value is None:
            raise MissingParam(name)
        return value

    def query_number(self, name: str, otherwise: int, *, least: int, most: int) -> int:
        """The whole number in a query parameter, `otherwise` without one; `most` for a larger one.

        Raises:
            InvalidParam: it is no number, or less than `least`.
        """
        text = self.query(name)
        if text is None:
            return otherwise
        if not is_number(text):
            raise InvalidParam(f"{name} has to be a whole number of at most {MOST_DIGITS} digits.")
        if int(text) < least:
            raise InvalidParam(f"{name} is at least {least}.")
        return min(int(text), most)

    def json(self, shape: type[T]) -> T:
        """The body as `shape`; keys it does not name are ignored, as Matrix wants.

        Raises:
            MatrixError: `M_NOT_JSON`, `M_BAD_JSON` or `M_MISSING_PARAM`, all with status 400.
        """
        return decode(self.body, shape)

    def json_object(self) -> str:
        """The body as it was sent, once it is known to be a JSON object: for what is only stored.

        Raises:
            MatrixError: `M_NOT_JSON` or `M_BAD_JSON`, both with status 400.
        """
        if not self.body:
            raise _not_json("there is none")
        decode(self.body, dict[str, msgspec.Raw])
        try:
            return self.body.decode()
        except UnicodeDecodeError as error:  # inside texts, which the check above passes over
            raise _not_json(str(error)) from error

    @property
    def address(self) -> str:
        """The client's IP address: the last one not vouched for by a proxy we trust."""
        peer = self.scope.get("client") or ("", 0)
        address: str = peer[0]
        trusted = self.context.settings.trusted_proxies
        # Some proxies add to the header they find, others add one of their own.
        sent = ",".join(self.headers.getlist("x-forwarded-for"))
        hops = [hop.strip() for hop in sent.split(",")]
        while trusted and hops and hops[-1] and _is_one_of(address, trusted):
            address = hops.pop()
        return address

    @property
    def network(self) -> str:
        """What limits count requests by: the address, or all of an IPv6 network that one host gets.

        Whoever rents a server has 2**64 addresses to ask from.
        """
        try:
            address = ip_address(self.address)
        except ValueError:
            return self.address
        if isinstance(address, IPv4Address):
            return str(address)
        return str(address.ipv4_mapped or IPv6Network((address, IPV6_PREFIX), strict=False))

    @property
    def user_agent(self) -> str:
        """What the client calls itself, cut to a sensible length."""
        return self.headers.get("user-agent", "").replace("\0", "")[:USER_AGENT_LENGTH]

    @property
    def language(self) -> str:
        """The language the person reads best among those we speak (`Accept-Language`)."""
        return preferred_language(self.headers.get("accept-language", ""))


LANGUAGES = ("en", "de", "fr", "es")


def preferred_language(accept: str) -> str:
    """The first of `LANGUAGES` that an `Accept-Language` header prefers, else English."""
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept.split(",")[:20]):
        tag, _, quality = part.partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        wishes.append((-weight, place, tag.strip().lower().split("-")[0]))
    return next((tag for weight, _, tag in sorted(wishes) if tag in LANGUAGES and weight), "en")


def _is_one_of(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        known = ip_address(address)
        if isinstance(known, IPv6Address):  # how a socket for both kinds shows IPv4
            known = known.ipv4_mapped or known
        return any(known in network for network in networks)
    except ValueError:
        return False


_MISSING = "Object missing required field `"


def decode(body: bytes | msgspec.Raw, shape: type[T]) -> T:
    """JSON as `shape`. See `Request.json`."""
    try:
        return msgspec.json.decode(body or b"{}", type=shape)
    except msgspec.ValidationError as error:
        text = str(error)
        if text.startswith(_MISSING):
            raise MissingParam(text.removeprefix(_MISSING).split("`")[0]) from error
        raise BadJson(f"The request's JSON has the wrong shape: {text}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _not_json(str(error)) from error


def is_number(text: str) -> bool:
    """Whether `text` is a whole number that a `bigint` can hold; it then goes into `int`."""
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def utf8(raw: bytes | msgspec.Raw) -> str:
    """A part of a body as it was sent; `decode` passes over what is inside texts.

    Raises:
        MatrixError: `M_NOT_JSON`: it is not valid UTF-8.
    """
    try:
        return str(raw, "utf-8")
    except UnicodeDecodeError as error:
        raise _not_json(str(error)) from error


def _not_json(reason: str) -> MatrixError:
    return MatrixError(400, "M_NOT_JSON", "The request's body is not valid JSON.", internal=reason)
