"""PostgreSQL: plain functions in worker threads, each with a connection of the pool."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg
from psycopg.adapt import Dumper
from psycopg_pool import ConnectionPool, PoolTimeout

from holdfast.kit.db.dialect import as_json, for_postgresql, rows_in
from holdfast.kit.db.listen import CHANNEL, Listener
from holdfast.kit.db.tx import DatabaseUnavailable, Row, StatementHook, Tx

CONNECTIONS = 10
CONNECT_TIMEOUT_S = 5.0
TRIES_AFTER_DEADLOCK = 5
NAMES_PER_NOTICE = 25  # a notice holds 8,000 bytes, a user ID at most 255
_LOCK = (
    "SELECT pg_advisory_xact_lock(hashtextextended(name, 0))"
    " FROM (SELECT unnest AS name FROM each(:names) AS each_name ORDER BY unnest) AS ordered"
)
T = TypeVar("T")


class _BoolAsInt(Dumper):
    """Truth values are stored as 0 and 1, as SQLite does by itself."""

    oid = psycopg.postgres.types["int8"].oid

    def dump(self, obj: Any) -> bytes:
        return b"1" if obj else b"0"


class PostgresTx(Tx):
    """A transaction on a psycopg connection."""

    def __init__(self, connection: "psycopg.Connection[Row]", hook: StatementHook | None) -> None:
        super().__init__(hook)
        self._connection = connection
        self._held: set[str] = set()

    def lock(self, *names: str) -> None:
        """Take advisory locks that end with the transaction; once, however many rules ask.

        All in one statement, and in one order, so that two transactions do not wait for each other.
        """
        wanted = sorted(set(names) - self._held)
        if wanted:
            self.run(_LOCK, names=wanted)
            self._held.update(wanted)

    def _rows(self, sql: str, params: Mapping[str, Any]) -> list[Row]:
        return self._connection.execute(_text(sql), _plain(sql, params)).fetchall()

    def _count(self, sql: str, params: Mapping[str, Any]) -> int:
        return self._connection.execute(_text(sql), _plain(sql, params)).rowcount

    def _many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(_text(sql), rows)


def _plain(sql: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """`params` with what goes to `rows(…)` as JSON; other lists become arrays."""
    in_rows = rows_in(sql)
    if in_rows:
        return {k: as_json(v) if k in in_rows else v for k, v in params.items()}
    return params


def _text(sql: str) -> bytes:
    # psycopg wants literal text, to keep values out of it, or bytes, for those who know. The
    # house's tests hold every caller to literals; translated, they are none any more.
    return for_postgresql(sql).encode()


class PostgresDatabase:
    """A database on a PostgreSQL server."""

    engine = "postgresql"

    def __init__(self, url: str, hook: StatementHook | None = None) -> None:
        self._url = url
        self._hook = hook
        self._wake: Callable[[set[str]], None] = lambda _names: None
        self._listener: Listener | None = None
        self._threads = ThreadPoolExecutor(CONNECTIONS, "holdfast-sql")
        self._pool: ConnectionPool[psycopg.Connection[Row]] = ConnectionPool(
            url,
            min_size=1,
            max_size=CONNECTIONS,
            open=False,
            timeout=CONNECT_TIMEOUT_S,
            configure=_configure,
        )
        try:
            self._pool.open(wait=True, timeout=CONNECT_TIMEOUT_S)
        except PoolTimeout as error:
            self._pool.close()
            raise DatabaseUnavailable(
                "Cannot reach PostgreSQL. Check that it runs and that the database setting names"
                " the right host, user, password and database."
            ) from error

    async def start(self, wake: Callable[[set[str]], None]) -> None:
        """Begin to serve, and to hear what other workers commit."""
        self._wake = wake
        self._listener = Listener(self._url, wake)
        await self._listener.start()

    async def close(self) -> None:
        """Stop listening and close the pool."""
        if self._listener is not None:
            await self._listener.close()
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """The same, for callers without an event loop."""
        self._threads.shutdown()
        self._pool.close()

    async def read(self, rule: Callable[[Tx], T]) -> T:
        """Run `rule` on a snapshot (`REPEATABLE READ`, read only)."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._read, rule)

    async def peek(self, rule: Callable[[Tx], T]) -> T:
        """Run `rule`, which makes one statement, without a transaction around it."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._peek, rule)

    async def write(self, rule: Callable[[Tx], T]) -> T:
        """Run `rule` in a transaction and return after its commit."""
        loop = asyncio.get_running_loop()
        result, tx = await loop.run_in_executor(self._threads, self._write, rule)
        self._after(tx)
        return result

    def run_now(self, rule: Callable[[Tx], T]) -> T:
        """Run `rule` in this thread."""
        result, tx = self._write(rule)
        self._after(tx)
        return result

    def _after(self, tx: Tx) -> None:
        if tx.woken:
            self._wake(tx.woken)
        for act in tx.afterwards:
            act()

    def _peek(self, rule: Callable[[Tx], T]) -> T:
        try:
            with self._pool.connection() as connection:
                connection.autocommit = True
                try:
                    return rule(PostgresTx(connection, self._hook))
                finally:
                    if not connection.closed:
                        connection.autocommit = False
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise DatabaseUnavailable("Cannot reach the database.") from error

    def _read(self, rule: Callable[[Tx], T]) -> T:
        try:
            with self._pool.connection() as connection, connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                return rule(PostgresTx(connection, self._hook))
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise DatabaseUnavailable("Cannot reach the database.") from error

    def _write(self, rule: Callable[[Tx], T]) -> tuple[T, Tx]:
        for last in [False] * (TRIES_AFTER_DEADLOCK - 1) + [True]:
            try:
                with self._pool.connection() as connection, connection.transaction():
                    tx = PostgresTx(connection, self._hook)
                    result = rule(tx)
                    _announce(connection, tx.woken)
                    if self._hook is not None:
                        self._hook("COMMIT")
                return result, tx
            except psycopg.errors.DeadlockDetected:
                if last:
                    raise
            except (PoolTimeout, psycopg.OperationalError) as error:
                raise DatabaseUnavailable("Cannot reach the database.") from error
        raise AssertionError("the last try either returns or raises")


def _configure(connection: "psycopg.Connection[Row]") -> None:
    connection.adapters.register_dumper(bool, _BoolAsInt)


def _announce(connection: "psycopg.Connection[Row]", names: set[str]) -> None:
    """Tell every worker whom to wake; PostgreSQL delivers it at the commit."""
    ordered = sorted(names)
    parts = [
        ordered[start : start + NAMES_PER_NOTICE]
        for start in range(0, len(ordered), NAMES_PER_NOTICE)
    ]
    if parts:
        connection.execute(
            "SELECT pg_notify(%(channel)s, part) FROM unnest(%(parts)s::text[]) AS part",
            {"channel": CHANNEL, "parts": [json.dumps(part) for part in parts]},
        )
