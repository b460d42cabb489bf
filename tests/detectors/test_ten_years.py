"""Ten years in one home: sensors come and go, links fail, and the hub's memory does not fill."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import numpy as np
import pytest

from contract import Kind, Quality, SensorEvent
from detectors.conformance.checks import MOST_BYTES, Factory
from detectors.conformance.driver import drive
from detectors.conformance.lifelike import HOME
from detectors.moment import Calendar
from detectors.night_wandering import NightWandering
from detectors.no_movement import NoMovement
from detectors.possible_fall import PossibleFall
from detectors.profile import HomeProfile
from detectors.sensor_silent import SensorSilent

YEARS = 10
ROOMS = ("bathroom", "bedroom", "hallway", "kitchen", "lounge", "front_door")
LONDON = Calendar("Europe/London")


def year(number: int, rng: np.random.Generator) -> Iterator[SensorEvent]:
    """A year of few signs of life a day, of a thermometer, and of an evening a week told late."""
    first = date(2025 + number, 1, 1).toordinal()
    for day in range(first, first + 365):
        hours = np.sort(np.append(rng.uniform(6, 23, 8), rng.uniform(0, 6, 2)))
        for hour in (*hours, *(6.5, 12.5, 18.5)):
            t = LONDON.at(day, float(hour))
            place = "hallway" if hour in {6.5, 12.5, 18.5} else str(rng.choice(ROOMS))
            warm = place == "hallway" and hour == 12.5
            late = day % 7 == 0 and hour > 18
            yield SensorEvent(
                home=HOME,
                sensor=f"{place}-{number}{'-warm' if warm else ''}",
                kind=Kind.TEMPERATURE
                if warm
                else Kind.OPENING
                if place == "front_door"
                else Kind.MOTION,
                place=place,
                at=datetime.fromtimestamp(round(t, 3), UTC),
                value=1,
                quality=str(Quality.LATE if late else Quality.OK),
            )


@pytest.mark.parametrize("factory", [PossibleFall, NoMovement, NightWandering, SensorSilent])
def test_its_memory_is_no_larger_after_ten_years_than_after_three(factory: Factory) -> None:
    detector, rng = factory(HomeProfile(home=HOME)), np.random.default_rng(1)
    sizes = []
    for number in range(YEARS):
        events = sorted(year(number, rng), key=lambda event: event.at)
        answers = drive(detector, events)
        assert len({LONDON.moment(one.at.timestamp() - 1).day for one in answers}) >= 363
        sizes.append(len(detector.snapshot()))
    assert max(sizes) <= MOST_BYTES
    assert max(sizes[3:]) <= 1.1 * max(sizes[:3])
