"""A cold or hot home is told while it can still be mended, and not because of one open window."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import Assessment, Kind, SensorEvent, State, utc
from detectors.cold_home import ColdHome
from detectors.conformance import drive
from detectors.hot_home import HotHome
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.warmth import WarmthWatch, resumed

MIDNIGHT = datetime(2026, 1, 12, tzinfo=UTC).timestamp()
PROFILE = HomeProfile(home="h1")
HOUR = 3600.0


def readings(
    degrees: Callable[[float], float | None], hours: int, place: str = "lounge"
) -> list[SensorEvent]:
    """A reading every ten minutes where `degrees` gives one for the hour since midnight."""
    told = []
    for tenth in range(hours * 6):
        value = degrees(tenth / 6)
        if value is not None:
            told.append(
                SensorEvent(
                    home="h1",
                    sensor=f"{place}-temperature",
                    kind=Kind.TEMPERATURE,
                    place=place,
                    at=utc(MIDNIGHT + tenth * 600),
                    value=value,
                )
            )
    return told


def answers(
    make: type[ColdHome] | type[HotHome], degrees: Callable[[float], float | None], hours: int
) -> list[Assessment]:
    return drive(make(PROFILE), readings(degrees, hours), until=MIDNIGHT + hours * HOUR)


def hours_of(found: list[Assessment], state: State) -> list[float]:
    return [(one.at.timestamp() - MIDNIGHT) / HOUR for one in found if one.state == state]


def test_a_home_that_stays_cold_by_day_is_told_the_same_afternoon() -> None:
    found = answers(ColdHome, lambda _: 15.0, 20)
    assert hours_of(found, State.RAISED) == [14.0]
    told = next(one for one in found if one.state == State.RAISED)
    assert told.text == "The home has been cold for 6 hours of the day: 15 °C on average."
    assert told.evidence[0].value == 15.0
    assert "18 °C" in told.evidence[0].text
    assert told.prompt


def test_a_cold_night_under_blankets_is_nobodys_business() -> None:
    found = answers(ColdHome, lambda hour: 15.0 if hour % 24 < 7 else 19.5, 72)
    assert not hours_of(found, State.RAISED)


def test_an_aired_room_is_not_a_cold_home() -> None:
    found = answers(ColdHome, lambda hour: 12.0 if 9 <= hour % 24 < 12 else 20.0, 48)
    assert not hours_of(found, State.RAISED)


def test_it_is_over_when_the_home_is_warm_again_and_not_at_the_first_draught() -> None:
    found = answers(ColdHome, lambda hour: 15.0 if hour < 15 else 18.2 if hour < 18 else 21.0, 30)
    assert hours_of(found, State.RAISED) == [14.0]
    assert hours_of(found, State.NORMAL)[0] == 19.0


def test_a_heat_wave_is_told_at_night_too() -> None:
    found = answers(HotHome, lambda _: 28.5, 12)
    assert hours_of(found, State.RAISED) == [6.0]
    assert next(one for one in found if one.state == State.RAISED).score > 0.5


def test_hotter_scores_higher() -> None:
    homes: list[Callable[[float], float]] = [lambda _: 26.5, lambda _: 29.0, lambda _: 34.0]
    scores = [max(one.score for one in answers(HotHome, home, 8)) for home in homes]
    assert scores == sorted(set(scores))


def test_a_thermometer_that_stops_is_not_taken_for_a_warm_home() -> None:
    found = answers(ColdHome, lambda hour: 20.0 if hour < 10 else None, 20)
    assert found[-1].state == State.BLIND
    assert found[-1].reason == "No temperature has been heard for 3 hours."


def test_a_home_without_a_thermometer_is_left_alone() -> None:
    watch: WarmthWatch = ColdHome(PROFILE)
    assert watch.due() == NEVER
    fridge = readings(lambda _: 4.0, 24, place="fridge")
    assert drive(watch, fridge, until=MIDNIGHT + 24 * HOUR) == []


def test_staff_see_a_fortnight_of_days_beside_today() -> None:
    found = answers(ColdHome, lambda hour: 20.0 if hour < 24 * 20 else 14.0, 24 * 21)
    told = next(one for one in found if one.state == State.RAISED)
    days = told.evidence[0].days
    assert len(days) == 15
    assert [day.value for day in days[:-1]] == [20.0] * 14
    assert days[-1].value == 14.0
    assert told.evidence[0].low is not None
    assert told.evidence[0].low < 20.0


@given(st.lists(st.floats(-20, 40), min_size=1, max_size=50), st.data())
def test_a_mean_goes_on_after_a_restart(values: list[float], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(values)))
    whole, part = resumed(0, 0), resumed(0, 0)
    for value in values:
        whole.update(value)
    for value in values[:cut]:
        part.update(value)
    part = resumed(part.n, part.get())
    for value in values[cut:]:
        part.update(value)
    assert part.get() == pytest.approx(whole.get(), abs=1e-9)
