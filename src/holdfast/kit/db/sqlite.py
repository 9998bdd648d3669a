"""SQLite: one thread writes, a few read.

The writer takes every transaction that is waiting, runs each inside a savepoint of its own, and
commits them together: one flush to disk for many requests, and an answer only after it
(`synchronous=FULL`). Readers have connections of their own and see the last commit (WAL).
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import apsw

from holdfast.kit.db.dialect import as_json, for_sqlite
from holdfast.kit.db.tx import DatabaseUnavailable, Row, StatementHook, Tx

READERS = 2
BUSY_TIMEOUT_MS = 10_000
MOST_AT_ONCE = 64
T = TypeVar("T")


class SqliteTx(Tx):
    """A transaction on an apsw connection."""

    def __init__(self, connection: apsw.Connection, hook: StatementHook | None) -> None:
        super().__init__(hook)
        self._connection = connection

    def lock(self, *names: str) -> None:
        """Nothing to do: there is one writer."""

    def _rows(self, sql: str, params: Mapping[str, Any]) -> list[Row]:
        return self._connection.execute(for_sqlite(sql), _plain(params)).fetchall()

    def _count(self, sql: str, params: Mapping[str, Any]) -> int:
        self._connection.execute(for_sqlite(sql), _plain(params))
        return self._connection.changes()

    def _many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self._connection.executemany(for_sqlite(sql), rows)


def _plain(params: Mapping[str, Any]) -> Mapping[str, Any]:
    if any(isinstance(value, list) for value in params.values()):
        return {k: as_json(v) if isinstance(v, list) else v for k, v in params.items()}
    return params


class _Job:
    """A transaction waiting for the writer, and where its result goes."""

    def __init__(self, rule: Callable[[Tx], Any], done: Callable[["_Job"], None]) -> None:
        self.rule = rule
        self.done = done
        self.tx: SqliteTx | None = None
        self.result: Any = None
        self.error: BaseException | None = None


class SqliteDatabase:
    """A database file."""

    engine = "sqlite"

    def __init__(self, path: Path, hook: StatementHook | None = None) -> None:
        self._path = path
        self._hook = hook
        self._wake: Callable[[set[str]], None] = lambda _names: None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._local = threading.local()
        self._opened: list[apsw.Connection] = []
        self._readers = ThreadPoolExecutor(READERS, "holdfast-read")
        writer = self._connect()
        self._writer = threading.Thread(
            target=self._write_loop, args=(writer,), name="holdfast-write", daemon=True
        )
        self._writer.start()

    def _connect(self) -> apsw.Connection:
        try:
            connection = apsw.Connection(str(self._path))
            connection.set_busy_timeout(BUSY_TIMEOUT_MS)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
        except apsw.Error as error:
            raise DatabaseUnavailable(f"Cannot open the database {self._path}: {error}") from error
        self._opened.append(connection)
        return connection

    async def start(self, wake: Callable[[set[str]], None]) -> None:
        """Begin to serve; `wake` is called on the event loop after commits."""
        self._wake = wake

    async def close(self) -> None:
        """Finish what is queued, then close every connection."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """The same, for callers without an event loop."""
        self._jobs.put(None)
        self._writer.join()
        self._readers.shutdown()
        for connection in self._opened:
            connection.close()

    async def read(self, rule: Callable[[Tx], T]) -> T:
        """Run `rule` on a snapshot, on a reader thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, rule)

    async def peek(self, rule: Callable[[Tx], T]) -> T:
        """Run `rule` right here: a look-up by key takes 10 microseconds, a thread hop 50."""
        return rule(SqliteTx(self._own_connection(), self._hook))

    def _own_connection(self) -> apsw.Connection:
        connection: apsw.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
        return connection

    def _read(self, rule: Callable[[Tx], T]) -> T:
        connection = self._own_connection()
        connection.execute("BEGIN")
        try:
            return rule(SqliteTx(connection, self._hook))
        finally:
            connection.execute("ROLLBACK")

    async def write(self, rule: Callable[[Tx], T]) -> T:
        """Queue `rule` for the writer and wait for its commit."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def finish(job: _Job) -> None:
            if job.error is None and job.tx is not None:
                self._after(job.tx)
            if future.cancelled():
                return
            if job.error is not None:
                future.set_exception(job.error)
            else:
                future.set_result(job.result)

        self._jobs.put(_Job(rule, lambda job: _hand_over(loop, finish, job)))
        return await future

    def run_now(self, rule: Callable[[Tx], T]) -> T:
        """Run `rule` through the writer and wait for it in this thread."""
        ended = threading.Event()
        job = _Job(rule, lambda _job: ended.set())
        self._jobs.put(job)
        ended.wait()
        if job.error is not None:
            raise job.error
        if job.tx is not None:
            self._after(job.tx)
        result: T = job.result
        return result

    def _after(self, tx: SqliteTx) -> None:
        if tx.woken:
            self._wake(tx.woken)
        for act in tx.afterwards:
            act()

    def _write_loop(self, connection: apsw.Connection) -> None:
        while (job := self._jobs.get()) is not None:
            batch, stopping = self._waiting(job)
            self._commit_together(connection, batch)
            for done in batch:
                done.done(done)
            if stopping:
                return

    def _waiting(self, first: _Job) -> tuple[list[_Job], bool]:
        batch = [first]
        while len(batch) < MOST_AT_ONCE:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _commit_together(self, connection: apsw.Connection, batch: list[_Job]) -> None:
        try:
            connection.execute("BEGIN IMMEDIATE")
            for job in batch:
                self._run_one(connection, job)
            if self._hook is not None:
                self._hook("COMMIT")
            connection.execute("COMMIT")
        except apsw.Error as error:
            if not connection.get_autocommit():
                connection.execute("ROLLBACK")
            for job in batch:
                job.error = job.error or DatabaseUnavailable(f"Cannot write: {error}")

    def _run_one(self, connection: apsw.Connection, job: _Job) -> None:
        job.tx = SqliteTx(connection, self._hook)
        connection.execute("SAVEPOINT one")
        try:
            job.result = job.rule(job.tx)
        except Exception as error:
            job.error = error
            if connection.get_autocommit():  # SQLite has ended the whole transaction (disk full)
                raise
            connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")


def _hand_over(loop: asyncio.AbstractEventLoop, finish: Callable[[_Job], None], job: _Job) -> None:
    try:
        loop.call_soon_threadsafe(finish, job)
    except RuntimeError:
        # The loop has stopped: whoever asked is gone, and the data is stored either way.
        return
