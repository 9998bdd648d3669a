"""What to call an app in a mail, from what it says about itself."""

import re

# The first that matches names it: browsers all pretend to be each other, the later ones last.
_APPS = (
    ("Element X", r"\bElement X\b"),
    ("Element", r"\bElement(?:-|/|\b)"),
    ("Cinny", r"\bCinny\b"),
    ("Edge", r"\bEdgA?/|\bEdgiOS/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"),
    ("Chrome", r"\bChrome/|\bCriOS/"),
    ("Safari", r"\bVersion/[\d.]+ .*Safari/"),
)
_SYSTEMS = (
    ("Android", r"\bAndroid\b"),
    ("iPad", r"\biPad"),
    ("iPhone", r"\biPhone\b|\biOS\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b|\bmacOS\b"),
    ("Linux", r"\bLinux\b"),
)


def app_name(user_agent: str) -> str:
    """`Firefox (Linux)` for Firefox's long user agent; an unknown one's first word; may be empty.

    Only to jog somebody's memory: an app can claim to be any other.
    """
    app = _first(_APPS, user_agent) or user_agent.split("/", 1)[0].split(" (", 1)[0].strip()
    system = _first(_SYSTEMS, user_agent)
    return f"{app} ({system})" if app and system else app


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, user_agent)), "")
