"""Who has stolen an access token can delete a backup; its owner hears of it and undoes it."""

from tests.key_backup.backing_up import (
    RESTORE,
    begin,
    current,
    history,
    many,
    ok,
    put,
    restore,
    stored,
)
from tests.world import Person, World, refused

VERSION = "room_keys/version"
MAIL = "alice@example.org"


async def subjects(world: World) -> list[str]:
    """The subjects of all mails to Alice about her key backup."""
    letters = await world.letters(MAIL)
    return [letter.subject for letter in letters if "backup" in letter.subject]


async def journal(world: World, person: Person) -> list[tuple[str, ...]]:
    """What the journal says of the key backup: what, by which session, and the facts as JSON."""
    read = world.server.context.db.read
    return await read(
        lambda tx: tx.all(
            lambda *values: values,
            "SELECT what, by_device, facts FROM journal WHERE user_id = :user_id"
            " AND (what LIKE 'key_backup%' OR what LIKE 'room_keys%') ORDER BY number",
            user_id=person.user_id,
        )
    )


async def test_the_owner_is_told_and_brings_everything_back(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    await begin(alice)
    await put(alice, "1", many(40))
    before = await stored(alice, "1")
    thief = await alice.another_session(device_id="THIEF")
    thief.password = "not known"

    garbage = many(40, verified=True, secret="garbage")
    await put(thief, "1", garbage)
    ok(await thief.delete("room_keys/keys?version=1"))
    ok(await thief.delete(f"{VERSION}/1"))
    await begin(thief)
    await put(thief, "2", many(1))
    for item in [
        each["id"] for part in ("versions", "changes") for each in (await history(thief))[part]
    ]:
        answer = await thief.post(RESTORE, {"id": item, "auth": thief.auth()})
        refused(answer, 401, "M_FORBIDDEN")
    refused(await thief.get("room_keys/keys?version=1"), 404, "M_NOT_FOUND")

    assert await subjects(world) == ["Your key backup was deleted"]
    found = await history(alice)
    assert {each["ended_by"] for each in found["versions"] + found["changes"]} == {"THIEF"}
    assert await restore(alice, found["versions"][0]["id"]) == 0
    for change in found["changes"]:
        assert await restore(alice, change["id"]) == 40
    assert await stored(alice, "1") == before
    now = await current(alice)
    assert (now["version"], now["count"]) == ("1", 40)


async def test_what_is_told_by_mail(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    await begin(alice)
    ok(await alice.delete(f"{VERSION}/1"))
    await begin(alice)
    await begin(alice)
    assert await subjects(world) == [], "none of them held keys"
    await put(alice, "3", many(7))
    await begin(alice)
    assert await subjects(world) == ["Your key backup was replaced"]
    letter = await world.letter(MAIL)
    assert "Room keys in the old one: 7" in letter.text
    assert "30 days" in letter.text
    await put(alice, "4", many(9))
    ok(await alice.delete("room_keys/keys/!r0:hold.example?version=4"))
    ok(await alice.delete("room_keys/keys/!r1:hold.example?version=4"))
    told = "Room keys were deleted from your key backup"
    assert (await subjects(world))[1:] == [told], "one mail for what goes within an hour"
    assert "How many at first: 1." in (await world.letter(MAIL)).text
    ok(await alice.delete("room_keys/keys?version=4"))
    assert (await subjects(world))[2:] == ["Your key backup was deleted"]
    assert "Room keys in it: 7" in (await world.letter(MAIL)).text
    ok(await alice.delete(f"{VERSION}/3"))
    assert len(await subjects(world)) == 4


async def test_keys_that_go_bit_by_bit_are_told_of_hourly(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    await begin(alice)
    await put(alice, "1", many(9))
    hours = set()
    for room in range(6):
        hours.add(world.clock.now // 3_600_000)
        ok(await alice.delete(f"room_keys/keys/!r{room}:hold.example?version=1"))
        world.clock.turn(minutes=25)
    told = ["Room keys were deleted from your key backup"] * len(hours)
    assert await subjects(world) == told
    assert 1 < len(told) < 6


async def test_a_backup_that_takes_anothers_place_is_told_of(world: World) -> None:
    """A thief who knows the account password could bring an old one back."""
    alice = await world.register("alice", email=MAIL)
    await begin(alice)
    await begin(alice)
    await put(alice, "2", many(5))
    await restore(alice, "version.1")
    assert await subjects(world) == ["Your key backup was replaced"]
    assert "Room keys in the old one: 5" in (await world.letter(MAIL)).text


async def test_what_the_journal_says(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    await begin(alice)
    await put(alice, "1", many(7))
    same = {"algorithm": (now := await current(alice))["algorithm"], "auth_data": now["auth_data"]}
    ok(await alice.put(f"{VERSION}/1", same))
    same["auth_data"]["signatures"] = {}
    ok(await alice.put(f"{VERSION}/1", same))
    ok(await alice.delete("room_keys/keys/!r0:hold.example?version=1"))
    await restore(alice, (await history(alice))["changes"][0]["id"])
    await begin(alice)
    ok(await alice.delete(f"{VERSION}/2"))
    await restore(alice, "version.1")
    entries = await journal(world, alice)
    assert [what for what, _, _ in entries] == [
        "key_backup_created",
        "key_backup_changed",
        "room_keys_deleted",
        "room_keys_restored",
        "key_backup_created",
        "key_backup_deleted",
        "key_backup_restored",
    ]
    assert {by for _, by, _ in entries} == {alice.device_id}
    assert [facts for _, _, facts in entries][2] == '{"version":1,"keys":1,"rooms":1}'
