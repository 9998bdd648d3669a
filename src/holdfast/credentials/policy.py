"""Which account passwords are good enough.

Length counts and guessability counts; rules about which characters to mix do not help anybody
(NIST SP 800-63B, 3.1.1.2).
"""

from collections.abc import Iterable

from zxcvbn_rs_py import zxcvbn

from holdfast.credentials.identifiers import localpart_of
from holdfast.kit.errors import MatrixError
from holdfast.kit.hasher import normal_form

MINIMUM_LENGTH = 8
RECOMMENDED_LENGTH = 15
MAXIMUM_LENGTH = 512
# The estimator's lists of common passwords hold 30,000 entries: what an attacker needs fewer
# guesses for than that is on a list, or as good as on one.
COMMON_GUESSES = 30_000
# The estimator holds the interpreter's lock and its time grows with the cube of the length; no
# common password is longer than this.
ESTIMATED_LENGTH = 64
SHORTEST_NAME = 3


class WeakPassword(MatrixError):
    """400 `M_WEAK_PASSWORD`, with the reason as a code for the portal."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(400, "M_WEAK_PASSWORD", text, **{"dev.holdfast.reason": reason})


def check(
    password: str, *, enabled: bool, user_id: str | None, addresses: Iterable[str] = ()
) -> None:
    """Refuse an account password that is too easy to guess.

    With the policy not `enabled` only the upper limit holds. `user_id` and `addresses` are the
    account's own; a new account may have neither yet.

    Raises:
        WeakPassword: with the reason and what to do.
    """
    if len(password) > MAXIMUM_LENGTH:
        raise WeakPassword(
            "too_long", f"An account password has at most {MAXIMUM_LENGTH} characters."
        )
    if not enabled:
        return
    normal = normal_form(password)
    if len(normal) < MINIMUM_LENGTH:
        raise WeakPassword(
            "too_short",
            f"That account password is too short. Take at least {MINIMUM_LENGTH} characters;"
            f" {RECOMMENDED_LENGTH} or more are better.",
        )
    _refuse_names(normal.casefold(), user_id, addresses)
    if zxcvbn(normal[:ESTIMATED_LENGTH]).guesses < COMMON_GUESSES:
        raise WeakPassword(
            "common",
            "That account password is among the first that anybody would try. Take several words"
            " that do not belong together, for example.",
        )


def _refuse_names(folded: str, user_id: str | None, addresses: Iterable[str]) -> None:
    name = localpart_of(user_id) if user_id else ""
    if len(name) >= SHORTEST_NAME and name in folded:
        raise WeakPassword("contains_name", "That account password contains your user name.")
    for address in addresses:
        own = address.casefold().split("@")[0]
        if len(own) >= SHORTEST_NAME and own in folded:
            raise WeakPassword(
                "contains_address",
                "That account password contains your e-mail address or phone number.",
            )
