"""A wrong setting must be found by the person who made it, at once, with the way to mend it."""

from pathlib import Path

import pytest

from api.settings import ALLOWED, Settings, SettingsError, read_settings, variable


def test_nothing_set_is_a_centre_of_its_own_on_this_machine_alone() -> None:
    settings = read_settings({})
    assert settings == Settings()
    assert settings.host == "127.0.0.1"
    assert settings.database_url == ""


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "centre.toml"
    file.write_text('port = 9000\nlease_minutes = 5\nhost = "::1"\n')
    environment = {"TELECARE_PORT": "9001", "DATABASE_URL": "postgresql://centre@db/centre"}
    settings = read_settings(environment, file)
    assert (settings.port, settings.lease_minutes, settings.host) == (9001, 5.0, "::1")
    assert settings.database_url == "postgresql://centre@db/centre"
    assert read_settings({"TELECARE_SETTINGS": str(file)}).port == 9000


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"TELECARE_PORT": "70000"}, "TELECARE_PORT: '70000' will not do; allowed: a TCP port"),
        ({"TELECARE_PORT": "http"}, "TELECARE_PORT: 'http' will not do"),
        ({"TELECARE_LEASE_MINUTES": "0"}, "minutes a claim holds"),
        ({"TELECARE_SESSION_HOURS": "nan"}, "TELECARE_SESSION_HOURS"),
        ({"TELECARE_CONNECTIONS": "1"}, "from 2 to 1000"),
        ({"DATABASE_URL": "mysql://root:secret@db"}, "DATABASE_URL: not a PostgreSQL URL"),
        ({"DATABASE_URL": "postgresql://u:secret@db:99999/x"}, "DATABASE_URL: not a PostgreSQL"),
        ({"TELECARE_TLS_CERT": "x.pem"}, "set both"),
        ({"TELECARE_TLS_CERT": __file__, "TELECARE_TLS_KEY": __file__}, "do not serve together"),
        ({"TELECARE_TLS_CERT": "x.pem", "TELECARE_TLS_KEY": "y.pem"}, "no file x.pem"),
        (
            {"TELECARE_PROT": "1"},
            "TELECARE_PROT: there is no such setting; did you mean TELECARE_PORT",
        ),
        ({"TELECARE_SECRET_KEYFILE": "k"}, "did you mean TELECARE_SECRET_KEY_FILE?"),
        ({"TELECARE_SETTING": "x.toml"}, "did you mean TELECARE_SETTINGS?"),
        ({"TELECARE_SETTINGS": "/nowhere.toml"}, "/nowhere.toml: cannot be read"),
    ],
)
def test_a_wrong_one_is_named_with_what_is_allowed(environment: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        read_settings(environment)
    assert says in str(wrong.value)
    assert "secret" not in str(wrong.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prot = 1", "prot: there is no such setting; there are database_url, data, host"),
        ('port = "9000x"', "port: '9000x' will not do"),
        ("port = true", "port: True will not do"),
        ("host = 5", "host: 5 will not do; allowed: the address"),
        ("port = ", "not TOML"),
        ("\xff\xfe", "centre.toml"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "centre.toml"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError) as wrong:
        read_settings({}, file)
    assert str(file) in str(wrong.value)
    assert says in str(wrong.value)


def test_every_setting_is_said_in_words_and_in_the_handbook() -> None:
    assert set(ALLOWED) == set(Settings.__struct_fields__)
    handbook = (Path(__file__).parents[2] / "docs" / "centre.md").read_text("utf-8")
    for key in ALLOWED:
        assert f"`{key}`" in handbook
        assert f"`{variable(key)}`" in handbook


def test_names_that_are_somebody_else_s_stop_nothing_but_are_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    others = {"TELECARE_GATEWAY_BROKER_HOST": "b", "TELECARE_RECORDINGS": "r"}
    assert read_settings(others) == Settings()
    assert caplog.text == ""
    assert read_settings({"TELECARE_PORT_8000_TCP_ADDR": "tcp://10.0.0.1"}) == Settings()
    assert "TELECARE_PORT_8000_TCP_ADDR is no setting of the centre" in caplog.text
