"""Texts that other people chose, made harmless before they get into a mail."""

import re
import unicodedata

LONGEST_TEXT = 100
_SCHEME = re.compile(r":(?=//)")
_DOTTED_NAME = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2,})")


def harmless(text: str) -> str:
    """`text` on one line, without hidden characters, at most 100 long, with nothing to click.

    A session's name or an app's user agent is chosen by whoever signs in. In a mail about that
    sign-in it must not become a link ("your account is blocked, go to evil.example"), so dots
    that could be part of a host name are put in brackets, the way such names are usually quoted.
    """
    shown = "".join(" " if _hidden(letter) else letter for letter in text[: LONGEST_TEXT * 4])
    plain = " ".join(shown.split())
    if len(plain) > LONGEST_TEXT:
        plain = plain[: LONGEST_TEXT - 1].rstrip() + "…"
    return _DOTTED_NAME.sub("[.]", _SCHEME.sub("[:]", plain))


def _hidden(letter: str) -> bool:
    """Line breaks, control characters, and those that turn the reading direction around."""
    return unicodedata.category(letter)[0] in "CZ"
