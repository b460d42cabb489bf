"""Whoever looks at a hub sees what holds, where it was set, and what could be; never a secret."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.cli import main
from gateway.commands.settings import as_toml, printed
from gateway.settings import load
from gateway.settings.manual import keys, schema
from gateway.settings.sources import held

FILE = """\
[hub]
id = "hub-1"
home = "h1"

[broker]
password_file = "secret"

[budget]
uti_risk = 0.5

[unusual_day]
scorer = "HalfSpaceTrees"
parameters = { n_trees = 12 }

[[outcomes]]
condition = "uti_risk"
outcome = "false_alarm"
on = 2026-05-03

[[rules]]
kind = "no_use"
name = "tea \\"by\\" ten"
by = "10:00"
weekdays = ["mon", "tue"]

[[sensors]]
name = "bathroom-pir"
kind = "motion"
place = "bathroom"

[[sensors]]
name = "kettle"
kind = "appliance"
place = "kettle"
on_w = 800
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    one = tmp_path / "hub.toml"
    one.write_text(FILE)
    (tmp_path / "secret").write_text("hunter2")
    return one


def shown(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["settings", "--settings", str(path), *options]) == 0
    return capsys.readouterr().out


def test_each_value_stands_with_its_source(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELECARE_GATEWAY_BROKER_PORT", "1884")
    monkeypatch.setenv("TELECARE_GATEWAY_BROKER_PASSWORD", "swordfish")
    text = shown(path, capsys)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for line in (
        'id = "hub-1" # hub.toml:2',
        'time_zone = "Europe/London" # default',
        "port = 1884 # TELECARE_GATEWAY_BROKER_PORT",
        "# username: not set",
        "uti_risk = 0.5 # hub.toml:9",
        "on_w = 800.0 # hub.toml:35",
        "# [centre]: none",
    ):
        assert line in lines, line
    assert "is never shown" in text or "it is never shown" in text
    assert "swordfish" not in text
    assert "hunter2" not in text


def test_what_is_printed_is_a_settings_file_that_means_the_same(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = load(path)
    path.write_text(shown(path, capsys))
    assert load(path) == before
    assert before.unusual_day is not None


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_no_text_makes_what_is_printed_another_file(name: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hub.toml"
        path.write_text(FILE.replace('"kettle"\nkind', f"{as_toml(name)}\nkind"), "utf-8")
        before = load(path)
        assert before.sensors[1].name == name
        path.write_text("\n".join(printed(held(path, before, {}))), "utf-8")
        assert load(path) == before


def test_a_program_gets_values_and_sources_as_json(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = msgspec.json.decode(shown(path, capsys, "--json"))
    found = {one["key"]: one for one in told}
    assert found["sensors[1].on_w"]["value"] == 800
    assert found["sensors[1].on_w"]["source"] == "hub.toml:35"
    assert found["sensors[0].on_w"]["source"] == "default"


def test_every_key_says_what_it_is_for_and_what_is_allowed(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    silent = [f"{one.table}.{one.name}" for one in keys() if not one.about]
    assert silent == []
    markup = [f"{one.table}.{one.name}" for one in keys() if ":`" in one.about]
    assert markup == []
    text = shown(path, capsys, "--keys")
    assert all(f"\n  {one.name}\n" in text for one in keys())
    assert "allowed is a number at least 1 and at most 65535; default 1883" in text
    assert "TELECARE_GATEWAY_BROKER_PORT" in text
    assert '[[rules]]  kind = "no_use"' in text


def test_keys_and_schema_need_no_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "[broker]" in shown(tmp_path / "none.toml", capsys, "--keys")
    printed: dict[str, Any] = msgspec.json.decode(shown(tmp_path / "none.toml", capsys, "--schema"))
    assert printed == msgspec.json.decode(msgspec.json.encode(schema()))
    port = printed["$defs"]["Broker"]["properties"]["port"]
    assert (port["minimum"], port["maximum"]) == (1, 65_535)
    assert port["description"] == "On which it listens there."
    assert "Attributes" not in msgspec.json.encode(printed).decode()
    tables = printed["$defs"]
    told = {
        (name, key)
        for name, table in tables.items()
        for key, value in table.get("properties", {}).items()
        if "description" in value
    }
    assert ("Sensor", "on_w") in told
    assert ("NoUse", "by") in told


def test_wrong_settings_are_one_line_and_exit_code_2(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path.write_text("[hub]\nid = 3\n")
    assert main(["settings", "--settings", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"{path}:2: hub.id: ")


def test_a_mark_that_some_editors_put_before_a_file_hinders_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hub.toml"
    path.write_bytes(b"\xef\xbb\xbf" + FILE.encode())
    (tmp_path / "secret").write_text("secret")
    assert main(["settings", "--settings", str(path)]) == 0
    assert "hub.toml:2" in capsys.readouterr().out
