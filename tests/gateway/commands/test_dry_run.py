"""`telecare-gateway replay --what-if`: answers in plain English, and nothing of the hub changed."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from contract import SensorEvent
from gateway.cli import main
from tests.detectors.people import day_of, life, more_bathroom
from tests.gateway.events import recording
from tests.gateway.household import Household

ILL = more_bathroom(life(40, seed=2), range(31, 36), a_day=7, a_night=2)
EVENTS = [
    msgspec.structs.replace(one, home="h1")
    for one in ILL
    if one.sensor != "fridge-contact" or day_of(one) < 25
]
"""Of a person who falls ill, and whose fridge is heard no more."""


def file(path: Path, text: str) -> str:
    path.write_text(text, "utf-8")
    return str(path)


def replayed(*arguments: object) -> int:
    return main(["replay", *map(str, arguments)])


def test_the_answer_is_a_sentence_and_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = recording(tmp_path / "home.jsonl", EVENTS)
    change = file(tmp_path / "change.toml", "[homes.h1]\nbudget = { uti_risk = 3 }\n")
    out = tmp_path / "matches.jsonl"
    assert replayed(path, "--what-if", change, "--days", 12, "--alerts", out) == 0
    said = capsys.readouterr()
    assert "h1: 2025-03-28 to 2025-04-09, after 27 days to learn from" in said.out
    assert "in 12 days" in said.out
    assert "uti_risk bears 3 false alarms a month instead of 0.25" in said.out
    assert re.search(r"^ +now +changed$", said.out, re.MULTILINE)
    assert re.search(r"^  uti_risk +\d +\d$", said.out, re.MULTILINE)
    assert "Toileting pattern changed" in said.out
    assert "assessments" not in said.out
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert {line["condition"] for line in lines} >= {"uti_risk"}
    assert {line["found"] for line in lines} <= {"both", "only_now", "only_changed"}


def test_homes_that_are_not_there_or_not_changed_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = recording(tmp_path / "home.jsonl", EVENTS)
    change = file(tmp_path / "change.toml", "[homes.h7]\npeople = 2\n")
    assert replayed(path, "--what-if", change) == 1
    said = capsys.readouterr().err
    assert "1 of the homes would not be changed" in said
    assert "there is no event of home 'h7'" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--days", "10"), "give --what-if FILE.toml too"),
        (("--what-if", "change.toml", "--assessments", "a.jsonl"), "--alerts has the result"),
        (("--what-if", "wrong.toml"), "allowed are true and false"),
        (("--what-if", "none.toml"), "No such file"),
        (("--what-if", "change.toml", "--alerts", "change.toml"), "it would be lost"),
    ],
)
def test_what_does_not_go_together_is_exit_code_2_and_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    recording(tmp_path / "home.jsonl", EVENTS)
    file(tmp_path / "change.toml", "[default]\npeople = 2\n")
    file(tmp_path / "wrong.toml", "[default.risk]\ndementia = 1\n")
    assert replayed("home.jsonl", *arguments) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
    assert not (tmp_path / "a.jsonl").exists()


@pytest.fixture
def household(tmp_path: Path) -> Household:
    """A hub that has heard it all."""
    made = Household(tmp_path / "hub")
    path = recording(tmp_path / "heard.jsonl", EVENTS)
    assert main(["import", str(path), "--settings", str(made.path)]) == 0
    return made


def heard(household: Household) -> list[SensorEvent]:
    with household.journal() as journal:
        return list(journal.events_until(journal.last_seq))


def test_the_journal_of_a_hub_gives_what_its_recording_gives(
    tmp_path: Path, household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    homes = file(
        tmp_path / "homes.toml",
        '[homes.h1]\nsensors = [{ sensor = "bathroom-motion", kind = "motion", place = "bathroom" '
        '}, { sensor = "front-door", kind = "opening", place = "front_door" }]\n',  # of its hub
    )
    outputs = [tmp_path / name for name in ("journal.jsonl", "recording.jsonl")]
    own = ("--journal", "--settings", household.path)
    assert replayed(*own, "--alerts", outputs[0]) == 0
    path = tmp_path / "heard.jsonl"
    assert replayed(path, "--homes", homes, "--alerts", outputs[1]) == 0
    assert outputs[0].read_bytes() == outputs[1].read_bytes() != b""
    assert capsys.readouterr().out.count(f"{len(EVENTS):,} events of 1 home") == 2


def test_a_dry_run_of_the_journal_changes_nothing_of_the_hub(
    tmp_path: Path, household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    change = file(tmp_path / "change.toml", "[default.risk]\ncatheter = true\n")
    with household.journal() as journal:
        before = journal.last_seq, journal.engine_memory()
    own = ("--journal", "--settings", household.path)
    assert replayed(*own, "--what-if", change) == 0
    assert "uti_risk cannot say on" in capsys.readouterr().out
    with household.journal() as journal:
        assert (journal.last_seq, journal.engine_memory()) == before
    assert heard(household) == EVENTS


def test_a_hub_that_has_not_run_yet_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = Household(tmp_path / "new")
    assert replayed("--journal", "--settings", household.path) == 1
    assert "has the hub ever run?" in capsys.readouterr().err


def test_what_is_known_of_a_journals_home_stands_in_the_settings(
    tmp_path: Path, household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ("--journal", "--settings", household.path)
    assert replayed(*own, "--homes", tmp_path / "homes.toml") == 2
    assert "the hub's --settings say" in capsys.readouterr().err
    text = household.path.read_text().replace('home = "h1"', 'home = "h2"')
    household.path.write_text(text)
    assert replayed(*own) == 1
    assert "is the journal of home 'h1'" in capsys.readouterr().err
