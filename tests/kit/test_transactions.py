"""Transactions: all or nothing, alike on both databases."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from holdfast.kit.db import Database, Tx, open_database
from holdfast.kit.errors import InvalidParam

Rule = Callable[[Tx], None]


@dataclass(frozen=True)
class Fruit:
    name: str
    weight: int


@pytest.fixture
async def db(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Database]:
    """An empty database with a table of fruits."""
    if database_kind == "sqlite":
        url = f"sqlite:///{tmp_path}/fruits.db"
        database = open_database(url)
        await ready(database)
        yield database
        await database.close()
        return
    server = request.getfixturevalue("postgres_server")
    with server.fresh_database() as url:
        database = open_database(url)
        await ready(database)
        yield database
        await database.close()


async def ready(database: Database) -> None:
    await database.start(lambda _names: None)
    await database.write(
        lambda tx: tx.run("CREATE TABLE fruits (name text PRIMARY KEY, weight bigint)")
    )


def add(name: str, weight: int = 1) -> Rule:
    """What stores a fruit."""
    return lambda tx: put(tx, name, weight)


def put(tx: Tx, name: str, weight: int = 1) -> None:
    sql = "INSERT INTO fruits (name, weight) VALUES (:name, :weight)"
    tx.run(sql, name=name, weight=weight)


async def names(db: Database) -> list[str]:
    sql = "SELECT name, weight FROM fruits ORDER BY name"
    return [fruit.name for fruit in await db.read(lambda tx: tx.all(Fruit, sql))]


async def test_what_fails_leaves_nothing(db: Database) -> None:
    def rule(tx: Tx) -> None:
        put(tx, "apple")
        raise KeyError("no")

    with pytest.raises(KeyError):
        await db.write(rule)
    assert await names(db) == []


async def test_one_that_fails_harms_none_that_run_with_it(db: Database) -> None:
    def failing(number: int) -> Rule:
        def rule(tx: Tx) -> None:
            put(tx, f"bad{number}")
            if number % 2:
                raise KeyError("no")
            tx.run("INSERT INTO fruits (name) VALUES ('bad0'), ('bad0')")

        return rule

    def succeeding(number: int) -> Rule:
        return add(f"good{number:02}")

    rules = [failing(n) if n % 3 == 0 else succeeding(n) for n in range(60)]
    ended = await asyncio.gather(*[db.write(rule) for rule in rules], return_exceptions=True)
    failed = [each for each in ended if isinstance(each, Exception)]
    assert len(failed) == 20
    assert await names(db) == [f"good{number:02}" for number in range(60) if number % 3]


async def test_what_comes_after_a_commit_comes_only_after_one(db: Database) -> None:
    done: list[str] = []

    def rule(tx: Tx, name: str, *, fails: bool) -> None:
        tx.after_commit(lambda: done.append(name))
        if fails:
            raise KeyError(name)

    with pytest.raises(KeyError):
        await db.write(lambda tx: rule(tx, "failed", fails=True))
    await db.write(lambda tx: rule(tx, "stored", fails=False))
    assert done == ["stored"]


async def test_who_is_woken(database_kind: str, db: Database) -> None:
    assert database_kind
    woken: list[set[str]] = []
    heard = asyncio.Event()

    def wake(names: set[str]) -> None:
        woken.append(names)
        heard.set()

    await db.start(wake)

    def rule(tx: Tx, *, fails: bool) -> None:
        tx.wake("@alice:x", "@bob:x")
        if fails:
            raise KeyError

    with pytest.raises(KeyError):
        await db.write(lambda tx: rule(tx, fails=True))
    assert woken == []
    await db.write(lambda tx: rule(tx, fails=False))
    await asyncio.wait_for(heard.wait(), 5)
    assert woken[0] == {"@alice:x", "@bob:x"}


@pytest.mark.parametrize("wanted", [[], ["apple"], ["apple", "cherry", "none"], ["' OR '1'='1"]])
async def test_lists_are_passed_whole(db: Database, wanted: list[str]) -> None:
    for name in ("apple", "banana", "cherry"):
        await db.write(add(name))
    sql = "SELECT name, weight FROM fruits WHERE name IN each(:names) ORDER BY name"
    found = await db.read(lambda tx: tx.all(Fruit, sql, names=wanted))
    assert [fruit.name for fruit in found] == [
        name for name in ("apple", "cherry") if name in wanted
    ]


async def test_numbers_of_rows_and_values(db: Database) -> None:
    def rule(tx: Tx) -> tuple[int, int, object, object]:
        tx.many(
            "INSERT INTO fruits (name, weight) VALUES (:name, :weight)",
            [{"name": f"f{number}", "weight": number} for number in range(5)],
        )
        tx.many("INSERT INTO fruits (name, weight) VALUES (:name, :weight)", [])
        changed = tx.run("UPDATE fruits SET weight = 9 WHERE weight >= :least", least=3)
        none = tx.run("UPDATE fruits SET weight = 9 WHERE name = :name", name="none")
        heaviest = tx.value("SELECT max(weight) FROM fruits")
        return changed, none, heaviest, tx.value("SELECT weight FROM fruits WHERE name = 'x'")

    assert await db.write(rule) == (2, 0, 9, None)


@pytest.mark.parametrize("text", ["a\0b", ["fine", "a\0b"]])
async def test_what_one_database_cannot_hold_both_refuse(db: Database, text: object) -> None:
    sql = "SELECT 1 FROM fruits WHERE name = :name"
    if isinstance(text, list):
        sql = "SELECT 1 FROM fruits WHERE name IN each(:name)"
    with pytest.raises(InvalidParam):
        await db.read(lambda tx: tx.value(sql, name=text))
    for number in (1 << 63, -(1 << 63) - 1, 10**40):
        with pytest.raises(InvalidParam):
            await db.write(add("apple", number))
    await db.write(lambda tx: put(tx, "apple", (1 << 63) - 1))
    await db.write(lambda tx: put(tx, "pear", -(1 << 63)))


@pytest.mark.postgres_only("SQLite has one writer, so nothing there can wait for each other")
async def test_a_deadlock_is_tried_again(database_kind: str, db: Database) -> None:
    assert database_kind == "postgres"
    for name in ("apple", "banana"):
        await db.write(add(name, 0))
    tries: list[str] = []

    def raise_weights(first: str, second: str) -> Rule:
        def rule(tx: Tx) -> None:
            tries.append(first)
            for name in (first, second):
                tx.run("UPDATE fruits SET weight = weight + 1 WHERE name = :name", name=name)
                tx.value("SELECT pg_sleep(0.2)")

        return rule

    there = db.write(raise_weights("apple", "banana"))
    back = db.write(raise_weights("banana", "apple"))
    await asyncio.wait_for(asyncio.gather(there, back), 20)
    assert len(tries) > 2, "they must have met"
    weights = await db.read(lambda tx: tx.all(Fruit, "SELECT name, weight FROM fruits"))
    assert {fruit.weight for fruit in weights} == {2}


async def test_a_lock_lets_one_after_the_other_past(db: Database) -> None:
    def count_up(tx: Tx) -> None:
        tx.lock("the counter")
        now = tx.value("SELECT weight FROM fruits WHERE name = 'counter'")
        tx.run("UPDATE fruits SET weight = :next WHERE name = 'counter'", next=now + 1)

    await db.write(lambda tx: put(tx, "counter", 0))
    await asyncio.gather(*[db.write(count_up) for _ in range(30)])
    sql = "SELECT weight FROM fruits WHERE name = 'counter'"
    assert await db.read(lambda tx: tx.value(sql)) == 30


async def test_rows_are_a_table(db: Database) -> None:
    """Several columns in one parameter: to look for pairs, and to join with."""
    for name, weight in (("apple", 1), ("pear", 2), ('it\'s "quoted"', 3)):
        await db.write(add(name, weight))

    def look(wanted: list[list[str]]) -> Callable[[Tx], list[Fruit]]:
        return lambda tx: tx.all(
            Fruit,
            "SELECT f.name, f.weight FROM rows(:wanted, name, remark) AS w"
            " JOIN fruits f ON f.name = w.name WHERE w.remark <> 'no' ORDER BY f.weight",
            wanted=wanted,
        )

    wanted = [["apple", "yes"], ['it\'s "quoted"', "yes"], ["pear", "no"], ["plum", "yes"]]
    assert await db.read(look(wanted)) == [Fruit("apple", 1), Fruit('it\'s "quoted"', 3)]
    assert await db.read(look([])) == []
    pairs = "SELECT count(*) FROM fruits WHERE (name, name) IN rows(:wanted, a, b)"
    chosen = [["apple", "apple"], ["pear", "apple"]]
    assert await db.read(lambda tx: tx.value(pairs, wanted=chosen)) == 1


async def test_nul_in_rows_is_refused(db: Database) -> None:
    with pytest.raises(InvalidParam):
        await db.read(lambda tx: tx.value("SELECT count(*) FROM rows(:r, a) AS r", r=[["a\0"]]))


async def test_several_locks_are_one_statement(db: Database) -> None:
    """Taken in one order by everybody, so that nobody waits for each other."""

    def lock_and_add(names: tuple[str, ...], fruit: str) -> Rule:
        def rule(tx: Tx) -> None:
            tx.lock(*names)
            tx.lock(*names)
            put(tx, fruit)

        return rule

    writes = [
        db.write(lock_and_add(("a", "b") if number % 2 else ("b", "a"), f"fruit {number}"))
        for number in range(20)
    ]
    await asyncio.gather(*writes)
    assert len(await names(db)) == 20
