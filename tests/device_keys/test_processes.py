"""Claims that two worker processes answer at the same time."""

import concurrent.futures
from pathlib import Path
from typing import Any

import httpx
import vodozemac

from holdfast.kit.signed_json import signed_part
from tests.cli.running import Serving, serving
from tests.fixtures.postgres import PostgresServer
from tests.sync.test_processes import Session, sign_up

CLAIMERS, KEYS, DEVICES = 8, 60, 3
SIGNED = "signed_curve25519"


def publish(session: Session, device_id: str, count: int) -> set[str]:
    """Upload device keys and one-time keys; return the public one-time keys."""
    account, user_id = vodozemac.Account(), session.user_id

    def signed(value: dict[str, Any]) -> dict[str, Any]:
        signature = account.sign(signed_part(value)).to_base64()
        return {**value, "signatures": {user_id: {f"ed25519:{device_id}": signature}}}

    keys = {
        f"curve25519:{device_id}": account.curve25519_key.to_base64(),
        f"ed25519:{device_id}": account.ed25519_key.to_base64(),
    }
    whole = {"user_id": user_id, "device_id": device_id, "algorithms": [], "keys": keys}
    account.generate_one_time_keys(count)
    public = {key_id: key.to_base64() for key_id, key in account.one_time_keys.items()}
    one_time = {f"{SIGNED}:{key_id}": signed({"key": key}) for key_id, key in public.items()}
    body = {"device_keys": signed(whole), "one_time_keys": one_time}
    answer = session.ask("POST", "keys/upload", json=body)
    assert answer.json() == {"one_time_key_counts": {SIGNED: len(public)}}, answer.text
    return set(public.values())


def claim_all(session: Session, wanted: dict[str, dict[str, str]]) -> list[str]:
    """Claim until there is nothing left; return the public keys."""
    found: list[str] = []
    while True:
        answer = session.ask("POST", "keys/claim", json={"one_time_keys": wanted})
        assert answer.status_code == 200, answer.text
        keys = [
            key["key"]
            for devices in answer.json()["one_time_keys"].values()
            for by_name in devices.values()
            for key in by_name.values()
        ]
        if not keys:
            return found
        found += keys


def device_of(server: Serving, session: Session) -> str:
    url = f"{server.url}/_matrix/client/v3/account/whoami"
    device_id: str = httpx.get(url, headers=session.headers, timeout=40).json()["device_id"]
    return device_id


def test_eight_claimers_at_two_workers(tmp_path: Path, postgres_server: PostgresServer) -> None:
    """They all want keys of the same devices, named in different orders."""
    with (
        postgres_server.fresh_database() as url,
        serving(
            tmp_path, "--workers", "2", HOLDFAST_DATABASE=url, HOLDFAST_RATE_LIMITS="off"
        ) as server,
    ):
        owners = [sign_up(server, f"alice{number}") for number in range(DEVICES)]
        devices = {each.user_id: device_of(server, each) for each in owners}
        uploaded: set[str] = set()
        for owner in owners:
            uploaded |= publish(owner, devices[owner.user_id], KEYS)
        claimers = [sign_up(server, f"bob{number}") for number in range(CLAIMERS)]
        order = list(devices)
        wanted = [
            {user_id: {devices[user_id]: SIGNED} for user_id in order[n % 3 :] + order[: n % 3]}
            for n in range(CLAIMERS)
        ]
        with concurrent.futures.ThreadPoolExecutor(CLAIMERS) as threads:
            found = list(threads.map(claim_all, claimers, wanted))
        keys = [key for each in found for key in each]
        assert len(keys) == len(set(keys)) == len(uploaded) == KEYS * DEVICES
        assert set(keys) == uploaded
        assert all(len(each) > 0 for each in found), "they took turns"
