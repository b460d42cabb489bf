"""What the environment sets stands above the file, and a slip in a name does not go unseen."""

from pathlib import Path

import pytest

from gateway.errors import HubError
from gateway.settings import files, load
from gateway.settings.environment import settable
from gateway.settings.secrets import broker_password
from gateway.toml_file import TomlError

FILE = '[hub]\nid = "hub-1"\nhome = "h1"\n[broker]\nport = 1883\n[budget]\nuti_risk = 0.5\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    one = tmp_path / "hub.toml"
    one.write_text(FILE)
    return one


def test_the_environment_stands_above_the_file_in_each_type(path: Path) -> None:
    settings = load(
        path,
        {
            "TELECARE_GATEWAY_HUB_ID": "1234",
            "TELECARE_GATEWAY_BROKER_PORT": "1999",
            "TELECARE_GATEWAY_CENTRE_URL": "https://centre.example",
            "TELECARE_GATEWAY_BUDGET_UTI_RISK": "0.25",
            "TELECARE_GATEWAY_RISK_DEMENTIA": "true",
            "TELECARE_GATEWAY_RISK_AGE": "80_or_more",
            "TELECARE_GATEWAY_METRICS_PORT": "9464",
            "TELECARE_GATEWAY_BROKER_PASSWORD": "secret",
            "TELECARE_RECORDINGS": "something else's",
        },
    )
    assert settings.hub.id == "1234"
    assert settings.broker.port == 1999
    assert settings.centre is not None
    assert settings.budget == {"uti_risk": 0.25}
    assert (settings.risk.dementia, settings.risk.age) == (True, "80_or_more")
    assert settings.metrics.port == 9464


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("BROKER_PORT", "0", "at least 1 and at most 65535"),
        ("BROKER_PORT", "soon", "at least 1 and at most 65535"),
        ("BROKER_HOST", "", "not empty"),
        ("BUDGET_UTI_RISK", "31", "more than 0 and at most 30"),
        ("RISK_DEMENTIA", "perhaps", "true and false"),
        ("CLOCK_SOURCE", "sun", 'allowed are "events", "wall"'),
        ("HUB_TIME_ZONE", "Mars/Base", "an IANA name"),
        ("CENTRE_URL", "http://10.0.0.1", "in the clear; use https://"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable_with_what_is_allowed(
    path: Path, name: str, text: str, says: str
) -> None:
    with pytest.raises(TomlError) as caught:
        load(path, {f"TELECARE_GATEWAY_{name}": text})
    assert str(caught.value).startswith(f"TELECARE_GATEWAY_{name}: ")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("BROKR_HOST", "the nearest is TELECARE_GATEWAY_BROKER_HOST"),
        ("BUDGET_UTI_RISKS", "the nearest is TELECARE_GATEWAY_BUDGET_UTI_RISK"),
        ("BROKER_PASSWRD", "the nearest is TELECARE_GATEWAY_BROKER_PASSWORD"),
        ("QQQQQQQQQQQQQQQQQ", "settings --keys names them all"),
    ],
)
def test_a_name_that_is_none_is_refused_with_the_nearest(path: Path, name: str, says: str) -> None:
    with pytest.raises(TomlError) as caught:
        load(path, {f"TELECARE_GATEWAY_{name}": "x"})
    assert f"TELECARE_GATEWAY_{name}: no such setting; " in str(caught.value)
    assert says in str(caught.value)


def test_a_slip_in_the_file_is_still_told_by_its_line(path: Path) -> None:
    path.write_text(FILE.replace("1883", '"x"'))
    with pytest.raises(TomlError, match=r"hub\.toml:5: broker\.port"):
        load(path, {"TELECARE_GATEWAY_HUB_ID": "a"})
    path.write_text("hub = 3\n")
    with pytest.raises(TomlError, match=r"hub: Expected `object`"):
        load(path, {"TELECARE_GATEWAY_HUB_ID": "a"})


def test_only_what_is_one_value_can_be_set_so() -> None:
    tables = {table for table, _ in settable().values()}
    assert tables >= {"hub", "broker", "centre", "clock", "metrics", "budget", "risk"}
    assert tables.isdisjoint({"sensors", "networks", "outcomes", "context", "rules"})
    assert ("unusual_day", "parameters") not in settable().values()


def test_the_password_of_the_environment_stands_above_the_files(path: Path) -> None:
    places = files(path, load(path))
    assert broker_password(places, {}) is None
    path.write_text(FILE.replace("[broker]", '[broker]\npassword_file = "secret"'))
    places = files(path, load(path))
    with pytest.raises(HubError, match="cannot be read"):
        broker_password(places, {})
    (path.parent / "secret").write_text("of the file\n")
    assert broker_password(places, {}) == "of the file"
    variables = {"TELECARE_GATEWAY_BROKER_PASSWORD": "of the environment"}
    assert broker_password(places, variables) == "of the environment"
