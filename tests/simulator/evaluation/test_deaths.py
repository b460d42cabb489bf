"""A sensor that really died in a recording is no false alarm; one that was only quiet still is."""

from datetime import UTC, datetime, timedelta

from contract import SensorEvent
from simulator.evaluation.deaths import deaths, not_of_the_dead
from simulator.evaluation.trials import Raised

START = datetime(2025, 3, 1, tzinfo=UTC)


def spoken(sensor: str, days: list[int], times: int) -> list[SensorEvent]:
    return [
        SensorEvent(
            home="h1",
            sensor=sensor,
            kind="motion",
            place="kitchen",
            at=START + timedelta(days=day, hours=8 + hour),
            value=1,
        )
        for day in days
        for hour in range(times)
    ]


def home(*spoke: list[SensorEvent]) -> list[SensorEvent]:
    return sorted((event for events in spoke for event in events), key=lambda event: event.at)


def t(day: float) -> float:
    return (START + timedelta(days=day)).timestamp()


ALIVE = spoken("hall", list(range(30)), 8)


def test_a_week_of_silence_while_others_speak_is_a_death_and_its_alert_is_right() -> None:
    dead = deaths(home(ALIVE, spoken("kitchen", [*range(10), *range(18, 30)], 5)))
    assert [one.sensor for one in dead] == ["kitchen"]
    about = [Raised("sensor_silent", "kitchen", t(day)) for day in (9.2, 12, 25)]
    other = Raised("sensor_silent", "hall", t(12))
    assert not_of_the_dead([*about, other], dead) == [about[0], about[2], other]


def test_a_sensor_that_dies_for_good_is_dead_to_the_end_of_the_recording() -> None:
    (dead,) = deaths(home(ALIVE, spoken("kitchen", list(range(20)), 5)))
    assert dead.end == ALIVE[-1].at.timestamp()


def test_a_few_quiet_days_a_quiet_sensor_or_an_empty_home_are_no_death() -> None:
    days = [*range(10), *range(16, 30)]
    assert not deaths(home(ALIVE, spoken("kitchen", days, 5)))
    assert not deaths(home(ALIVE, spoken("kitchen", list(range(20)), 2)))
    away = [*range(10), *range(20, 30)]
    assert not deaths(home(spoken("hall", away, 8), spoken("kitchen", away, 5)))
    assert not deaths([])
