"""A recording of this home is taken in once, and never another home's."""

from pathlib import Path

import pytest

from contract import Alert, RecordKind, SensorEvent, decode
from contract.recordings import write_recording
from gateway.cli import main
from gateway.journal import Journal
from gateway.journal.lock import only_one
from tests.gateway.events import event
from tests.gateway.household import Household

EVENTS = [event(24 * day + hour) for day in range(20) for hour in (7, 7.0001, 12, 18, 22)]


def recording(tmp_path: Path, events: list[SensorEvent], name: str = "home.jsonl.gz") -> Path:
    path = tmp_path / name
    write_recording(path, events)
    return path


def take(household: Household, path: Path) -> int:
    return main(["import", str(path), "--settings", str(household.path)])


def test_it_is_taken_in_as_if_it_had_been_heard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = Household(tmp_path)
    assert take(household, recording(tmp_path, EVENTS)) == 0
    assert household.events() == EVENTS
    assert "100 events taken in, 0 were there already, 0 lines refused" in capsys.readouterr().out
    with household.journal() as journal:
        assert list(journal.records(RecordKind.ASSESSMENT))
        memory = journal.engine_memory()
        assert memory is not None
        assert memory.offset > 0
        assert journal.counters()["imported"] == 100


def test_twice_adds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    household = Household(tmp_path)
    path = recording(tmp_path, [*EVENTS, EVENTS[-1]])
    take(household, path)
    with household.journal() as journal:
        before = journal.last_seq
    capsys.readouterr()
    assert take(household, path) == 0
    assert "0 events taken in, 101 were there already" in capsys.readouterr().out
    with household.journal() as journal:
        assert journal.last_seq == before


def test_a_longer_recording_adds_only_what_is_new(tmp_path: Path) -> None:
    household = Household(tmp_path)
    take(household, recording(tmp_path, EVENTS[:60], "part.jsonl"))
    take(household, recording(tmp_path, EVENTS))
    assert household.events() == EVENTS


def test_in_portions_or_at_once_the_same_alerts_are_raised(tmp_path: Path) -> None:
    households = [Household(tmp_path / name) for name in ("whole", "portions")]
    take(households[0], recording(tmp_path, EVENTS))
    for number in range(10):
        portion = EVENTS[number * 10 : number * 10 + 10]
        take(households[1], recording(tmp_path, portion, f"{number}.jsonl"))
    said = []
    for household in households:
        with household.journal() as journal:
            kinds = (RecordKind.ASSESSMENT, RecordKind.ALERT)
            said.append([body for kind in kinds for _, body in journal.records(kind)])
    assert said[0] == said[1]


def test_what_the_centre_has_from_another_hub_is_not_sent_a_second_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = Household(tmp_path, centre="https://centre.example.org")
    path = recording(tmp_path, EVENTS)
    assert take(household, path) == 2
    assert "learns by itself" in capsys.readouterr().err
    assert not household.journal_path.exists()
    assert main(["import", str(path), "--send", "--settings", str(household.path)]) == 0
    assert household.events() == EVENTS


def test_another_homes_events_are_refused_as_a_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = Household(tmp_path)
    path = recording(tmp_path, [event(1), event(2, home="h2")])
    assert take(household, path) == 1
    assert "holds events of home 'h2', but this hub's home is 'h1'" in capsys.readouterr().err
    assert household.events() == []


def test_what_is_yet_to_come_is_refused_as_a_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = Household(tmp_path)
    assert take(household, recording(tmp_path, [event(1), event(24 * 365 * 50)])) == 1
    assert "which is yet to come by this hub's clock" in capsys.readouterr().err
    assert household.events() == []


def test_what_is_older_than_the_hub_has_heard_is_kept_and_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = Household(tmp_path)
    take(household, recording(tmp_path, EVENTS[50:]))
    assert take(household, recording(tmp_path, EVENTS)) == 0
    assert "50 of them are older than what the hub had already heard" in capsys.readouterr().err
    assert [one.quality for one in household.events()].count("late") == 50


def test_lines_that_are_no_events_are_shown_and_stop_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = Household(tmp_path)
    path = recording(tmp_path, EVENTS[:2], "home.jsonl")
    path.write_bytes(b"{\n" + path.read_bytes())
    assert take(household, path) == 0
    assert f"{path}:1: not JSON" in capsys.readouterr().err
    assert len(household.events()) == 2


@pytest.mark.parametrize("name", ["home.jsonl", "home.jsonl.gz"])
def test_of_a_recording_that_was_cut_short_the_rest_is_known_to_be_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    household = Household(tmp_path)
    events = [event(number * 0.7) for number in range(3000)]
    path = recording(tmp_path, events, name)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3 - 9])
    assert take(household, path) == 1
    heard = household.events()
    said = f"{path} is cut short in line {len(heard) + 1}: what stands before it is taken in"
    assert said in capsys.readouterr().err
    assert 0 < len(heard) < len(events)
    path.write_bytes(whole)
    assert take(household, path) == 0
    assert household.events() == events


@pytest.mark.parametrize("name", ["letter.txt", "letter.jsonl.gz", "letter.jsonl"])
@pytest.mark.parametrize("said", ["Dear all,\n", ""])
def test_what_is_no_recording_is_not_passed_off_as_taken_in_and_makes_no_journal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    household = Household(tmp_path)
    letter = tmp_path / name
    letter.write_text(said)
    assert take(household, letter) == 1
    assert f"{letter}: holds no event; nothing was taken in" in capsys.readouterr().err
    assert not household.journal_path.parent.exists()


def test_it_does_not_write_beside_a_running_hub(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = Household(tmp_path)
    with only_one(household.journal_path):
        assert take(household, recording(tmp_path, EVENTS)) == 1
    assert "another hub process uses this data folder; stop it first" in capsys.readouterr().err


def test_a_recording_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(Household(tmp_path), tmp_path / "none.jsonl") == 2
    assert "there is no recording" in capsys.readouterr().err


def test_alerts_of_the_past_are_not_lost_on_the_way_to_the_centre(tmp_path: Path) -> None:
    household = Household(tmp_path)
    hours = [24 * day + hour for day in range(40) for hour in range(7, 23)]
    lived = [event(hour, "kitchen") for hour in hours]
    fell_silent = [event(hour + 0.5, "lounge") for hour in hours if hour < 24 * 25]
    take(household, recording(tmp_path, sorted([*lived, *fell_silent], key=lambda one: one.at)))
    with Journal.open_read_only(household.journal_path) as journal:
        alerts = [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]
        assert alerts
        assert journal.outbox.waiting() == journal.last_seq
