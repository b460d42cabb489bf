"""Floors: the simple detectors are honest opponents, run under the same rules."""

import numpy as np
import pytest

from detectors.conformance.lifelike import HOME, START, lifelike_home
from detectors.moment import Calendar
from simulator.evaluation.courses import Home, Injected
from simulator.evaluation.episodes import Episode
from simulator.evaluation.floor_trials import try_floor
from simulator.evaluation.floors.daily import FIRST, KITCHEN, PARTS, TOILETING, count
from simulator.evaluation.floors.floor import Floor
from simulator.evaluation.floors.registry import FLOORS
from simulator.evaluation.floors.robust import TwoDays
from simulator.evaluation.homes import Outage
from simulator.evaluation.injection import more_bathroom_visits, time_of

LONDON = Calendar("Europe/London")
EVENTS = list(lifelike_home(40))
ONSET = START.toordinal() + 25


def row(*counts: float, first: float = 8.0) -> np.ndarray:
    return np.array([*counts, first])


def ordinary(n: int) -> np.ndarray:
    return row(1 + n % 2, 5 + n % 3, 4, 3 + n % 2)


def taught(make: type[Floor]) -> Floor:
    floor = make(TOILETING)
    for n in range(30):
        floor.step(ordinary(n))
    return floor


@pytest.mark.parametrize("make", FLOORS)
def test_every_floor_finds_what_nobody_could_miss_and_bears_an_ordinary_day(
    make: type[Floor],
) -> None:
    floor = taught(make)
    still, flooded = floor.branch(), floor.branch()
    calm, alarmed, again = (
        still.step(ordinary(30)),
        flooded.step(row(12, 25, 20, 15)),
        flooded.step(row(12, 25, 20, 15)),
    )
    assert calm is not None
    assert alarmed is not None
    assert again is not None
    assert (alarmed | again).sum() > 2 * calm.sum()
    assert not calm.all()


@pytest.mark.parametrize("make", FLOORS)
def test_a_branch_leaves_the_floor_it_came_from_as_it_was(make: type[Floor]) -> None:
    one, other = taught(make), taught(make)
    for _ in range(5):
        one.branch().step(row(12, 25, 20, 15))
    for n in range(5):
        mine, theirs = one.step(ordinary(n)), other.step(ordinary(n))
        assert mine is not None
        assert theirs is not None
        assert (mine == theirs).all()


@pytest.mark.parametrize("make", FLOORS)
def test_the_stricter_the_limit_the_fewer_days_alarm(make: type[Floor]) -> None:
    floor, rng = taught(make), np.random.default_rng(3)
    days = [floor.step(row(*rng.poisson((1.5, 6, 4, 3.5)))) for _ in range(60)]
    alarms = np.sum([each for each in days if each is not None], axis=0)
    assert alarms[0] >= alarms[len(alarms) // 2] >= alarms[-1]


def test_days_are_counted_by_the_clock_on_the_wall() -> None:
    first = START.toordinal()
    daily = count(EVENTS, TOILETING, LONDON, first, 40)
    assert daily.rows.shape == (40, PARTS + 1)
    assert 8 < daily.rows[:, :PARTS].sum(axis=1).mean() < 25
    empty = count([], KITCHEN, LONDON, first, 2)
    assert empty.rows[:, FIRST].tolist() == [24.0, 24.0]


def injected(factor: float) -> Injected:
    episode = Episode(ONSET, ramp=1)
    start, end = episode.window(LONDON)
    changed = more_bathroom_visits(
        EVENTS, episode, (factor, factor), LONDON, np.random.default_rng(1)
    )
    return Injected("strong", start, end, [e for e in changed if start <= time_of(e) < end])


def test_an_episode_is_found_within_its_window_and_never_before_it() -> None:
    home = Home(EVENTS, LONDON)
    found = try_floor(TwoDays, TOILETING, home, [injected(4.0), injected(1.0)], [])
    assert found.home == HOME
    ill, well = found.delays["strong"]
    assert np.nanmin(ill[8:]) >= 2 * 86_400 - 3600  # beyond 2.5, two days must be far off
    assert np.nanmax(ill) <= 6 * 86_400
    assert np.isfinite(ill).sum() > np.isfinite(well).sum()


def test_alerts_of_a_failed_recording_are_no_floors() -> None:
    silent = [e for e in EVENTS if not 30 <= LONDON.moment(time_of(e)).day - START.toordinal() < 34]
    home = Home(silent, LONDON)
    start = LONDON.at(START.toordinal() + 30, 0)
    measure = TOILETING._replace(sign=-1)
    with_outage = try_floor(TwoDays, measure, home, [], [Outage(start, start + 5 * 86_400)])
    without = try_floor(TwoDays, measure, home, [], [])
    assert with_outage.alerts.sum() < without.alerts.sum()
