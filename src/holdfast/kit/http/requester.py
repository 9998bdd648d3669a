"""Who asks."""

from dataclasses import dataclass

from holdfast.kit.errors import Forbidden


@dataclass(frozen=True)
class Requester:
    """The signed-in session behind an access token, which expires at a time or never."""

    user_id: str
    device_id: str
    expires_at: int | None = None
    suspended: bool = False

    def check_not_suspended(self) -> None:
        """Refuse what a suspended account may not do (Client-Server API, "Account suspension").

        Raises:
            Forbidden: `M_USER_SUSPENDED`.
        """
        if self.suspended:
            raise Forbidden(
                "An administrator has suspended this account: you can read and leave rooms, but"
                " not write, join or invite.",
                "M_USER_SUSPENDED",
            )
