"""`scripts/validate`: one line for each endpoint, and what is wrong with its answers."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import httpx

from bench.servers import CHEAP_HASHING, holdfast
from validation import rooms_story, story
from validation.asking import Asker
from validation.definitions import Definitions, DefinitionsMissing, Operation

KEYS = ("keys", "cross_signing", "to_device", "key_backup", "account-data", "sync", "filter")
ROOMS = (
    *("create_room", "joining", "leaving", "kicking", "banning", "knocking"),
    *("room_send", "room_state", "redaction", "rooms", "message_pagination", "event_context"),
    *("room_event_by_timestamp", "relations", "threads_list", "search", "receipts"),
    *("read_markers", "typing", "tags", "directory", "list_public_rooms", "list_joined_rooms"),
    *("space_hierarchy", "room_summary", "mutual_rooms", "users", "presence", "notifications"),
    *("pushrules", "report_content", "room_upgrades"),
)
FILES = (*KEYS, *ROOMS)
"""All endpoints in these have to be answered as defined, and successfully at least once."""

CALLS = {"HOLDFAST_TURN_URIS": "turn:turn.example:3478", "HOLDFAST_TURN_SECRET": "validation"}
"""Without a TURN server there is nothing to tell, which the definitions do not foresee."""


def main() -> int:
    """Start a server, ask it, and say what its answers were like."""
    parser = argparse.ArgumentParser(
        prog="scripts/validate",
        description="Start a server, make requests to every endpoint about keys and rooms, "
        "and hold each answer against the OpenAPI definitions of the Matrix specification.",
    )
    parser.add_argument(
        "spec", type=Path, help="the folder that holds api/client-server, with the definitions"
    )
    try:
        definitions = Definitions(parser.parse_args().spec)
    except DefinitionsMissing as error:
        sys.exit(str(error))
    with (
        tempfile.TemporaryDirectory(prefix="holdfast-validate-") as folder,
        holdfast(Path(folder) / "holdfast", CHEAP_HASHING | CALLS) as server,
        httpx.Client(base_url=server.url, timeout=30) as http,
    ):
        asker = Asker(http, definitions)
        story.tell(asker)
        rooms_story.tell(asker)
    return _report(definitions.operations_in(*FILES))


def _report(operations: Sequence[Operation]) -> int:
    wrong = 0
    for each in operations:
        if 200 not in each.seen:
            each.problems.append("was not answered with 200")
        wrong += bool(each.problems)
        statuses = " ".join(map(str, sorted(set(each.seen))))
        print(f"{'WRONG' if each.problems else 'ok':<6}{each.name:<72}{statuses}")
        for problem in each.problems:
            print(f"      {problem}")
    print(f"{len(operations)} endpoints, {wrong} of them wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
