"""Which account passwords are accepted, and that all of an accepted one counts."""

import pytest

from tests.world import World, refused


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short1!", "too_short"),
        ("x" * 513, "too_long"),
        ("letmein123", "common"),
        ("@Wintermute ember", "contains_name"),
        ("ＷＩＮＴＥＲＭＵＴＥ ember", "contains_name"),
        ("my neuromancer ember", "contains_address"),
    ],
)
async def test_weak_passwords_are_refused_before_any_proof(
    world: World, password: str, reason: str
) -> None:
    alice = await world.register("wintermute", email="neuromancer@example.org")
    answer = await alice.post("account/password", {"new_password": password})
    refused(answer, 400, "M_WEAK_PASSWORD")
    assert answer.json()["dev.holdfast.reason"] == reason
    refused(await alice.change_password(password), 400, "M_WEAK_PASSWORD")


async def test_the_whole_password_counts(world: World) -> None:
    """bcrypt, which other servers use, ends at 72 bytes."""
    alice = await world.register("alice")
    long = "ember orchard " * 10
    assert (await alice.change_password(long + "A")).status_code == 200
    refused(await world.login("alice", long + "B"), 403, "M_FORBIDDEN")
    assert (await world.login("alice", long + "A")).status_code == 200


async def test_every_keyboards_spelling_of_the_password_is_the_same(world: World) -> None:
    alice = await world.register("alice")
    await alice.change_password("Mu\u0308nchner Straße ﬁfty")
    assert (await world.login("alice", "M\u00fcnchner Straße fifty")).status_code == 200
