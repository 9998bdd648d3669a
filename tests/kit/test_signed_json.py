"""Canonical JSON and its signatures, held against the specification's own examples."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.kit.errors import BadJson
from holdfast.kit.signed_json import canonical, is_key, is_valid, signature_of, signed_part

# Appendices, "Cryptographic Test Vectors".
SEED = base64.b64decode("YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA0=")
EMPTY = "K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ"
WITH_DATA = "KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw"


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")


PUBLIC = text(Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, "{}"),
        ({"two": "Two", "one": 1}, '{"one":1,"two":"Two"}'),
        ({"b": {"d": [True, None], "c": -1}, "a": ""}, '{"a":"","b":{"c":-1,"d":[true,null]}}'),
        ({"本": 2, "日": 1}, '{"日":1,"本":2}'),
        ({"a": '日\u0001\n/\\"'}, '{"a":"日\\u0001\\n/\\\\\\""}'),
        ({"\U0001f600": 1, "\uffff": 2}, '{"\uffff":2,"\U0001f600":1}'),
        ({"n": (1 << 53) - 1}, '{"n":9007199254740991}'),
    ],
)
def test_one_text_for_one_value(value: Any, expected: str) -> None:
    assert canonical(value).decode() == expected


@pytest.mark.parametrize("value", [1.0, 1 << 53, -(1 << 53)])
def test_numbers_without_a_form_are_refused(value: Any) -> None:
    with pytest.raises(BadJson):
        canonical({"deep": [{"n": value}]})


@pytest.mark.parametrize(
    ("signed", "signature"), [({}, EMPTY), ({"one": 1, "two": "Two"}, WITH_DATA)]
)
def test_the_specifications_signatures_are_valid(signed: dict[str, Any], signature: str) -> None:
    whole = {**signed, "signatures": {"domain": {"ed25519:1": signature}}, "unsigned": {"age": 1}}
    found = signature_of(whole, "domain", "ed25519:1")
    assert found == signature
    assert is_valid(signed_part(whole), found, PUBLIC)
    assert not is_valid(signed_part({**whole, "more": 1}), found, PUBLIC)


@pytest.mark.parametrize("signature", [None, "", "AAAA", "not base64!", "é", EMPTY[:-2]])
def test_what_is_no_signature_is_not_valid(signature: str | None) -> None:
    assert not is_valid(b"{}", signature, PUBLIC)


@pytest.mark.parametrize("key", [b"\0" * 32, b"\1" + b"\0" * 31, b"\xff" * 32])
def test_keys_that_would_accept_anything_accept_nothing(key: bytes) -> None:
    """Of small order, or no point of the curve at all: nobody made them by chance."""
    for signature in (b"\0" * 64, b"\1" + b"\0" * 63, key + b"\0" * 32):
        assert not is_valid(b"{}", text(signature), text(key))


def test_what_is_nested_too_deeply_is_refused() -> None:
    value: Any = 1
    for level in range(2000):
        value = {"a": [value]} if level % 2 else [value]
        if level == 50:
            canonical(value)
    with pytest.raises(BadJson):
        canonical(value)


@pytest.mark.parametrize("key", ["", "AAAA", "not base64!", PUBLIC + "A", PUBLIC + "="])
def test_what_is_no_key_verifies_nothing(key: str) -> None:
    assert not is_key(key)
    assert not is_valid(b"{}", EMPTY, key)


@pytest.mark.parametrize("signatures", [None, [], {"domain": 1}, {"domain": {"ed25519:1": {}}}])
def test_signatures_of_another_shape_are_none(signatures: Any) -> None:
    assert signature_of({"signatures": signatures}, "domain", "ed25519:1") is None
