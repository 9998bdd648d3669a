"""The one tree of errors (Client-Server API, "Standard error response")."""

from typing import Any


class MatrixError(Exception):
    """An answer that is not a success, with a text that is safe to show to anybody.

    `status` is the HTTP status, `errcode` the specification's code, `text` says what happened and
    what to do next, `extra` holds further fields of the answer, and `internal` (never sent) tells
    the log more.
    """

    def __init__(
        self, status: int, errcode: str, text: str, *, internal: str = "", **extra: Any
    ) -> None:
        super().__init__(f"{errcode}: {text}")
        self.status = status
        self.errcode = errcode
        self.text = text
        self.internal = internal
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The JSON object to answer with."""
        return {"errcode": self.errcode, "error": self.text, **self.extra}


class Forbidden(MatrixError):
    """403: the request was understood, and the answer is no."""

    def __init__(self, text: str, errcode: str = "M_FORBIDDEN", **extra: Any) -> None:
        super().__init__(403, errcode, text, **extra)


class NotFound(MatrixError):
    """404: there is no such thing, or none this user may know of."""

    def __init__(self, text: str, **extra: Any) -> None:
        super().__init__(404, "M_NOT_FOUND", text, **extra)


class InvalidParam(MatrixError):
    """400: a parameter has a value that cannot be used."""

    def __init__(self, text: str, **extra: Any) -> None:
        super().__init__(400, "M_INVALID_PARAM", text, **extra)


class MissingParam(MatrixError):
    """400: a parameter that is needed was left out."""

    def __init__(self, name: str) -> None:
        super().__init__(400, "M_MISSING_PARAM", f"The parameter '{name}' is missing.")


class BadJson(MatrixError):
    """400: valid JSON of the wrong shape."""

    def __init__(self, text: str) -> None:
        super().__init__(400, "M_BAD_JSON", text)


class MissingToken(MatrixError):
    """401: the endpoint needs an access token and the request has none."""

    def __init__(self) -> None:
        super().__init__(401, "M_MISSING_TOKEN", "Sign in first: the request has no access token.")


class UnknownToken(MatrixError):
    """401: the access or refresh token is not valid (any more).

    `soft_logout` tells the client to keep its keys and sign in again on the same device
    (Client-Server API, "Soft logout").
    """

    def __init__(self, text: str, *, soft_logout: bool) -> None:
        super().__init__(401, "M_UNKNOWN_TOKEN", text, soft_logout=soft_logout)


class LimitExceeded(MatrixError):
    """429: too many requests; `retry_after_ms` is the time to wait (spec, "Rate limiting")."""

    def __init__(self, retry_after_ms: int) -> None:
        seconds = max(1, -(-retry_after_ms // 1000))
        super().__init__(
            429,
            "M_LIMIT_EXCEEDED",
            f"Too many tries. Wait {seconds} seconds, then try again.",
            retry_after_ms=retry_after_ms,
        )
