"""`telecare-simulator generate`: the homes one asks for, with what one lets befall them."""

import gzip
from collections import Counter
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from simulator.cli import main
from simulator.living.episode_spec import HELP
from simulator.living.episodes.registry import KINDS
from tests.simulator.importers.reading import read_back


def generated(tmp_path: Path, name: str, *arguments: str) -> Path:
    out = tmp_path / name
    assert main(["generate", *arguments, "--out", str(out)]) == 0
    return out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said to a slip, which ends with 2 before anything is made."""
    try:
        code: object = main(["generate", *arguments])
    except SystemExit as end:
        code = end.code
    assert code == 2
    return capsys.readouterr().err


def test_homes_are_merged_in_order_of_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = generated(tmp_path, "a.jsonl.gz", "--homes", "3", "--days", "4", "--workers", "1")
    events = read_back(out)
    assert {event.home for event in events} == {"home1", "home2", "home3"}
    assert all(early.at <= late.at for early, late in pairwise(events))
    assert f"{len(events):,} events of 3 homes over 4 days" in capsys.readouterr().out


def test_the_same_arguments_give_the_same_bytes_with_any_number_of_workers(tmp_path: Path) -> None:
    street = ("--days", "2", "--seed", "5", "--homes", "3")
    one, two = (
        generated(tmp_path, f"{workers}.jsonl.gz", *street, "--workers", workers)
        for workers in ("1", "2")
    )
    other = generated(tmp_path, "other.jsonl.gz", "--days", "2", "--seed", "6", "--homes", "3")
    assert one.read_bytes() == two.read_bytes() != other.read_bytes()


def test_a_street_has_a_few_couples_and_cats_and_alone_has_none(tmp_path: Path) -> None:
    street = ("--days", "2", "--homes", "24", "--workers", "1")
    settled = read_back(generated(tmp_path, "settled.jsonl", *street))
    alone = read_back(generated(tmp_path, "alone.jsonl", *street, "--alone"))
    many, one = (Counter(event.home for event in told) for told in (settled, alone))
    assert set(many) == set(one) == {f"home{number}" for number in range(1, 25)}
    more = [many[name] / one[name] for name in many]
    assert any(times == pytest.approx(1, abs=0.1) for times in more), "some live alone"
    assert max(more) > 1.25, "some do not"


def test_a_life_begins_on_the_day_one_says(tmp_path: Path) -> None:
    events = read_back(generated(tmp_path, "a.jsonl", "--days", "2", "--start", "2027-02-28"))
    assert f"{events[0].at:%Y-%m-%d}" == "2027-02-28"
    assert f"{events[-1].at:%Y-%m-%d}" == "2027-03-01"


def test_what_befalls_is_in_the_truth_file_and_nowhere_else(tmp_path: Path) -> None:
    truth = tmp_path / "truth.jsonl"
    out = generated(
        tmp_path,
        "homes.jsonl.gz",
        *("--homes", "2", "--days", "6", "--workers", "1", "--truth", str(truth)),
        *("--episode", "uti:home2:day2:severity=0.6:days=3", "--episode", "pet:home1:day1"),
        *("--episode", "fall:home2:day4:hour=10:room=bathroom"),
    )
    labels = [msgspec.json.decode(line) for line in truth.read_bytes().splitlines()]
    assert [(one["home"], one["kind"], one["condition"]) for one in labels] == [
        ("home1", "pet", ""),
        ("home2", "uti", "uti_risk"),
        ("home2", "fall", "possible_fall"),
    ]
    assert labels[1] == {
        "home": "home2",
        "kind": "uti",
        "onset": "2026-03-03T00:00:00+00:00",
        "full": "2026-03-05T00:00:00+00:00",
        "fading": "2026-03-08T00:00:00+00:00",
        "end": "2026-03-10T00:00:00+00:00",
        "severity": 0.6,
        "condition": "uti_risk",
    }
    assert labels[2]["room"] == "bathroom"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["homes.jsonl.gz", "truth.jsonl"]
    content = out.read_bytes()
    assert content[3] == 0, "no name and no comment in the header of the packed file"
    assert not any(name.encode() in gzip.decompress(content) for name in KINDS)


def test_the_truth_leaves_out_what_sets_in_only_after_the_last_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Or a detector would be blamed for what never happened in its recording."""
    truth = tmp_path / "truth.jsonl"
    late = ("--episode", "uti:home1:day2", "--episode", "fall:home1:day9")
    lasting = ("--episode", "uti:home1:day1:hour=23:days=30")
    generated(tmp_path, "a.jsonl", "--days", "2", *late, *lasting, "--truth", str(truth))
    (label,) = [msgspec.json.decode(line) for line in truth.read_bytes().splitlines()]
    assert label["onset"] == "2026-03-02T23:00:00+00:00"
    assert label["end"] > "2026-04"
    assert "last day is over by then: 2 of the episodes" in capsys.readouterr().err
    generated(tmp_path, "a.jsonl", "--days", "2", *lasting)
    assert "last day" not in capsys.readouterr().err


def test_without_episodes_the_truth_is_an_empty_file(tmp_path: Path) -> None:
    truth = tmp_path / "truth.jsonl"
    generated(tmp_path, "a.jsonl", "--days", "1", "--truth", str(truth))
    assert truth.read_bytes() == b""


@pytest.mark.parametrize(
    ("episode", "complaint"),
    [
        ("flu:home1:day4", "no episode is called 'flu'; there are uti,"),
        ("uti:home9:day0", "no home is called home9"),
        ("uti:home1:day0:severity=2", "from 0 to 1"),
        ("uti:home1:day0:sensor=bed-presence", "uti takes no sensor"),
        ("uti:home1:day0:colour=red", "colour is no option"),
        ("sensor_death:home1:day0", "needs sensor=NAME"),
        ("uti:home1:dayinf", "some two hundred years"),
        ("uti", "not written as KIND:HOME:dayN"),
    ],
)
def test_a_slip_in_an_episode_is_told_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], episode: str, complaint: str
) -> None:
    out = tmp_path / "x.jsonl"
    assert complaint in refused(capsys, "--days", "1", "--episode", episode, "--out", str(out))
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--days", "0"), "'0' is no whole number from 1"),
        (("--days", "1", "--homes", "none"), "'none' is no whole number from 1"),
        (("--days", "1", "--workers", "0"), "'0' is no whole number from 1"),
        (("--days", "1", "--start", "1 March"), "'1 March' is no day like 2026-03-01"),
        (("--days", "1", "--start", "9999-12-30"), "is not between 1900 and 2100"),
        (("--days", "1", "--start", "0001-01-01"), "is not between 1900 and 2100"),
        (("--days", "99999999"), "more than a hundred years"),
        ((), "--days"),
    ],
)
def test_a_slip_in_an_argument_is_told(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    complaint: str,
) -> None:
    assert complaint in refused(capsys, *arguments, "--out", str(tmp_path / "x.jsonl"))


def test_recording_and_truth_do_not_overwrite_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "x.jsonl")
    wrong = refused(capsys, "--days", "1", "--out", out, "--truth", f"{tmp_path}/./x.jsonl")
    assert "--out and --truth both name" in wrong
    assert not Path(out).exists()


def test_a_recording_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "is not a folder" in refused(capsys, "--days", "1", "--out", "/nowhere/x.jsonl")
    wrong = refused(capsys, "--days", "1", "--out", str(tmp_path / "x.csv"))
    assert "must end in .jsonl or .jsonl.gz" in wrong
    folder = tmp_path / "folder.jsonl"
    folder.mkdir()
    assert main(["generate", "--days", "1", "--out", str(folder)]) == 1
    assert "folder.jsonl" in capsys.readouterr().err


def test_a_truth_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.jsonl"
    arguments = ["--days", "1", "--truth", str(tmp_path / "no" / "t.jsonl"), "--out", str(out)]
    assert main(["generate", *arguments]) == 1
    assert "t.jsonl" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("episode", "complaint"),
    [
        ("sensor_death:home1:day0:sensor=cellar-pir", "no sensor 'cellar-pir'"),
        ("fall:home1:day0:room=attic", "no room 'attic'"),
        ("clock_change:home1:day3", "the clocks of Europe/London do not change"),
    ],
)
def test_what_does_not_fit_a_home_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], workers: str, episode: str, complaint: str
) -> None:
    arguments = ["--days", "1", "--homes", "2", "--workers", workers, "--episode", episode]
    out, truth = tmp_path / "x.jsonl", tmp_path / "t.jsonl"
    files = ["--out", str(out), "--truth", str(truth)]
    assert main(["generate", *arguments, *files]) == 1
    assert f"telecare-simulator generate: {complaint}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [], "nothing that looks like a result"
    out.write_bytes(b"weeks of life")
    truth.write_bytes(b"and what befell them")
    assert main(["generate", *arguments, *files]) == 1
    assert out.read_bytes() == b"weeks of life"
    assert truth.read_bytes() == b"and what befell them"


def test_help_shows_every_kind_of_episode_and_every_argument(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["generate", "--help"])
    said = capsys.readouterr().out
    assert HELP in said
    for option in ("homes", "days", "seed", "start", "alone", "episode", "workers", "truth", "out"):
        assert f"--{option}" in said
