"""Settings that follow from others."""

from pathlib import Path

import pytest

from holdfast.config import Settings, SmtpServer, load_settings


def settings(**flags: str) -> Settings:
    return load_settings(environ={}, flags=flags)


def test_defaults_that_follow() -> None:
    found = settings(host="127.0.0.2", port="99", data_dir="d", server_name="a.org:8448")
    assert found.public_url == "http://127.0.0.2:99"
    assert found.database == "sqlite:///d/holdfast.db"
    assert found.sqlite_path == Path("d/holdfast.db")
    assert found.mail_from == "Holdfast <no-reply@a.org>"
    assert settings(host="::1").public_url == "http://[::1]:8008"
    assert settings(host="::").public_url == "http://localhost:8008"
    assert settings(server_name="[::1]:1").mail_from == "Holdfast <no-reply@[IPv6:::1]>"
    assert settings(database="postgresql:///x").sqlite_path is None


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("localhost.example.org", False),
    ],
)
def test_registration_is_open_on_this_machine_only(host: str, *, loopback: bool) -> None:
    found = settings(host=host)
    assert found.bound_to_loopback is loopback
    assert found.effective_registration == ("open" if loopback else "token")
    assert found.development_mailbox is loopback
    assert found.mail_enabled is loopback


@pytest.mark.parametrize(
    "flags", [{"public_url": "https://matrix.example.org"}, {"trusted_proxies": "127.0.0.1"}]
)
def test_a_reverse_proxy_lets_others_in(flags: dict[str, str]) -> None:
    """Otherwise the mailbox would show everybody's reset links to the whole internet."""
    found = settings(**flags)
    assert found.bound_to_loopback
    assert found.effective_registration == "token"
    assert not found.development_mailbox


def test_what_is_set_holds_anywhere() -> None:
    assert settings(host="0.0.0.0", registration="open").effective_registration == "open"
    assert settings(registration="closed").effective_registration == "closed"


def test_mail() -> None:
    found = settings(host="0.0.0.0", smtp_url="smtp://mail.example.org")
    assert found.mail_enabled
    assert not found.development_mailbox
    assert not settings(smtp_url="smtp://localhost").development_mailbox


def test_a_password_in_the_clear_is_noticed() -> None:
    assert SmtpServer("mail.example.org", 25, "smtp", "a", "b").exposes_password
    assert not SmtpServer("127.0.0.1", 25, "smtp", "a", "b").exposes_password
    assert not SmtpServer("mail.example.org", 465, "smtps", "a", "b").exposes_password
    assert not SmtpServer("mail.example.org", 25, "smtp").exposes_password


def test_settings_are_frozen() -> None:
    with pytest.raises(AttributeError):
        settings().port = 1  # type: ignore[misc]  # that it is refused is what this shows
