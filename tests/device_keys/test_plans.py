"""How the databases look for keys: by index, however many there are."""

import re
from collections.abc import Callable
from typing import Any

from holdfast.device_keys.sql import claims, published
from holdfast.kit.db import Tx
from tests.world import World

DEVICES, KEYS = 400, 60


def fill(tx: Tx, user_id: str) -> None:
    """Many devices with many keys, most of them claimed."""
    numbers = [[f"D{number}"] for number in range(DEVICES)]
    tx.run(
        "INSERT INTO listed_devices (user_id, device_id, keys)"
        " SELECT :user_id, d.device_id, '{}' FROM rows(:numbers, device_id, other) AS d",
        user_id=user_id,
        numbers=[[*each, ""] for each in numbers],
    )
    tx.run(
        "INSERT INTO one_time_keys (device, algorithm, key_id, key)"
        " SELECT d.number, 'signed_curve25519', k.key_id, '{}'"
        " FROM listed_devices d, rows(:keys, key_id, other) AS k",
        keys=[[f"K{number}", ""] for number in range(KEYS)],
    )
    tx.run(
        "INSERT INTO one_time_key_claims (device, algorithm, upto)"
        " SELECT device, algorithm, max(position) - 5 FROM one_time_keys GROUP BY device, algorithm"
    )


async def plan(world: World, engine: str, run: Callable[[Tx], object], **params: Any) -> str:
    """How the database goes about the first statement of `run`."""
    how = "EXPLAIN QUERY PLAN " if engine == "sqlite" else "EXPLAIN "

    def explain(tx: Tx) -> str:
        world.statements.clear()
        run(tx)
        sql = how + world.statements[0]
        return "\n".join(tx.all(lambda *columns: str(columns[-1]), sql, **params))

    return await world.server.context.db.write(explain)


async def test_nobody_elses_keys_are_looked_at(world: World, database_kind: str) -> None:
    """The oldest key of a device, and the number left, are found by an index from there on."""
    alice = await world.register("alice")
    user_id, db = alice.user_id, world.server.context.db
    await db.write(lambda tx: fill(tx, user_id))
    await db.write(lambda tx: tx.run("ANALYZE"))
    wanted = [[user_id, f"D{number}", "signed_curve25519"] for number in range(50)]
    plans = [
        await plan(world, database_kind, lambda tx: claims.claim(tx, wanted), wanted=wanted),
        await plan(
            world,
            database_kind,
            lambda tx: published.counts(tx, user_id, "D7"),
            user_id=user_id,
            device_id="D7",
        ),
    ]
    for each in plans:
        assert "one_time_keys_in_order" in each, each
        assert re.search(r'position>|position" >', each), each
        assert not re.search(r"SCAN k|Seq Scan on one_time_keys k", each), each
