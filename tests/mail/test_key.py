"""The server's key: made once, for its owner only, the same for every worker."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from holdfast.kit.ids import SystemRandomness
from holdfast.kit.mail.seal import BadKeyFile, Seal, Unreadable, server_key

RANDOM = SystemRandomness()


def test_it_is_made_at_the_first_start_and_kept(tmp_path: Path) -> None:
    key = server_key(tmp_path / "data", RANDOM)
    assert len(key) == 32
    assert server_key(tmp_path / "data", RANDOM) == key
    path = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret.key"]


def test_workers_that_start_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: server_key(tmp_path, RANDOM), range(64)))
    assert len(keys) == 1


def test_a_damaged_key_is_refused_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.write_bytes(b"short")
    path.chmod(0o600)
    with pytest.raises(BadKeyFile, match="is damaged: expected 32 bytes, found 5"):
        server_key(tmp_path, RANDOM)
    assert path.read_bytes() == b"short"


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    server_key(tmp_path, RANDOM)
    (tmp_path / "secret.key").chmod(0o640)
    with pytest.raises(BadKeyFile, match="chmod 600"):
        server_key(tmp_path, RANDOM)


def test_what_is_sealed_opens_under_the_same_key_purpose_and_name_only() -> None:
    key = RANDOM.bytes(32)
    seal = Seal(key, b"outbox", RANDOM)
    sealed = seal.close("one", b"secret")
    assert b"secret" not in sealed
    assert seal.open("one", sealed) == b"secret"
    assert seal.close("one", b"secret") != sealed
    others = (
        (Seal(RANDOM.bytes(32), b"outbox", RANDOM), "one", sealed),
        (Seal(key, b"other", RANDOM), "one", sealed),
        (seal, "two", sealed),
        (seal, "one", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (seal, "one", b""),
        (seal, "one", b"\x02" + sealed[1:]),
    )
    for other, name, text in others:
        with pytest.raises(Unreadable):
            other.open(name, text)
