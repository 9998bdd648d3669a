"""What clients send to prove who they are."""

from typing import Any

import msgspec

from holdfast.credentials.verify import Identifier
from holdfast.kit.errors import MatrixError

PASSWORD = "m.login.password"
EMAIL = "m.login.email.identity"
MSISDN = "m.login.msisdn"
DUMMY = "m.login.dummy"
REGISTRATION_TOKEN = "m.login.registration_token"

Flow = tuple[str, ...]
"""Stages that together prove enough, in the order in which clients should offer them."""


class ThreepidCreds(msgspec.Struct):
    """Names a proof of control over an address (spec, "Email-based (identity / homeserver)")."""

    sid: str
    client_secret: str


class AuthData(msgspec.Struct):
    """The `auth` object of a request. `user` and `threepidCreds` are older spellings."""

    type: str | None = None
    session: str | None = None
    identifier: Identifier | None = None
    user: str | None = None
    password: str | None = None
    token: str | None = None
    threepid_creds: ThreepidCreds | None = None
    old_threepid_creds: ThreepidCreds | None = msgspec.field(name="threepidCreds", default=None)

    @property
    def creds(self) -> ThreepidCreds | None:
        """The proof of an address, under whichever name it came."""
        return self.threepid_creds or self.old_threepid_creds


class Envelope(msgspec.Struct):
    """A request's body, as far as proving goes."""

    auth: AuthData | None = None


class UiaRequired(MatrixError):
    """401 with the ways in which to prove who is asking.

    Without a `refusal` the answer has no `errcode`: clients show one to their users as a failure,
    and being asked is none (spec, "User-Interactive API in the REST API").
    """

    def __init__(
        self,
        flows: tuple[Flow, ...],
        session: str,
        completed: list[str],
        refusal: MatrixError | None = None,
    ) -> None:
        text = refusal.text if refusal else "Prove who you are to continue."
        super().__init__(401, refusal.errcode if refusal else "M_FORBIDDEN", text)
        self._refused = refusal is not None
        self.extra = {
            "flows": [{"stages": list(flow)} for flow in flows],
            "params": {},
            "session": session,
            "completed": completed,
        }

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        return super().body() if self._refused else dict(self.extra)
