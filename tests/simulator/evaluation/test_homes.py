"""Homes: none is judged with parameters that were learned on it."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from contract import SensorEvent
from contract.recordings import write_recording
from detectors.conformance.lifelike import lifelike_home
from simulator.evaluation.homes import folds, has_kettle, long_enough, outages, read_homes


def named(name: str, days: int = 30, *, kettle: bool = False) -> list[SensorEvent]:
    return [
        msgspec.structs.replace(e, home=name)
        for e in lifelike_home(days, seed=len(name))
        if kettle or e.place != "kettle"
    ]


def test_every_home_is_in_one_fold_and_kettles_are_apart() -> None:
    homes = {f"h{n}": named(f"h{n}", 2, kettle=n < 2) for n in range(12)}
    parts = folds(homes, seed=3)
    assert sorted(home for part in parts for home in part) == sorted(homes)
    assert max(sum(has_kettle(homes[home]) for home in part) for part in parts) == 1
    assert parts == folds(homes, seed=3) != folds(homes, seed=4)


def test_short_recordings_are_left_out() -> None:
    assert list(long_enough({"a": named("a", 10), "b": named("b", 25)})) == ["b"]


def test_bad_lines_are_counted_and_stop_nothing(tmp_path: Path) -> None:
    path = tmp_path / "homes.jsonl"
    write_recording(path, named("a", 1))
    path.write_bytes(path.read_bytes() + b"no event\n")
    homes, bad = read_homes([path])
    assert bad == 1
    assert len(homes["a"]) == len(named("a", 1))


@pytest.mark.parametrize(("witnesses", "found"), [(6, 1), (3, 0)])
def test_a_silence_of_all_homes_together_is_the_recordings(witnesses: int, found: int) -> None:
    gap = named("x", 10)[0].at + timedelta(days=5), named("x", 10)[0].at + timedelta(days=6)
    homes = {
        f"h{n}": [e for e in named(f"h{n}", 10) if not gap[0] < e.at < gap[1]]
        for n in range(witnesses)
    }
    assert len(outages(homes)) == found
