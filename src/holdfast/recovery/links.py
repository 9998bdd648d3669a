"""Opening a reset, whichever way somebody proves that the account is theirs."""

from dataclasses import dataclass

from holdfast.kit import ids
from holdfast.kit.db import Tx
from holdfast.kit.ids import Randomness
from holdfast.uia import addresses as proofs
from holdfast.uia.addresses import Wanted


@dataclass(frozen=True)
class Opened:
    """A reset that waits for its token."""

    sid: str
    secret: str

    @property
    def token(self) -> str:
        """What the page for a new account password takes."""
        return f"{self.sid}.{self.secret}"

    def link(self, public_url: str) -> str:
        """The address of that page; the token reaches no server's log."""
        return f"{public_url}/reset#{self.token}"


def open_reset(
    tx: Tx, random: Randomness, user_id: str, now: int, *, medium: str, address: str = ""
) -> Opened:
    """Open a reset of a user's account password; `medium` says by which way it came."""
    opened = Opened(ids.short_id(random), ids.secret(random))
    wanted = Wanted("reset", medium, address, user_id, ids.secret(random), 1)
    proofs.open_proof(tx, wanted, sid=opened.sid, token=opened.secret, now=now)
    return opened
