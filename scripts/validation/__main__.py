"""`scripts/validate`: one line for each endpoint, and what is wrong with its answers."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import httpx

from bench.servers import holdfast
from validation.asking import Asker
from validation.definitions import Definitions, DefinitionsMissing, Operation
from validation.story import tell

FILES = ("keys", "cross_signing", "to_device", "key_backup", "account-data", "sync", "filter")
"""All endpoints in these have to be answered as defined, and successfully at least once."""


def main() -> int:
    """Start a server, ask it, and say what its answers were like."""
    parser = argparse.ArgumentParser(
        prog="scripts/validate",
        description="Start a server, make requests to every endpoint about keys, and hold each "
        "answer against the OpenAPI definitions of the Matrix specification.",
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
        holdfast(Path(folder) / "holdfast") as server,
        httpx.Client(base_url=server.url, timeout=30) as http,
    ):
        tell(Asker(http, definitions))
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
