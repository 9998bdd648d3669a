"""How the databases look for keys: by index, however many there are."""

import re

from holdfast.device_keys.sql import claims
from holdfast.kit.db import Tx
from tests.world import World

DEVICES, KEYS = 400, 60


def fill(tx: Tx, user_id: str) -> None:
    """Many devices with many keys, half of them claimed."""
    numbers = [[f"D{number}"] for number in range(DEVICES)]
    tx.run(
        "INSERT INTO listed_devices (user_id, device_id, keys)"
        " SELECT :user_id, d.device_id, '{}' FROM rows(:numbers, device_id, other) AS d",
        user_id=user_id,
        numbers=[[*each, ""] for each in numbers],
    )
    tx.run(
        "INSERT INTO one_time_keys (device, algorithm, key_id, key, claimed_at)"
        " SELECT d.number, 'signed_curve25519', k.key_id, '{}',"
        " CASE WHEN k.claimed = 'yes' THEN 1 END"
        " FROM listed_devices d, rows(:keys, key_id, claimed) AS k",
        keys=[[f"K{number}", "yes" if number % 2 else "no"] for number in range(KEYS)],
    )


async def test_claiming_looks_at_no_other_keys(world: World, database_kind: str) -> None:
    """The oldest key of a device is found by the index of those that nobody has claimed."""
    alice = await world.register("alice")
    db = world.server.context.db
    await db.write(lambda tx: fill(tx, alice.user_id))
    await db.write(lambda tx: tx.run("ANALYZE"))
    wanted = [[alice.user_id, f"D{number}", "signed_curve25519"] for number in range(50)]
    how = "EXPLAIN QUERY PLAN " if database_kind == "sqlite" else "EXPLAIN "

    def explain(tx: Tx) -> str:
        world.statements.clear()
        claims.claim(tx, wanted, 1)
        sql = how + world.statements[0]
        return "\n".join(tx.all(lambda *columns: str(columns[-1]), sql, wanted=wanted, now=1))

    plan = await db.write(explain)
    assert "one_time_keys_to_claim" in plan, plan
    assert not re.search(r"SCAN (k|one_time_keys)\b|Seq Scan on one_time_keys", plan), plan
