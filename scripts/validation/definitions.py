"""The specification's definitions of endpoints: what an answer has to look like."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

METHODS = ("get", "put", "post", "delete")
ERROR = "definitions/errors/error.yaml"
PROOF_WANTED = "definitions/auth_response.yaml"


class DefinitionsMissing(Exception):
    """There are no definitions where they were said to be. The text is for who runs the script."""


@dataclass
class Operation:
    """One endpoint, and what its answers were found to be like."""

    file: Path
    method: str
    path: str
    pointer: str
    statuses: tuple[str, ...]
    seen: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """How it is called in the output."""
        return f"{self.method} {self.path}"


class Definitions:
    """The folder of the specification that holds `api/client-server`, read as far as needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve() / "api" / "client-server"
        if not self._folder.is_dir():
            raise DefinitionsMissing(
                f"{folder} holds no api/client-server. It is the folder `data` of the repository"
                " of the Matrix specification, or a copy of it."
            )
        self._registry: Registry[Any] = Registry(retrieve=_retrieve)
        self._operations = {
            (each.method, each.path): each
            for file in sorted(self._folder.glob("*.yaml"))
            for each in _operations(file)
        }

    def operation(self, method: str, path: str) -> Operation:
        """The endpoint of a method and a path as the specification writes it."""
        return self._operations[method, path]

    def operations_in(self, *names: str) -> list[Operation]:
        """Every endpoint that the files of these names define, and what else was asked."""
        wanted = [self._folder / f"{name}.yaml" for name in names]
        return [each for each in self._operations.values() if each.seen or each.file in wanted]

    def hold(self, operation: Operation, status: int, body: Any) -> None:
        """Note what is wrong with an answer."""
        operation.seen.append(status)
        reference = self._schema(operation, status, body)
        if reference is None:
            operation.problems.append(f"{status} is no success that the definition knows")
            return
        validator = Draft202012Validator({"$ref": reference}, registry=self._registry)
        for error in validator.iter_errors(body):
            place = "/".join(str(part) for part in error.absolute_path) or "the answer"
            problem = f"{status}: {place}: {error.message}"[:400]
            if problem not in operation.problems:
                operation.problems.append(problem)

    def _schema(self, operation: Operation, status: int, body: Any) -> str | None:
        """Where the schema of an answer is; any error may be answered, in the common form."""
        if str(status) not in operation.statuses:
            common = PROOF_WANTED if status == 401 and "flows" in body else ERROR
            return None if status < 400 else (self._folder / common).as_uri()
        place = f"{operation.pointer}/responses/{status}"
        response = _at(operation.file, place)
        if "$ref" in response:
            place = response["$ref"].removeprefix("#")
            response = _at(operation.file, place)
        if "content" not in response:
            return (self._folder / ERROR).as_uri()
        schema = f"{place}/content/application~1json/schema"
        return f"{operation.file.as_uri()}#{schema}"


def _operations(file: Path) -> Iterator[Operation]:
    document = _read(file)
    server = document["servers"][0]
    base = server.get("variables", {}).get("basePath", {}).get("default", "")
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                pointer = f"/paths/{_escaped(path)}/{method}"
                statuses = tuple(methods[method]["responses"])
                yield Operation(file, method.upper(), f"{base}{path}", pointer, statuses)


def _at(file: Path, pointer: str) -> Any:
    found = _read(file)
    for part in pointer.strip("/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def _escaped(text: str) -> str:
    return text.replace("~", "~0").replace("/", "~1")


_READ: dict[Path, Any] = {}


def _read(file: Path) -> Any:
    if file not in _READ:
        _READ[file] = _with_text_keys(yaml.safe_load(file.read_text("utf-8")))
    return _READ[file]


def _with_text_keys(value: Any) -> Any:
    """Statuses are written as numbers in some files and as texts in others."""
    if isinstance(value, dict):
        return {str(key): _with_text_keys(each) for key, each in value.items()}
    return [_with_text_keys(each) for each in value] if isinstance(value, list) else value


def _retrieve(uri: str) -> Resource[Any]:
    file = Path(uri.removeprefix("file://"))
    return Resource(_read(file), specification=DRAFT202012)
