"""User IDs, e-mail addresses and phone numbers in the one form in which they are compared."""

import re

import phonenumbers

from holdfast.kit.errors import InvalidParam, MatrixError
from holdfast.kit.mail.address import BadAddress, read_address

# Appendices, "User Identifiers": what a new user ID may hold, and its length with the server name.
_LOCALPART = re.compile(r"[a-z0-9._=\-/+]+")
USER_ID_BYTES = 255
# What any user ID may look like, historical ones and those of other servers too.
_USER_ID = re.compile(r"@[^\x00:]*:[A-Za-z0-9.\-\[\]:]+")


def new_user_id(localpart: str, server_name: str) -> str:
    """The user ID of a new account.

    Raises:
        MatrixError: `M_INVALID_USERNAME`, saying which characters are allowed.
    """
    user_id = f"@{localpart}:{server_name}"
    if not _LOCALPART.fullmatch(localpart):
        raise MatrixError(
            400,
            "M_INVALID_USERNAME",
            "A user name may hold the letters a to z, digits, and the characters . _ = - / +",
        )
    if localpart.startswith("_"):
        raise MatrixError(
            400, "M_INVALID_USERNAME", "A user name may not begin with an underscore."
        )
    if len(user_id) > USER_ID_BYTES:
        raise MatrixError(400, "M_INVALID_USERNAME", "That user name is too long.")
    return user_id


def user_id_from(text: str, server_name: str) -> str | None:
    """The user ID meant by a local part or a full user ID in any case; None if not of this server.

    People type their name with a capital letter; user IDs here have none.
    """
    folded = text.strip().lower()
    if not folded.startswith("@"):
        return f"@{folded}:{server_name}"
    localpart, colon, server = folded.partition(":")
    return f"{localpart}:{server_name}" if colon and server == server_name.lower() else None


def is_user_id(text: str) -> bool:
    """Whether `text` has the form of a user ID, of whatever server."""
    return _USER_ID.fullmatch(text) is not None and len(text.encode()) <= USER_ID_BYTES


def localpart_of(user_id: str) -> str:
    """`alice` of `@alice:server`."""
    return user_id[1:].split(":", 1)[0]


def canonical_email(text: str) -> str:
    """An e-mail address as it is stored and compared.

    The specification asks for full case folding ("m.login.password", third-party identifiers).

    Raises:
        InvalidParam: it is no e-mail address.
    """
    try:
        return read_address(text.strip().casefold()).spec
    except BadAddress as error:
        raise InvalidParam(
            "That is not an e-mail address. It should look like name@example.org."
        ) from error


def canonical_phone(country: str | None, number: str) -> str:
    """A phone number as international digits without a plus sign, as Matrix stores it.

    `country` is the two-letter code in which `number` was written down.

    Raises:
        InvalidParam: there is no such number.
    """
    try:
        parsed = phonenumbers.parse(number, (country or "").upper() or None)
    except phonenumbers.NumberParseException as error:
        raise InvalidParam("That is not a phone number in that country.") from error
    if not phonenumbers.is_possible_number(parsed):
        raise InvalidParam("That is not a phone number in that country.")
    written: str = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return written.removeprefix("+")


def canonical_address(medium: str, address: str) -> str:
    """A third-party address of either medium in its stored form.

    Raises:
        InvalidParam: neither `email` nor `msisdn`, or malformed.
    """
    if medium == "email":
        return canonical_email(address)
    if medium == "msisdn":
        return canonical_phone(None, "+" + address.strip().removeprefix("+"))
    raise InvalidParam("An address is of the medium 'email' or 'msisdn'.")
