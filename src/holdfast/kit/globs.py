"""Patterns in which `*` stands for any characters and `?` for one (Appendices, "glob")."""

import re
from functools import lru_cache

PATTERNS_AT_HAND = 1000


def matches(text: str, pattern: str) -> bool:
    """Whether the whole of `text` is like `pattern`, in any case of its letters."""
    return _found(text, pattern, r"\A", r"\Z")


def is_in(text: str, pattern: str) -> bool:
    """Whether `pattern` is in `text`, from the beginning of a word to the end of one."""
    return _found(text, pattern, r"(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9_])")


def _found(text: str, pattern: str, begin: str, end: str) -> bool:
    """Look for the pieces between the asterisks one after the other, each as early as it can be.

    Whatever the pattern, the time grows with the length of the text alone. (One regular expression
    made of all of it would not.)
    """
    at = 0
    for piece in _pieces(pattern, begin, end):
        match = piece.search(text, at)
        if match is None:
            return False
        at = match.end()
    return True


@lru_cache(PATTERNS_AT_HAND)
def _pieces(pattern: str, begin: str, end: str) -> list["re.Pattern[str]"]:
    texts = [re.escape(piece).replace(r"\?", ".") for piece in pattern.split("*")]
    texts[0] = begin + texts[0]
    texts[-1] += end
    return [re.compile(text, re.IGNORECASE | re.DOTALL) for text in texts]
