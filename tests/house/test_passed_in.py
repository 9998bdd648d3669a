"""Clock, randomness and mail are passed in: expiry and delivery are tested without waiting."""

import ast
import re
from collections.abc import Iterator, Sequence

from tests.house.source import Module, module, modules

HOMES = ("holdfast.kit.clock", "holdfast.kit.ids", "holdfast.kit.log")
"""The only modules that ask the machine for the time of day or for randomness.

The log stamps its lines itself: that decides nothing, and lines come before there is a clock.
"""
MAIL_HOME = "holdfast.kit.mail"

ASKS_MACHINE = re.compile(
    r"^(time\.(time|time_ns|localtime|gmtime|ctime)"
    r"|(datetime\.)?(datetime|date)\.(now|utcnow|today)"
    r"|secrets\.(?!compare_digest$)\w+|random\.\w+|os\.urandom"
    r"|uuid\.uuid\d)$"
)
IMPORTED_WHOLE = {"time", "datetime", "secrets", "random", "os", "uuid"}
MAILS = {"smtplib", "aiosmtplib", "email"}


def names(mod: Module) -> Iterator[tuple[int, str]]:
    """Each dotted name that starts at an import, imported names as if written in full."""
    at_hand = {name for node in ast.walk(mod.tree) for name in _binds(node)}
    for node in ast.walk(mod.tree):
        if isinstance(node, ast.Attribute):
            if (name := ast.unparse(node)).split(".")[0] in at_hand:
                yield node.lineno, name
        elif isinstance(node, ast.ImportFrom) and node.module in IMPORTED_WHOLE:
            yield from ((node.lineno, f"{node.module}.{each.name}") for each in node.names)


def _binds(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(each.asname or each.name).split(".")[0] for each in node.names]
    return []


def asks_machine(found: Sequence[Module]) -> list[str]:
    """Uses of the machine's clock or randomness outside their homes."""
    return [
        f"{mod.name}:{line}: {name}"
        for mod in found
        if mod.name not in HOMES
        for line, name in names(mod)
        if ASKS_MACHINE.match(name)
    ]


def mails(found: Sequence[Module]) -> list[str]:
    """Modules outside the mail's home that compose or send mail themselves."""
    wrong = []
    for mod in found:
        for node in ast.walk(mod.tree):
            whole = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            part = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            at_home = mod.name.startswith(MAIL_HOME)
            if not at_home and {name.split(".")[0] for name in whole + part} & MAILS:
                wrong.append(f"{mod.name}: {ast.unparse(node)}")
    return wrong


def test_time_and_randomness_are_passed_in() -> None:
    """House rule 7: a rule that reads the machine's clock can only be tested by waiting for it.

    Durations (`time.monotonic`) are free: they measure, and decide nothing that is stored.
    """
    assert asks_machine(modules()) == []


def test_mail_goes_through_the_kit() -> None:
    """House rule 7: mail that is sent past the outbox is lost in a crash, and unseen by tests."""
    assert mails(modules()) == []


def test_direct_uses_are_found() -> None:
    bad = module(
        "holdfast.push.rules",
        "import time, secrets, uuid, os\nfrom datetime import datetime\nfrom random import choice\n"
        "time.time()\nsecrets.token_bytes(3)\nuuid.uuid4()\ndatetime.now()\nos.urandom(1)\n",
    )
    good = module(
        "holdfast.push.rules",
        "import time, secrets\ntime.monotonic()\nsecrets.compare_digest(a, b)\nrq.clock.now_ms()\n"
        "context.random.bytes(2)\nrandom.bytes(2)\n",
    )
    assert len(asks_machine([bad])) == 6
    assert asks_machine([good]) == []
    assert asks_machine([module("holdfast.kit.clock", bad.text)]) == []


def test_mail_past_the_kit_is_found() -> None:
    bad = module("holdfast.push.rules", "import smtplib\nfrom email.message import EmailMessage")
    assert len(mails([bad])) == 2
    assert mails([module("holdfast.kit.mail.smtp", bad.text)]) == []
