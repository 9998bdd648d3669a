"""What each kind of setting accepts, and what it refuses."""

import contextlib
import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.config import SETTINGS, Limit, Settings, SettingsError, SmtpServer, load_settings
from holdfast.config.definition import shown

BY_FIELD = {setting.field: setting for setting in SETTINGS}
SECRET = "gEheim%2F1"


def read(field: str, text: str) -> object:
    return getattr(load_settings(environ={}, flags={field: text}), field)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("server_name", "example.org", "example.org"),
        ("server_name", "localhost:8448", "localhost:8448"),
        ("server_name", "192.0.2.1:80", "192.0.2.1:80"),
        ("server_name", "[2001:db8::1]:8448", "[2001:db8::1]:8448"),
        ("public_url", "https://Matrix.Example.org/", "https://matrix.example.org"),
        ("public_url", "http://[::1]:8008", "http://[::1]:8008"),
        ("host", "[::1]", "::1"),
        ("host", "0.0.0.0", "0.0.0.0"),
        ("data_dir", "a/b", Path("a/b")),
        ("locked_lifetime", "30d", 30 * 86400),
        ("locked_lifetime", "2w", 14 * 86400),
        ("locked_lifetime", "90", 90),
        ("body_timeout", "90s", 90),
        ("body_timeout", "10 m", 600),
        ("access_token_lifetime", "1H", 3600),
        ("max_body_bytes", "50MiB", 50 << 20),
        ("max_body_bytes", "64 kib", 1 << 16),
        ("max_body_bytes", "70000", 70000),
        ("login_limit", "5 per 10s", Limit(5, 10, 5)),
        ("login_limit", "5 per 10", Limit(5, 10, 5)),
        ("login_limit", "10 per minute", Limit(10, 60, 10)),
        ("login_limit", "3 per 2h, burst 9", Limit(3, 7200, 9)),
        ("rate_limits", "off", False),
        ("rate_limits", "TRUE", True),
        ("registration", "Token", "token"),
        ("default_room_version", "11", "11"),
        ("trusted_proxies", "10.0.0.0/8, ::1", ("10.0.0.0/8", "::1/128")),
        ("smtp_url", "smtp://mail.example.org", SmtpServer("mail.example.org", 25, "smtp")),
        ("smtp_url", "smtps://[::1]", SmtpServer("::1", 465, "smtps")),
        (
            "smtp_url",
            "smtp+starttls://a%40b.c:p%3Aw@h:2525",
            SmtpServer("h", 2525, "smtp+starttls", "a@b.c", "p:w"),
        ),
        ("mail_from", "Holdfast <a@example.org>", "Holdfast <a@example.org>"),
        ("mail_from", "a@example.org", "a@example.org"),
        ("database", "sqlite:////var/lib/x.db", "sqlite:////var/lib/x.db"),
        ("database", "postgresql:///x?host=/run", "postgresql:///x?host=/run"),
        ("sms_gateway_url", "https://sms.example.org/a?b=c", "https://sms.example.org/a?b=c"),
    ],
)
def test_accepted(field: str, text: str, value: object) -> None:
    found = read(field, text)
    if field == "trusted_proxies":
        assert isinstance(value, tuple)
        value = tuple(map(ipaddress.ip_network, value))
    assert found == value


@pytest.mark.parametrize(
    ("field", "texts"),
    [
        ("server_name", ["", "a b", "ä.org", "a:0x1", "a:99999", "[::1", "[nope]", "a" * 231]),
        ("public_url", ["example.org", "ftp://a", "http://", "https://a/b", "https://a?b"]),
        (
            "public_url",
            ["https://a#", "https://u@a", "https://a:b", "https://a:99999", "http://a b"],
        ),
        ("host", ["", "a b", "::1::", "http://a"]),
        ("port", ["0", "65536", "-1", "1.0", "", "１"]),
        ("workers", ["0", "257"]),
        ("data_dir", ["", "a\0b"]),
        ("locked_lifetime", ["", "30 days", "-1d", "1.5h", "59s", "99999d"]),
        ("max_body_bytes", ["1", "1MB", "2GiB", "x"]),
        ("login_limit", ["5", "5/10s", "0 per 10s", "5 per 0s", "5 per 10s burst 0", "a per b"]),
        ("rate_limits", ["", "maybe", "2"]),
        ("registration", ["", "invite"]),
        ("default_room_version", ["0", "13", "org.matrix.x"]),
        ("trusted_proxies", ["10.0.0.1/8", "localhost", "a,b"]),
        ("mail_from", ["", "nobody", "a@b\nBcc: c@d", "<a@b", "A <a@b> c"]),
        ("admin_contact", ["a\nb"]),
        ("database", ["mysql://a/b", "sqlite://a", "sqlite:///", "postgresql://a", "holdfast.db"]),
        ("log_format", ["xml"]),
        ("sms_gateway_url", ["sms.example.org", "ftp://a"]),
    ],
)
def test_refused(field: str, texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(SettingsError) as error:
            read(field, text)
        setting = BY_FIELD[field]
        expected = f"flag {setting.flag_name}: expected {setting.kind.expects}"
        assert str(error.value).startswith(expected), text


@given(st.sampled_from(sorted(BY_FIELD)), st.text())
def test_no_text_breaks_a_setting(field: str, text: str) -> None:
    with contextlib.suppress(SettingsError):
        read(field, text)


@given(st.sampled_from(sorted(BY_FIELD)), st.one_of(st.integers(), st.floats(), st.booleans()))
def test_no_other_toml_value_breaks_a_setting(field: str, value: object) -> None:
    with contextlib.suppress(ValueError):
        BY_FIELD[field].kind.parse(value)


@pytest.mark.parametrize(
    "text",
    [
        f"smtp://user:{SECRET}@",
        f"smtp://user:{SECRET}@host:port",
        f"http://user:{SECRET}@host",
        f"smtp://:{SECRET}@host",
    ],
)
def test_errors_hold_no_secret(text: str) -> None:
    for field in ("smtp_url", "database", "sms_gateway_url"):
        if field == "sms_gateway_url" and text.startswith("http:"):
            continue
        with pytest.raises(SettingsError) as error:
            read(field, text)
        assert "gEheim" not in str(error.value)
        assert error.value.__cause__ is None


@pytest.mark.parametrize(
    "flags",
    [
        {"smtp_url": f"smtps://user:{SECRET}@host"},
        {"database": f"postgresql://user:{SECRET}@host/name"},
        {"database": f"postgresql:///name?user=a&password={SECRET}"},
        {"sms_gateway_url": f"https://host/?key={SECRET}"},
    ],
)
def test_settings_do_not_show_secrets(flags: dict[str, str]) -> None:
    settings = load_settings(environ={}, flags=flags)
    assert "gEheim" not in f"{settings!r} {settings}"
    assert "***" in repr(settings)


def test_defaults_are_written_as_an_operator_would() -> None:
    """Each default that stands for itself is accepted when it is written into a file."""
    for setting in SETTINGS:
        if not setting.fallback and setting.default not in ("", None):
            text = shown(setting, setting.default)
            assert setting.kind.parse(text) == setting.default, setting.key


def test_every_setting_has_a_name_of_its_own() -> None:
    assert len({each.key for each in SETTINGS}) == len(SETTINGS)
    assert len({each.flag_name for each in SETTINGS}) == len(SETTINGS)
    assert {each.field for each in SETTINGS} == set(vars(Settings()))
