"""The day as a vector: what a person did, in figures; what no sensor saw is not made up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import Kind, SensorEvent
from detectors.conformance.lifelike import START, lifelike_home
from detectors.features.day_vector import DayMeasures, DayVector
from detectors.features.kept_days import LEARNED, check, kept
from detectors.features.measures import BY_NAME, MEASURES
from detectors.features.middle import Middle
from detectors.features.voices import Voices
from detectors.moment import Calendar
from detectors.snapshots import freeze, thaw
from tests.detectors.people import at

LONDON = Calendar("Europe/London")
DAY = START.toordinal()
Seen = tuple[float, str, str]
"""The hour, the kind, the place."""


def seen(hour: float, kind: str, place: str, value: float = 1.0, day: int = DAY) -> SensorEvent:
    t = LONDON.at(day, int(hour)) + (hour - int(hour)) * 3600
    return SensorEvent(
        home="h", sensor=f"{place}-{kind}", kind=kind, place=place, at=at(t), value=value
    )


def lived(
    events: list[SensorEvent], day: int = DAY, vector: DayVector | None = None
) -> DayMeasures:
    """One day of events, from midnight to midnight."""
    vector = vector or DayVector()
    night = True
    for event in sorted(events, key=lambda one: one.at):
        moment = LONDON.moment(event.at.timestamp())
        if night and moment.hour >= 6:
            vector.end_night(LONDON.at(day, 6))
            night = False
        vector.notice(event, moment)
    if night:
        vector.end_night(LONDON.at(day, 6))
    return vector.end_day(LONDON.at(day, 24))


def motion(*stays: tuple[float, str]) -> list[SensorEvent]:
    return [seen(hour, Kind.MOTION, place) for hour, place in stays]


def test_visits_are_told_by_room_and_part_of_the_day() -> None:
    day = lived(
        motion(
            (2, "bathroom"), (7, "bathroom"), (7.05, "bathroom"), (13, "bathroom"), (20, "lounge")
        )
    ).measures
    parts = [
        day[f"visits_bathroom_{part}"] for part in ("night", "morning", "afternoon", "evening")
    ]
    assert parts == [1, 1, 1, 0]
    assert day["bathroom_visits"] == 3
    assert day["visits_lounge_evening"] == 1


def test_a_silent_sensor_is_no_zero() -> None:
    vector = DayVector()
    boil = seen(9, Kind.APPLIANCE, "kettle", 90)
    lived([*motion((8, "kitchen"), (9, "lounge")), boil], DAY, vector)
    lounge = [seen(hour, Kind.MOTION, "lounge", day=DAY + 1) for hour in (8, 12, 20)]
    day = lived(lounge, DAY + 1, vector).measures
    assert not {"kettle_uses", "visits_kitchen_morning", "intake_gap"} & set(day)


def test_a_busy_sensor_that_falls_silent_is_missed_for_a_week_and_then_forgotten() -> None:
    voices = Voices()
    for minute in range(0, 600, 30):
        voices.hear("hallway-pir", minute * 60.0)
        voices.hear("hallway-pir", minute * 60.0)
    voices.hear("door", 0.0)
    assert voices.end_day() == ()
    missed = [voices.end_day() for _ in range(8)]
    assert missed == [("hallway-pir",)] * 7 + [()]


def test_drinks_have_their_first_and_last_and_the_longest_time_between() -> None:
    boils = [seen(hour, Kind.APPLIANCE, "kettle", 90) for hour in (8, 10, 15.5, 19)]
    day = lived([*motion((7, "bedroom"), (21, "bedroom")), *boils]).measures
    assert (day["kettle_uses"], day["kettle_first"], day["kettle_last"]) == (4, 8, 19)
    assert day["intake_gap"] == pytest.approx(5.5)


def test_who_gets_up_after_midnight_has_not_risen() -> None:
    day = lived(
        motion((0.5, "lounge"), (7.25, "bedroom"), (12, "lounge"), (22.5, "bedroom"))
    ).measures
    assert day["first_movement"] == pytest.approx(7.25)
    assert day["last_movement"] == pytest.approx(22.5)
    assert day["longest_silence"] == pytest.approx(10.5)


def test_times_between_visits_to_the_bathroom_are_measured_by_day() -> None:
    day = lived(motion(*((hour, "bathroom") for hour in (1, 7, 9, 12, 14, 20)))).measures
    assert day["bathroom_interval"] == pytest.approx(2.5)


def test_doors_and_time_out_are_told() -> None:
    doors = [
        seen(hour, Kind.OPENING, "front_door", value)
        for hour, value in ((10.0, 1), (10.005, 0), (12.0, 1), (12.005, 0))
    ]
    home = motion(
        (0.2, "bedroom"), *((h / 2, "lounge") for h in range(13, 48) if not 20 <= h <= 24)
    )
    day = lived([*home, *doors])
    assert day.measures["door_openings"] == 2
    assert day.measures["time_out"] == pytest.approx(2, abs=0.3)
    assert day.seen == pytest.approx(1 - day.out)


def test_movement_in_few_hours_is_spread_less_than_the_same_in_many() -> None:
    few = lived(motion(*((10 + n / 12, "lounge") for n in range(12)))).measures
    many = lived(motion(*((8 + n, "lounge") for n in range(12)))).measures
    assert few["activity"] == many["activity"] == 12
    assert few["activity_spread"] == pytest.approx(1)
    assert many["activity_spread"] == pytest.approx(12)


def test_the_air_outside_is_not_the_homes() -> None:
    day = lived(
        [
            seen(8, Kind.TEMPERATURE, "lounge", 19),
            seen(9, Kind.TEMPERATURE, "lounge", 21),
            seen(9, Kind.TEMPERATURE, "garden", -5),
        ]
    ).measures
    assert day == {"temperature": 20}


@pytest.mark.parametrize("day", [date(2025, 3, 30), date(2025, 10, 26)])
def test_the_short_and_the_long_day_keep_the_hours_on_the_wall(day: date) -> None:
    number = day.toordinal()
    boils = [seen(hour, Kind.APPLIANCE, "kettle", 90, number) for hour in (8, 18)]
    measures = lived(boils, number).measures
    assert (measures["kettle_first"], measures["kettle_last"]) == (8, 18)


_stays = st.lists(
    st.tuples(
        st.floats(0, 23.9),
        st.sampled_from([Kind.MOTION, Kind.OPENING, Kind.APPLIANCE, Kind.FLUSH, Kind.TEMPERATURE]),
        st.sampled_from(["bathroom", "kitchen", "kettle", "fridge", "front_door", "orangery"]),
    ),
    max_size=60,
)


@given(_stays)
def test_whatever_happens_a_day_is_finite_named_and_told_once(stays: list[Seen]) -> None:
    events = [seen(*stay) for stay in stays]
    once = lived(events)
    assert set(once.measures) <= set(BY_NAME)
    assert all(abs(value) < 1e4 for value in once.measures.values())
    assert 0 <= once.out <= 1 - once.seen + 1e-9
    twice = lived([event for event in events for _ in range(2)])
    without = {name: v for name, v in once.measures.items() if name != "temperature"}
    assert without == {name: v for name, v in twice.measures.items() if name != "temperature"}


def test_a_builder_goes_on_from_a_snapshot_within_a_day() -> None:
    through, restarted = DayVector(), DayVector()
    for event in lifelike_home(2):
        moment = LONDON.moment(event.at.timestamp())
        through.notice(event, moment)
        restarted.notice(event, moment)
        restarted = thaw(freeze(restarted), DayVector)
    end = LONDON.at(DAY + 1, 24)
    assert restarted.end_day(end) == through.end_day(end)


@given(st.dictionaries(st.sampled_from([m.name for m in MEASURES]), st.floats(0, 500)))
def test_a_day_that_is_kept_is_the_day_that_was(measures: dict[str, float]) -> None:
    again = kept(DAY, LEARNED, measures).measures
    assert again == pytest.approx(measures, rel=1e-3, abs=1e-4)


def test_days_kept_by_another_version_are_refused_rather_than_misread() -> None:
    day = kept(DAY, LEARNED, {"activity": 90})
    day.packed = day.packed[:-2]
    with pytest.raises(ValueError, match="learn anew"):
        check([day])


@given(st.floats(0, 200), st.sampled_from(MEASURES))
def test_the_even_scale_leads_back_to_the_unit(value: float, measure: object) -> None:
    one = next(m for m in MEASURES if m is measure)
    assert one.plain(one.even(value)) == pytest.approx(value, abs=1e-6)


@given(st.lists(st.floats(-0.99, 0.99), min_size=1, max_size=99))
def test_the_middle_of_a_days_journeys_is_their_median(values: list[float]) -> None:
    middle = Middle()
    for value in values:
        middle.add(value)
    ordered = sorted(values)
    low, high = ordered[(len(values) - 1) // 2], ordered[len(values) // 2]
    assert low - 0.03 <= middle.median() <= high + 0.03


def test_no_journey_has_no_median() -> None:
    with pytest.raises(ValueError, match="once there is one"):
        Middle().median()
