"""What a transaction can do, the same for both engines."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

from holdfast.kit.errors import InvalidParam

Row: TypeAlias = tuple[Any, ...]
StatementHook: TypeAlias = Callable[[str], None]
R = TypeVar("R")
T = TypeVar("T")
LEAST, MOST = -(1 << 63), (1 << 63) - 1
"""What a `bigint` can hold."""
EVERYBODY = "*"
"""Wakes whoever waits, for whatever: something may have been missed."""


class DatabaseUnavailable(Exception):
    """The database could not be reached. The text is safe to show to an operator."""


class Tx(ABC):
    """One open transaction.

    SQL is written once for both engines: `:name` parameters, never a value in the text. A list of
    texts is passed to `each(:ids)`, as in `device_id IN each(:ids)`; a list of lists of texts to
    `rows(:wanted, user_id, device_id)`, which is a table with those columns, as in
    `(user_id, device_id) IN rows(:wanted, user_id, device_id)` or after `FROM`, with `AS`. Rows
    come back as the given type, filled in the order of the columns.
    """

    def __init__(self, hook: StatementHook | None) -> None:
        self._hook = hook
        self.woken: set[str] = set()
        self.afterwards: list[Callable[[], None]] = []

    @abstractmethod
    def _rows(self, sql: str, params: Mapping[str, Any]) -> list[Row]:
        """Run one statement and return what it answers."""

    @abstractmethod
    def _count(self, sql: str, params: Mapping[str, Any]) -> int:
        """Run one statement and return how many rows it changed."""

    @abstractmethod
    def _many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run one statement for each of `rows`, as one batch."""

    @abstractmethod
    def lock(self, *names: str) -> None:
        """Let no other transaction past its own `lock` of one of `names` until this one has ended.

        SQLite has one writer anyway. PostgreSQL would otherwise let two transactions check
        something at the same time and both act on it.
        """

    def all(self, row: Callable[..., R], sql: str, **params: Any) -> list[R]:
        """Every row that `sql` answers."""
        self._note(sql, params)
        return [row(*values) for values in self._rows(sql, params)]

    def one(self, row: Callable[..., R], sql: str, **params: Any) -> R | None:
        """The first row that `sql` answers, or None."""
        self._note(sql, params)
        rows = self._rows(sql, params)
        return row(*rows[0]) if rows else None

    def value(self, sql: str, **params: Any) -> Any:
        """The first column of the first row that `sql` answers, or None."""
        self._note(sql, params)
        rows = self._rows(sql, params)
        return rows[0][0] if rows else None

    def run(self, sql: str, **params: Any) -> int:
        """Run a statement that answers no rows; return how many rows it changed."""
        self._note(sql, params)
        return self._count(sql, params)

    def many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement once for each of `rows` in one batch; nothing for no rows."""
        if rows:
            self._note(sql, *rows)
            self._many(sql, rows)

    def wake(self, *names: str) -> None:
        """After the commit, wake whoever waits for `names` (user IDs, mostly), in every worker."""
        self.woken.update(names)

    def after_commit(self, act: Callable[[], None]) -> None:
        """After the commit, call `act` on the event loop. Not called if nothing is committed."""
        self.afterwards.append(act)

    def _note(self, sql: str, *rows: Mapping[str, Any]) -> None:
        for row in rows:
            for name, value in row.items():
                # A batch has thousands of values, nearly all of them sound texts and numbers.
                kind = type(value)
                if kind is str:
                    sound = "\0" not in value
                else:
                    sound = kind is int and LEAST <= value <= MOST
                if not sound:
                    _refuse_unstorable(name, value)
        if self._hook is not None:
            self._hook(sql)


def _refuse_unstorable(name: str, value: Any) -> None:
    """Refuse what one of the engines cannot hold, on both alike.

    PostgreSQL has no NUL in texts, and neither has integers of more than 64 bits. Such values come
    from requests alone, so the one place that sees them all answers them all.

    Raises:
        InvalidParam: that is what `value` is.
    """
    if isinstance(value, str):
        if "\0" in value:
            raise InvalidParam(f"A text in the request ({name}) holds a NUL character.")
    elif isinstance(value, int):
        if not LEAST <= value <= MOST:
            raise InvalidParam(f"A number in the request ({name}) is too large.")
    elif isinstance(value, list):
        try:
            _refuse_unstorable(name, "".join(value))  # most are lists of texts, some of thousands
        except TypeError:
            for each in value:
                _refuse_unstorable(name, each)


class Database(Protocol):
    """A database with its worker threads."""

    async def read(self, rule: Callable[[Tx], T]) -> T:
        """Run `rule` on one consistent view of the data. It must not write."""
        ...

    async def write(self, rule: Callable[[Tx], T]) -> T:
        """Run `rule` in a transaction of its own; return when it is safely on disk.

        All of it is stored, or, when `rule` raises, nothing. It may be run again from the start
        after a deadlock, so it must do nothing but use its `Tx`.
        """
        ...

    async def peek(self, rule: Callable[[Tx], T]) -> T:
        """Like `read`, for one look-up of one row by its key, where a thread would cost more."""
        ...

    async def start(self, wake: Callable[[set[str]], None]) -> None:
        """Begin to serve. `wake` is called on the event loop with the names to wake."""
        ...

    async def close(self) -> None:
        """Finish what is running and let go of every connection."""
        ...

    def close_now(self) -> None:
        """The same, where there is no event loop."""
        ...

    def run_now(self, rule: Callable[[Tx], T]) -> T:
        """Like `write`, in the calling thread, before the server runs: start-up and commands."""
        ...

    @property
    def engine(self) -> str:
        """`sqlite` or `postgresql`."""
        ...
