"""What befalls sensors, clocks and mains must change what is told, and nothing that is done."""

from itertools import pairwise

import numpy as np
import pytest

from contract import Kind
from simulator.faults.registry import FAULTS
from simulator.living.episodes.registry import KINDS
from simulator.living.home import Home
from simulator.living.household import Household
from tests.simulator.living import measures as m
from tests.simulator.living.effects.shown import shows
from tests.simulator.living.people import EVERYTHING, START, Told, befalls, spans, street, well

DAYS = 15
FEW = 8  # people are enough where nothing is left to chance
_S = 1 / 86_400


def same(one: Told, other: Told, but: str = "") -> bool:
    return all(
        np.array_equal(stream, other.streams[name], equal_nan=True)
        for name, stream in one.streams.items()
        if name != but
    )


@shows("sensor_death")
@pytest.mark.parametrize("sensor", EVERYTHING)
def test_a_dead_sensor_says_nothing_more_and_the_others_all_they_did(sensor: str) -> None:
    dead = street(DAYS, befalls("sensor_death", 6.3, sensor=sensor), people=4)
    for one, alive in zip(dead, well(DAYS), strict=False):
        assert same(one, alive, but=sensor)
        t = alive.streams[sensor]
        assert np.array_equal(one.streams[sensor], t[:, t[0] < 6.3], equal_nan=True)


@shows("moved_sensor")
def test_a_moved_sensor_tells_of_its_new_room_under_its_old_name() -> None:
    """Of whoever boils water in the kitchen, while it hangs there, and not before or after."""
    moved = street(DAYS, befalls("moved_sensor", 5, sensor="bathroom-pir", room="kitchen", days=6))

    def sees_boils(homes: tuple[Told, ...], first: float, last: float) -> float:
        seen = [
            bool(spans(one.times("bathroom-pir"), t - (150 + lasted) * _S, t + 60 * _S))
            for one in homes
            for t, _, lasted in one.streams["kettle-plug"].T
            if first <= t < last
        ]
        return float(np.mean(seen))

    assert sees_boils(moved, 5, 11) > 0.65
    assert sees_boils(moved, 0, 5) < 0.3
    assert sees_boils(moved, 11.1, DAYS) < 0.3


@shows("moved_sensor")
def test_a_moved_sensor_tells_as_often_as_one_that_always_hung_there() -> None:
    homes = street(DAYS, befalls("moved_sensor", 5, sensor="bathroom-pir", room="kitchen", days=6))
    there = m.over(m.of("kitchen-pir"), homes, 5, 11)
    assert 0.8 < m.over(m.of("bathroom-pir"), homes, 5, 11) / there < 1.2
    assert all(
        same(one, before, but="bathroom-pir") for one, before in zip(homes, well(DAYS), strict=True)
    )


@shows("moved_sensor")
def test_a_moved_sensor_keeps_its_cool_down_and_comes_back() -> None:
    homes = street(
        DAYS, befalls("moved_sensor", 5, sensor="bathroom-pir", room="hallway", days=6), people=FEW
    )
    for one, before in zip(homes, well(DAYS), strict=False):
        assert np.diff(one.times("bathroom-pir")).min() >= 60.89 * _S
        back, stayed = (spans(told.times("bathroom-pir"), 11, DAYS) for told in (one, before))
        assert back == stayed


@shows("power_cut")
def test_a_power_cut_is_silence_and_leaves_everything_else_as_it_was() -> None:
    for one, before in zip(
        street(DAYS, befalls("power_cut", 6.5), people=FEW), well(DAYS), strict=False
    ):
        for name, stream in one.streams.items():
            t = stream[0]
            assert not spans(t, 6.5, 6.5 + 3 / 24)
            if before.streams[name].size and "contact" not in name and name != "bed-presence":
                was = before.streams[name][0]
                cut = (was >= 6.5) & (was < 6.5 + 3 / 24)
                assert np.array_equal(t, was[~cut])


@shows("power_cut")
@pytest.mark.parametrize("onset", [6.1, 6.27, 6.5, 6.95])
def test_no_door_and_no_bed_tells_the_same_state_twice_after_a_power_cut(onset: float) -> None:
    for one in street(DAYS, befalls("power_cut", onset, days=0.3), people=FEW):
        for name in ("bed-presence", "fridge-contact", "front-door-contact", "back-door-contact"):
            values = one.streams[name][1]
            assert np.array_equal(values, np.arange(1, len(values) + 1) % 2)


@shows("router_reboot")
def test_a_router_that_restarts_changes_nothing_that_happens() -> None:
    rebooted = street(DAYS, befalls("router_reboot", 6.5), people=4)
    assert all(same(*pair) for pair in zip(rebooted, well(DAYS), strict=False))


def test_what_befalls_messages_is_a_fault_that_there_is() -> None:
    """The names under which the messages' simulator knows them."""
    assert {kind.fault for kind in KINDS.values() if kind.fault} <= set(FAULTS)


SPRING, AUTUMN = 1_774_742_400.0, 1_792_886_400.0  # 29 March and 25 October 2026, 00:00 UTC


def risen(zone: str, change: float) -> tuple[list[float], list[float]]:
    """Hours in UTC at which two dozen people got up for the day: two weeks before, two after."""
    before: list[float] = []
    after: list[float] = []
    for seed in range(24):
        home = Home(
            "h1",
            seed=(31, seed),
            start=change - 14 * 86_400,
            time_zone=zone,
            household=Household(sensors=("bed-presence",)),
        )
        ups = [
            e.at
            for e in home.until(change + 15 * 86_400)
            if e.kind == Kind.PRESENCE and not e.value
        ]
        for early, late in pairwise(ups):
            if (late - early).total_seconds() > 12 * 3600:
                hours = early.hour + early.minute / 60
                (before if early.timestamp() < change else after).append(hours)
    return before, after


@shows("clock_change")
@pytest.mark.parametrize(("change", "later"), [(SPRING, -1), (AUTUMN, 1)])
def test_the_clocks_change_and_people_with_them(change: float, later: float) -> None:
    """An hour earlier in UTC in March, later in October, within twenty minutes; in Lagos never."""
    before, after = risen("Europe/London", change)
    assert len(before) > 100
    assert len(after) > 100
    assert float(np.median(after) - np.median(before)) == pytest.approx(later, abs=0.35)
    before, after = risen("Africa/Lagos", change)
    assert float(np.median(after) - np.median(before)) == pytest.approx(0, abs=0.35)


@shows("clock_change")
def test_the_change_of_the_clock_is_said_and_cannot_be_made_up() -> None:
    assert all(map(same, street(30, befalls("clock_change", 28), people=2), well(30, people=2)))
    with pytest.raises(ValueError, match="the clocks of Europe/London do not change within a day"):
        Home("h1", seed=(1,), start=START, episodes=[befalls("clock_change", 9)])
