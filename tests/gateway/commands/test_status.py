"""Whoever stands before a hub sees in a few lines what it hears, what it refuses, what is stuck."""

from collections import Counter
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from gateway.cli import main
from gateway.journal import Intake, Journal
from gateway.journal.intake import quarantined
from gateway.journal.journal import EngineMemory
from gateway.report.report import Report, Reporter, report
from gateway.settings import files
from tests.gateway.events import START, alert, event
from tests.gateway.household import Household


@pytest.fixture
def household(tmp_path: Path) -> Household:
    """A hub that has heard a little, has an open alert, and cannot reach its centre."""
    one = Household(tmp_path, centre="https://centre.example", port=1883)
    with Journal.open(one.journal_path, "hub-1", "h1") as journal:
        intake = Intake(
            events=[event(1)],
            counts=Counter(messages=5, refused=1),
            quarantine=[quarantined(START, "zigbee2mqtt/plug", "not JSON: cut short", b"{")],
        )
        intake.devices = {"front-door": b'{"heard_at":1000.0,"battery":41.0,"online":false}'}
        journal.write_intake(intake, START)
        journal.write_outputs([alert(2)], EngineMemory(1, None, b""), Counter(), START)
        journal.write_note("broker", "", START)
        journal.write_note("centre", "the centre answers 403: No.", START)
    return one


def test_it_says_what_a_person_at_the_hub_needs(
    household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--settings", str(household.path)]) == 0
    shown = capsys.readouterr().out
    for words in (
        "hub hub-1 of home h1 (telecare",
        "broker    not in touch, as the hub does not run, last noted",
        "as the hub does not run; before, the centre answers 403: No., last noted",
        "2 records, 2 not yet received by the centre",
        "alerts    1 open",
        "uti_risk since 2026-03-01 02:00 UTC",
        "battery 41 %, offline",
        "bathroom-motion          bathroom       never heard",
        "zigbee2mqtt/plug: not JSON: cut short",
    ):
        assert words in shown


def test_a_program_gets_the_same_as_json(
    household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--json", "--settings", str(household.path)]) == 0
    found = msgspec.json.decode(capsys.readouterr().out)
    assert found["records"] == 2
    assert found["health"]["queued"] == 2
    assert found["health"]["counters"] == {"messages": 5, "refused": 1}
    assert found["centre"]["why"].endswith("; before, the centre answers 403: No.")
    assert [alert["condition"] for alert in found["open_alerts"]] == ["uti_risk"]


def test_a_clock_that_went_back_is_shown_since_nothing_is_detected_meanwhile(
    household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    with Journal.open(household.journal_path, "hub-1", "h1") as journal:
        journal.write_intake(Intake(newest=4e9), START)
    assert main(["status", "--settings", str(household.path)]) == 0
    assert "hours behind the newest event" in capsys.readouterr().out


def test_a_hub_that_never_ran_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--settings", str(Household(tmp_path).path)]) == 1
    assert "has the hub ever run?" in capsys.readouterr().err


def test_wrong_settings_are_one_line_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hub.toml"
    path.write_text("[hub]\nid = 3\n")
    for command in (["status"], ["run"], ["claim", "x"]):
        assert main([*command, "--settings", str(path)]) == 2
        said = capsys.readouterr().err
        assert said.startswith(f"{path}:2: hub.id: ")
        assert said.count("\n") == 1


def lasting(found: Report) -> Report:
    """A report without what differs from one moment to the next."""
    health = msgspec.structs.replace(found.health, machine=None, disk_free_bytes=None)
    return msgspec.structs.replace(found, health=health)


def test_a_report_that_is_kept_up_is_the_one_that_is_read_anew(household: Household) -> None:
    places = files(household.path, household.settings)
    with closing(Reporter(household.settings, places)) as reporter:
        assert [one.id for one in reporter.report(START).open_alerts] == ["a"]
        (open_alert,) = reporter.report(START).open_alerts
        with Journal.open(household.journal_path, "hub-1", "h1") as journal:
            cleared = msgspec.structs.replace(open_alert, phase="cleared")
            other = msgspec.structs.replace(open_alert, id="b")
            journal.write_outputs([cleared, other], EngineMemory(1, None, b""), Counter(), START)
            journal.write_intake(Intake(events=[event(3)]), START)
        kept_up = reporter.report(START)
        assert [one.id for one in kept_up.open_alerts] == ["b"]
        anew = report(household.settings, places, START)
        assert lasting(kept_up) == lasting(anew)
        assert len(reporter.newest_events(9)) == 2


def test_a_journal_that_takes_anothers_place_is_read(household: Household) -> None:
    places = files(household.path, household.settings)
    with closing(Reporter(household.settings, places)) as reporter:
        before = reporter.report(START)
        for path in household.journal_path.parent.glob("journal.sqlite*"):
            path.rename(path.with_name(f"old-{path.name}"))
        Journal.open(household.journal_path, "hub-1", "h1").close()
        after = reporter.report(START)
    assert before.epoch != after.epoch
    assert (after.records, after.open_alerts) == (0, [])


@pytest.mark.parametrize(
    "command",
    [
        ["status"], ["sensors"], ["quarantine"], ["quarantine", "clear"],
        ["tail", "--seconds", "0"], ["export", "out.jsonl"], ["backup", "copy.sqlite"],
    ],
)  # fmt: skip
def test_nothing_of_a_home_is_shown_or_cleared_with_the_settings_of_another(
    household: Household,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(household.path.parent)
    household.path.write_text(household.path.read_text().replace('"h1"', '"h2"'))
    assert main([*command, "--settings", str(household.path)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "is the journal of hub 'hub-1' in home 'h1', but the settings say" in shown.err
    assert shown.err.count("\n") == 1
    assert not list(household.path.parent.glob("*.jsonl"))
    assert not list(household.path.parent.glob("copy*"))
