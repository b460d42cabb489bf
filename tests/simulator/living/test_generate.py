"""A recording must be the same whoever wrote it: figures made of it are checked by others."""

import gzip
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from contract import SensorEvent
from contract.codec import decode
from simulator.living.episodes.episode import DAY_S
from simulator.living.episodes.registry import kind_of
from simulator.living.generate import Part, WorkerError, _merged, parts, write_street
from simulator.living.household import SETTLED
from simulator.living.street import Planned, Street
from tests.simulator.living.people import START

DAYS = 6
PLANNED = (
    Planned("home2", kind_of("uti").begin(2 * DAY_S)),
    Planned("home3", kind_of("fall").begin(4 * DAY_S, room="bathroom")),
    Planned("home3", kind_of("visitor").begin(3 * DAY_S)),
)
STREET = Street(seed=3, start=START, homes=5, mix=SETTLED, planned=PLANNED)


def written(tmp_path: Path, street: Street, *, workers: int = 1, days: int = DAYS) -> bytes:
    path = tmp_path / "street.jsonl"
    count = write_street(street, days, path, workers=workers)
    content = path.read_bytes()
    assert content.count(b"\n") == count
    return content


def read(content: bytes) -> list[SensorEvent]:
    return [decode(line, SensorEvent) for line in content.splitlines()]


def test_two_workers_write_the_same_bytes_as_one(tmp_path: Path) -> None:
    assert written(tmp_path, STREET, workers=2) == written(tmp_path, STREET)


def test_eight_workers_write_the_same_bytes_as_one(tmp_path: Path) -> None:
    street = replace(STREET, homes=11)
    assert written(tmp_path, street, workers=8) == written(tmp_path, street)


def rows(part: Part) -> list[tuple[float, ...]]:
    told = part.columns
    columns = (part.home, told.at_ms, told.sensor, told.value, np.nan_to_num(told.duration))
    return list(zip(*(column.tolist() for column in columns), strict=True))


@pytest.mark.parametrize("workers", [2, 3, 5, 8])
def test_whoever_has_which_homes_the_lines_come_in_one_order(workers: int) -> None:
    numbers = range(1, STREET.homes + 1)
    alone = [rows(_merged([part])) for part in parts(STREET, numbers, DAYS)]
    dealt = [numbers[first::workers] for first in range(workers)]
    together = zip(*(parts(STREET, mine, DAYS) for mine in dealt if mine), strict=True)
    assert [rows(_merged(list(several))) for several in together] == alone


def test_events_come_in_order_of_time_and_at_one_instant_of_homes(tmp_path: Path) -> None:
    events = read(written(tmp_path, STREET))
    assert all((a.at, a.home) <= (b.at, b.home) for a, b in pairwise(events))
    assert {event.home for event in events} == set(STREET.names)
    assert events[0].at.timestamp() >= START
    assert events[-1].at.timestamp() < START + DAYS * DAY_S


def test_a_line_is_what_the_home_told(tmp_path: Path) -> None:
    events = read(written(tmp_path, STREET))
    for number in (2, 3):
        told = list(STREET.home(number).until(START + DAYS * DAY_S))
        assert [event for event in events if event.home == f"home{number}"] == told


def of_home(content: bytes, name: str) -> list[bytes]:
    return [line for line in content.splitlines() if f'"home":"{name}"'.encode() in line]


def test_a_home_is_the_same_whatever_stands_beside_it(tmp_path: Path) -> None:
    """However many homes there are, and whatever befalls the others, a heat wave included."""
    many = written(tmp_path, STREET)
    wave = Planned("home1", kind_of("heat_wave").begin(DAY_S))
    few = written(tmp_path, replace(STREET, homes=2, planned=(wave, PLANNED[0])))
    assert of_home(few, "home2") == of_home(many, "home2")
    assert of_home(few, "home1") != of_home(many, "home1")


def test_a_longer_recording_begins_like_a_shorter_one(tmp_path: Path) -> None:
    short, long = (written(tmp_path, STREET, days=days) for days in (3, 9))
    assert long.startswith(short)


def test_another_seed_gives_other_lives(tmp_path: Path) -> None:
    assert written(tmp_path, replace(STREET, seed=4)) != written(tmp_path, STREET)


def test_a_packed_recording_holds_the_same_and_is_the_same_each_time(tmp_path: Path) -> None:
    packed = [tmp_path / "one.jsonl.gz", tmp_path / "two.jsonl.gz"]
    for path in packed:
        write_street(STREET, 2, path)
    one, two = (path.read_bytes() for path in packed)
    assert one == two
    assert gzip.decompress(one) == written(tmp_path, STREET, days=2)


def test_progress_is_told_day_by_day_up_to_the_last(tmp_path: Path) -> None:
    done: list[float] = []
    write_street(STREET, 10, tmp_path / "s.jsonl", advance=done.append)
    assert done == list(range(1, 11))


def test_what_a_worker_cannot_do_is_said(tmp_path: Path) -> None:
    wrong = Planned("home2", kind_of("sensor_death").begin(0, sensor="cellar-pir"))
    street = replace(STREET, homes=2, planned=(wrong,))
    with pytest.raises(WorkerError, match="no sensor 'cellar-pir'"):
        write_street(street, 1, tmp_path / "s.jsonl", workers=2)
    with pytest.raises(ValueError, match="no sensor 'cellar-pir'"):
        write_street(street, 1, tmp_path / "s.jsonl")


def households(numbers: Sequence[int]) -> list[tuple[int, bool, int]]:
    street = Street(seed=8, start=START, homes=max(numbers), mix=SETTLED)
    found = [street.home(number).household for number in numbers]
    return [(one.residents, one.pet, one.carer_visits) for one in found]


def test_a_settled_street_has_couples_cats_and_carers_in_their_shares() -> None:
    found = households(range(1, 301))
    for found_of, share in (
        (sum(residents == 2 for residents, _, _ in found), SETTLED.couples),
        (sum(pet for _, pet, _ in found), SETTLED.pets),
        (sum(visits > 0 for _, _, visits in found), SETTLED.carers),
    ):
        assert found_of / 300 == pytest.approx(share, abs=3 * (share * (1 - share) / 300) ** 0.5)
    assert {visits for _, _, visits in found} == {0, 1, 2, 3, 4}
