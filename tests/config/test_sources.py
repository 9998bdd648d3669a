"""Where a setting comes from: a flag beats the environment, which beats the file."""

from pathlib import Path

import pytest

from holdfast.config import Loaded, SettingsError, load

FILE = '[server]\nname = "from.file"\n'
ENVIRONMENT = {"HOLDFAST_SERVER_NAME": "from.environment"}
FLAG = {"server_name": "from.flag"}


def written(folder: Path, text: str = FILE) -> Path:
    path = folder / "some.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("flag", [False, True])
@pytest.mark.parametrize("environment", [False, True])
@pytest.mark.parametrize("file", [False, True])
def test_the_nearest_source_wins(
    tmp_path: Path, *, file: bool, environment: bool, flag: bool
) -> None:
    found = load(
        written(tmp_path) if file else written(tmp_path, ""),
        environ=ENVIRONMENT if environment else {},
        flags=FLAG if flag else {"server_name": None},
    )
    expected = "localhost"
    for given, name in ((file, "file"), (environment, "environment"), (flag, "flag")):
        expected = f"from.{name}" if given else expected
    assert found.settings.server_name == expected


def test_each_setting_comes_from_its_own_source(tmp_path: Path) -> None:
    path = written(tmp_path, '[server]\nname = "a"\nhost = "::1"\nport = 1\n')
    found = load(path, environ={"HOLDFAST_PORT": "2", "OTHER": "x"}, flags={"log_level": "debug"})
    assert (found.settings.server_name, found.settings.port) == ("a", 2)
    assert found.sources == {
        "server_name": f"{path}: server.name",
        "host": f"{path}: server.host",
        "port": "environment variable HOLDFAST_PORT",
        "log_level": "flag --log-level",
    }


def test_the_file_in_the_working_directory_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(environ={}) == Loaded(load(environ={}).settings, {})
    (tmp_path / "holdfast.toml").write_text(FILE)
    assert load(environ={}).settings.server_name == "from.file"


def test_a_named_file_is_read_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "holdfast.toml").write_text(FILE)
    other = written(tmp_path, '[server]\nname = "other"\n')
    assert load(other, environ={}).settings.server_name == "other"
    by_variable = {"HOLDFAST_CONFIG": str(other)}
    assert load(environ=by_variable).settings.server_name == "other"
    nowhere = {"HOLDFAST_CONFIG": str(tmp_path / "nowhere.toml")}
    assert load(other, environ=nowhere).settings.server_name == "other"


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.toml"
    with pytest.raises(SettingsError) as error:
        load(path, environ={})
    assert str(error.value) == f"{path}: there is no such file."
    with pytest.raises(SettingsError, match="there is no such file"):
        load(environ={"HOLDFAST_CONFIG": str(path)})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be read \(Is a directory\)"):
        load(tmp_path, environ={})
    with pytest.raises(SettingsError, match=r"some\.toml: is not valid TOML: .*line 1"):
        load(written(tmp_path, "[server\n"), environ={})
    (tmp_path / "latin.toml").write_bytes(b'a = "\xe4"')
    with pytest.raises(SettingsError, match="must be UTF-8"):
        load(tmp_path / "latin.toml", environ={})


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    found = load(written(tmp_path), environ={"HOLDFAST_SERVER_NAME": "", "HOLDFAST_SMTP_URL": " "})
    assert found.settings.server_name == "from.file"
    assert found.settings.smtp_url is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[server]\nprot = 1\n", "there is no setting server.prot (did you mean server.port?)."),
        ("[sever]\nport = 1\n", "there is no section [sever] (did you mean server?)."),
        ("port = 1\n", "there is no setting port outside a section (did you mean server.port?)."),
        ("[mail]\nport = 1\n", "there is no setting mail.port (did you mean server.port?)."),
        ("[mail]\nzzz = 1\n", "there is no setting mail.zzz."),
        ("[server.name]\nx = 1\n", "server.name: expected a host name"),
        ("[server]\nport = '1x'\n", "server.port: expected a whole number from 1 to 65535, not"),
        ("[server]\nport = true\n", "server.port: expected a whole number from 1 to 65535, not"),
        ("[server]\nport = 1.5\n", "server.port: expected a whole number from 1 to 65535, not"),
        ("[server]\nname = 3\n", "server.name: expected a host name or address"),
        ("[limits]\nenabled = 2\n", "limits.enabled: expected on or off, not '2'."),
    ],
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as error:
        load(path, environ={})
    assert str(error.value).startswith(f"{path}: {message}")


def test_an_unknown_variable_is_named() -> None:
    with pytest.raises(SettingsError) as error:
        load(environ={"HOLDFAST_SERVERNAME": "x"})
    assert str(error.value) == (
        "environment variable HOLDFAST_SERVERNAME: there is no such setting "
        "(did you mean HOLDFAST_SERVER_NAME?)."
    )


def test_a_malformed_variable_and_flag_are_named() -> None:
    with pytest.raises(
        SettingsError, match=r"^environment variable HOLDFAST_PORT: expected a whole"
    ):
        load(environ={"HOLDFAST_PORT": "http"})
    with pytest.raises(SettingsError, match=r"^flag --locked-lifetime: expected a length of time"):
        load(environ={}, flags={"locked_lifetime": "long"})


def test_more_than_one_worker_needs_postgresql() -> None:
    with pytest.raises(SettingsError) as error:
        load(environ={"HOLDFAST_WORKERS": "2"})
    assert str(error.value).startswith(
        "environment variable HOLDFAST_WORKERS: more than one worker"
    )
    database = {"HOLDFAST_DATABASE": "postgresql://localhost/holdfast"}
    assert load(environ=database, flags={"workers": "2"}).settings.workers == 2
