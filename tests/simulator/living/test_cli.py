"""`telecare-simulator generate`: the homes one asks for, with what one lets befall them."""

from itertools import pairwise
from pathlib import Path

import pytest

from simulator.cli import main
from simulator.living.episode_spec import HELP, parse_episode
from simulator.living.episodes import DAY_S, EpisodeKind
from tests.simulator.importers.reading import read_back
from tests.simulator.living.measures import bathroom


def generated(tmp_path: Path, name: str, *arguments: str) -> Path:
    out = tmp_path / name
    assert main(["generate", *arguments, "--out", str(out)]) == 0
    return out


def test_homes_are_merged_in_order_of_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = read_back(generated(tmp_path, "a.jsonl.gz", "--homes", "3", "--days", "4"))
    assert {event.home for event in events} == {"home1", "home2", "home3"}
    assert all(early.at <= late.at for early, late in pairwise(events))
    assert f"{len(events):,} events of 3 homes over 4 days" in capsys.readouterr().out


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    one = generated(tmp_path, "one.jsonl.gz", "--days", "2", "--seed", "5")
    two = generated(tmp_path, "two.jsonl.gz", "--days", "2", "--seed", "5")
    three = generated(tmp_path, "three.jsonl.gz", "--days", "2", "--seed", "6")
    assert one.read_bytes() == two.read_bytes() != three.read_bytes()


def test_a_home_is_the_same_however_many_are_made(tmp_path: Path) -> None:
    few = read_back(generated(tmp_path, "few.jsonl", "--days", "2", "--homes", "2"))
    many = read_back(generated(tmp_path, "many.jsonl", "--days", "2", "--homes", "4"))
    assert [e for e in many if e.home == "home2"] == [e for e in few if e.home == "home2"]


def test_an_episode_befalls_its_home_and_no_other(tmp_path: Path) -> None:
    base = ["--homes", "2", "--days", "12"]
    well = read_back(generated(tmp_path, "well.jsonl", *base))
    ill = read_back(generated(tmp_path, "ill.jsonl", *base, "--episode", "uti:home2:day4"))
    for name, changed in (("home1", False), ("home2", True)):
        before, after = ([e for e in events if e.home == name] for events in (well, ill))
        assert (before != after) is changed
        if changed:
            assert bathroom(after) > 1.2 * bathroom(before)


@pytest.mark.parametrize(
    ("text", "kind", "onset", "plateau_days"),
    [
        ("uti:home3:day40", EpisodeKind.UTI, 40, 5),
        ("uti:home3:day40:severity=0.5:days=7", EpisodeKind.UTI, 40, 7),
        ("low_intake:h:day1.5", EpisodeKind.LOW_INTAKE, 1.5, 5),
        ("decline:h:day0:days=30", EpisodeKind.DECLINE, 0, 30),
        ("fall:h:day2:hour=12:hours=6", EpisodeKind.FALL, 2.5, 0.25),
        ("fall:h:day2:room=bathroom", EpisodeKind.FALL, 2, 0.125),
        ("away:h:day9", EpisodeKind.AWAY, 9, 7),
        ("sensor_death:h:day9:sensor=bathroom-pir", EpisodeKind.SENSOR_DEATH, 9, 5),
    ],
)
def test_an_episode_is_read_as_it_is_written(
    text: str, kind: EpisodeKind, onset: float, plateau_days: float
) -> None:
    planned = parse_episode(text)
    assert planned.home == text.split(":")[1]
    episode = planned.from_start(1000)
    assert episode.kind is kind
    assert episode.onset == 1000 + onset * DAY_S
    assert episode.plateau_s == plateau_days * DAY_S


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("flu:home1:day4", "no episode is called 'flu'; there are uti,"),
        ("uti", "not written as uti:HOME:dayN"),
        ("uti:home1", "not written as"),
        ("uti:home1:4", "not written as"),
        ("uti:home1:dayfour", "could not convert"),
        ("uti:home1:day4:severity", "not written as KEY=VALUE"),
        ("uti:home1:day4:severity=2", "from 0 to 1"),
        ("uti:home1:day4:colour=3", "colour is none of severity, days"),
        ("uti:home1:day4:days=-1", "less than no time"),
        ("sensor_death:home1:day4", "needs sensor=NAME"),
    ],
)
def test_a_slip_in_an_episode_is_named(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=r".+") as error:
        parse_episode(text)
    assert complaint in str(error.value)
    assert text in str(error.value)


def test_an_episode_of_nobody_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.jsonl"
    arguments = ["--days", "1", "--episode", "uti:home9:day0", "--out", str(out)]
    assert main(["generate", *arguments]) == 2
    assert "no home is called home9" in capsys.readouterr().err
    assert not out.exists()


def test_a_sensor_that_is_not_there_cannot_die(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--days", "1", "--out", str(tmp_path / "x.jsonl")]
    death = "sensor_death:home1:day0:sensor=cellar-pir"
    assert main(["generate", *arguments, "--episode", death]) == 1
    assert "no sensor 'cellar-pir'" in capsys.readouterr().err


def test_help_shows_every_kind_of_episode(capsys: pytest.CaptureFixture[str]) -> None:
    assert all(f"  {kind}:home" in HELP for kind in EpisodeKind)
    with pytest.raises(SystemExit):
        main(["generate", "--help"])
    assert HELP in capsys.readouterr().out
