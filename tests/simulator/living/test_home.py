"""A home must tell what happened there: in order, once, one place at a time, in whatever pieces."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from statistics import mean

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract import Kind, SensorEvent
from contract.events import problem
from simulator.living.episodes.episode import DAY_S, Episode
from simulator.living.home import BLOCK_S, Home
from simulator.living.household import Household
from simulator.living.lives import FOREVER
from simulator.living.rooms import BEDROOM, ROOMS
from simulator.living.senses.registry import MAKES
from simulator.living.trace import Done, Trace
from tests.simulator.living.people import (
    EVERYTHING,
    START,
    as_events,
    befalls,
    heard,
    home,
    spans,
)

few = settings(max_examples=12, deadline=None)
seeds = st.integers(min_value=0, max_value=10**6)

severities = st.floats(min_value=0, max_value=1)
onsets = st.floats(min_value=0, max_value=6).map(lambda day: round(day, 3))
episodes = st.one_of(
    st.builds(
        befalls,
        st.sampled_from(["uti", "low_intake", "heat_wave", "decline", "wandering", "diuretic"]),
        onsets,
        severity=severities,
        days=st.floats(min_value=0, max_value=4),
    ),
    st.builds(befalls, st.just("fall"), onsets, room=st.sampled_from(["", "bathroom", "lounge"])),
    st.builds(
        befalls,
        st.sampled_from(["holiday", "hospital", "visitor", "second_resident", "pet", "power_cut"]),
        onsets,
        days=st.floats(min_value=0.25, max_value=4),
    ),
    st.builds(befalls, st.just("sensor_death"), onsets, sensor=st.sampled_from(EVERYTHING)),
    st.builds(
        befalls,
        st.just("moved_sensor"),
        onsets,
        sensor=st.sampled_from(["hallway-pir", "lounge-pir"]),
        room=st.sampled_from(["bathroom", "kitchen"]),
        days=st.floats(min_value=0.01, max_value=4),
    ),
)
households = st.builds(
    Household,
    residents=st.sampled_from([1, 1, 2]),
    pet=st.booleans(),
    carer_visits=st.integers(min_value=0, max_value=4),
    family_visits=st.sampled_from([0.0, 2.0]),
    sensors=st.just(EVERYTHING),
)
zones = st.sampled_from(
    ["Europe/London", "Europe/Madrid", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata"]
)
starts = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1)).map(  # noqa: DTZ001 (the next line says UTC)
    lambda moment: float(round(moment.replace(tzinfo=UTC).timestamp()))
)


def several(least: int, most: int) -> st.SearchStrategy[list[Episode]]:
    """Episodes of one life, which may overlap, but for two falls."""
    many = st.lists(episodes, min_size=least, max_size=most)
    return many.filter(lambda found: sum(one.kind == "fall" for one in found) < 2)


def judge(told: Sequence[SensorEvent]) -> None:
    """What no home may ever do, whoever lives there and whatever befalls them."""
    assert all(early.at <= late.at for early, late in pairwise(told))
    assert [problem(event) for event in told] == [None] * len(told)
    by_sensor: dict[str, list[SensorEvent]] = {}
    for event in told:
        by_sensor.setdefault(event.sensor, []).append(event)
    for mine in by_sensor.values():
        gaps = [(late.at - early.at).total_seconds() for early, late in pairwise(mine)]
        kind = mine[0].kind
        if kind == Kind.MOTION:
            assert min(gaps, default=61) >= 60.898  # to the millisecond, each rounded
        elif kind in {Kind.OPENING, Kind.PRESENCE}:
            assert [event.value for event in mine] == [float(n % 2 == 0) for n in range(len(mine))]
        elif kind == Kind.APPLIANCE:
            assert all(
                gap >= (late.duration or 0) for gap, late in zip(gaps, mine[1:], strict=True)
            )
            assert all(event.value > 0 and (event.duration or 0) > 0 for event in mine)


@few
@given(seeds, starts, zones, households, several(0, 4))
def test_whatever_befalls_whoever_lives_there_sensors_tell_what_sensors_can(
    seed: int, start: float, zone: str, household: Household, befallen: list[Episode]
) -> None:
    moved = [replace(one, onset=one.onset - START + start) for one in befallen]
    lived = Home(
        "h1", seed=(seed,), start=start, time_zone=zone, household=household, episodes=moved
    )
    told = list(lived.until(start + 8 * DAY_S))
    judge(told)
    assert all(start <= event.at.timestamp() < start + 8 * DAY_S for event in told)


@few
@given(seeds, households, several(0, 3), st.floats(min_value=DAY_S / 2, max_value=10 * DAY_S))
def test_a_home_that_nobody_asks_any_further_is_the_same_up_to_there(
    seed: int, household: Household, befallen: list[Episode], end: float
) -> None:
    def told(ends: float) -> list[SensorEvent]:
        lived = Home(
            "h1", seed=(seed,), start=START, household=household, episodes=befallen, ends=ends
        )
        return list(lived.until(START + end))

    assert told(START + end) == told(FOREVER)


def test_a_home_is_not_asked_for_what_comes_after_its_end() -> None:
    lived = Home("h1", seed=(1,), start=START, ends=START + DAY_S)
    assert list(lived.until(START + DAY_S))
    with pytest.raises(ValueError, match="after the end"):
        list(lived.until(START + DAY_S + 1))


@few
@given(
    seeds,
    households,
    several(0, 3),
    st.lists(st.floats(min_value=0, max_value=9 * DAY_S), max_size=8),
)
def test_a_life_is_the_same_in_whatever_pieces_it_is_asked_for(
    seed: int, household: Household, befallen: list[Episode], cuts: list[float]
) -> None:
    def lived() -> Home:
        return Home("h1", seed=(seed,), start=START, household=household, episodes=befallen)

    whole = list(lived().until(START + 9 * DAY_S))
    piecewise = lived()
    told = [event for cut in cuts for event in piecewise.until(START + cut)]
    assert told + list(piecewise.until(START + 9 * DAY_S)) == whole


ALONE = Household(sensors=EVERYTHING)
COUPLE = Household(residents=2, pet=True, family_visits=2.0, sensors=EVERYTHING)


@few
@example(922857, COUPLE, [befalls("fall", 4.513, room="bathroom")])  # they sit, past noon
@example(442, ALONE, [befalls("fall", 0.823, room="bathroom")])  # they come in, and go out again
@given(seeds, households, several(1, 3))
def test_what_is_told_under_way_is_as_if_it_had_been_known_from_the_start(
    seed: int, household: Household, befallen: list[Episode]
) -> None:
    def lived(*known: Episode) -> Home:
        return Home("h1", seed=(seed,), start=START, household=household, episodes=known)

    told = []
    learning = lived()
    for episode in sorted(befallen, key=lambda one: one.onset):
        told += list(learning.until(episode.onset))
        learning.befall(episode)
    assert told + list(learning.until(START + 9 * DAY_S)) == list(
        lived(*befallen).until(START + 9 * DAY_S)
    )


def test_what_would_have_begun_already_is_refused_and_changes_nothing() -> None:
    lived = home(1)
    told = list(lived.until(START + 2 * DAY_S))
    with pytest.raises(ValueError, match="cannot begin before"):
        lived.befall(befalls("uti", 1.5))
    with pytest.raises(ValueError, match="no sensor"):
        lived.befall(befalls("sensor_death", 3, sensor="cellar-pir"))
    assert lived.episodes == []
    told += list(lived.until(START + 5 * DAY_S))
    assert told == as_events(home(1), 5)


def test_reasons_are_told_once_and_stay_the_same_when_something_befalls() -> None:
    lived, whole = home(1), home(1)
    list(whole.until(START + 6 * DAY_S))
    list(lived.until(START + 2 * DAY_S))
    reasons = lived.reasons()
    lived.befall(befalls("uti", 5))
    list(lived.until(START + 5 * DAY_S))
    reasons += lived.reasons()
    assert reasons == [why for why in whole.reasons() if why[1].t < START + 5 * DAY_S]
    assert lived.reasons() == []


@pytest.mark.parametrize("seed", range(1, 9))
def test_whoever_lies_in_bed_is_seen_nowhere_else(seed: int) -> None:
    """Alone; once they have lain for three minutes, which no sensor takes to see somebody come."""
    one = heard(home(seed), 15)
    t, value, _ = one.streams["bed-presence"]
    nights = 0
    for (down, up), occupied in zip(pairwise(t), value[:-1], strict=True):
        if occupied:
            nights += 1
            for sensor in ("bathroom-pir", "kitchen-pir", "lounge-pir", "hallway-pir"):
                assert not spans(one.times(sensor), down + 180 / DAY_S, up)
            for sensor in ("fridge-contact", "front-door-contact", "kettle-plug", "toilet-flush"):
                assert not spans(one.times(sensor), down, up)
    assert nights > 20


@pytest.mark.parametrize("seed", range(1, 5))
def test_nobody_is_in_two_rooms_or_walks_through_walls(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a person did, before any sensor: stays do not overlap, and ways lead through doors."""
    lived = home(seed, befalls("uti", 2))
    rooms, take = lived.lives._rooms, Trace.take
    steps = [(START, BEDROOM)]
    stays: list[tuple[float, float, str]] = []

    def watched(trace: Trace) -> Done:
        done = take(trace)
        started, pause, speed, way = done.walks
        came, through = rooms.passed(started + pause, speed, way.astype(np.int64))
        steps.extend((t, ROOMS[room]) for t, room in zip(came.tolist(), through, strict=True))
        steps.extend((t, ROOMS[int(room)]) for t, room in done.comings.T.tolist())
        stays.extend((start, end, ROOMS[int(room)]) for start, end, room, _ in done.stays.T)
        return done

    monkeypatch.setattr(Trace, "take", watched)
    list(lived.until(START + 12 * DAY_S))
    steps.sort()
    came_at = [t for t, _ in steps]
    assert len(stays) > 500
    assert all(end <= begin + 1e-6 for (_, end, _), (begin, _, _) in pairwise(stays))
    for begin, _, room in stays[1:]:
        _, last = steps[bisect_right(came_at, begin + 1e-6) - 1]
        assert last == room


@few
@given(seeds, starts, zones)
def test_a_life_can_begin_at_any_hour_of_any_day_anywhere(
    seed: int, start: float, zone: str
) -> None:
    lived = Home("h1", seed=(seed,), start=start, time_zone=zone)
    told = list(lived.until(start + 3 * DAY_S))
    judge(told)
    assert {event.sensor for event in told} >= {"kettle-plug", "bed-presence", "kitchen-pir"}


def test_a_day_of_23_or_25_hours_is_lived_like_any_other() -> None:
    """In zones that change by an hour, by half an hour, and at other seasons."""
    for zone, changed in (
        ("Europe/London", datetime(2026, 3, 29, tzinfo=UTC)),
        ("Europe/London", datetime(2026, 10, 25, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, tzinfo=UTC)),
        ("America/St_Johns", datetime(2026, 11, 1, tzinfo=UTC)),
    ):
        start = changed.timestamp() - 5 * DAY_S
        lived = Home("h1", seed=(3,), start=start, time_zone=zone, household=Household(pet=True))
        told = list(lived.until(start + 10 * DAY_S))
        judge(told)
        meals = [event.at for event in told if event.place in {"kitchen", "fridge"}]
        days = {int((at.timestamp() - start) // DAY_S) for at in meals}
        assert days == set(range(10))


@pytest.mark.parametrize("kind", ["holiday", "hospital"])
def test_an_absence_of_a_year_ends(kind: str) -> None:
    lived = home(1, befalls(kind, 3, days=365), since=START)
    told = as_events(lived, 372)
    judge(told)
    indoors = [e for e in told if e.kind not in {Kind.TEMPERATURE, Kind.OPENING}]
    gone = max(late.at - early.at for early, late in pairwise(indoors))
    assert 364 <= gone.total_seconds() / DAY_S <= 365.2
    assert indoors[-1].at.timestamp() > START + 371 * DAY_S


def test_nothing_is_lost_or_told_twice_where_two_blocks_meet() -> None:
    """Over many homes, as much happens about a seam as at that hour of other days, to a quarter."""
    block = round(BLOCK_S / DAY_S)
    days = range(1, 3 * block)
    told = [0] * len(days)
    for seed in range(1, 101):
        times = heard(home(seed), 3 * block).all_motion
        for index, day in enumerate(days):
            told[index] += len(spans(times, day - 1 / 24, day + 1 / 24))
    seams = [told[day - 1] for day in days if day % block == 0]
    others = [told[day - 1] for day in days if day % block != 0]
    assert 0.75 < mean(seams) / mean(others) < 1.25


def test_a_home_names_what_is_fitted_in_it_and_only_that_tells() -> None:
    every = as_events(home(1), 10)
    assert {event.sensor for event in every} == set(MAKES)
    fitted = ("bathroom-pir", "toilet-flush", "kettle-plug")
    some = as_events(home(1, sensors=fitted), 10)
    assert some == [event for event in every if event.sensor in fitted]
    roles = {(role.sensor, role.kind, role.place) for role in home(1).sensors}
    assert {(event.sensor, event.kind, event.place) for event in every} == roles


@pytest.mark.parametrize("hour", [0, 11, 16])
def test_who_comes_home_after_days_lives_the_rest_of_that_day(hour: int) -> None:
    """By day they are up and about within the hour, and at night they go to bed."""
    asleep = up = 0
    for seed in range(1, 9):
        lived = home(seed, befalls("holiday", 3 + hour / 24, days=4))
        one = heard(lived, 9)
        back = 7 + hour / 24
        seen = [t for t in one.times("kitchen-pir") if back < t < back + 4 / 24]
        up += bool(seen)
        asleep += any(back < t < back + 2 / 24 for t in one.times("bed-presence"))
    if hour:
        assert up == 8
        assert asleep <= 2, "naps"
    else:
        assert asleep >= 6


def test_what_befalls_a_home_leaves_it_the_reasons_that_were_not_asked_for() -> None:
    lived, whole = home(1), home(1)
    for one in (lived, whole):
        list(one.until(START + 5 * DAY_S))
    lived.befall(befalls("uti", 5))
    assert lived.reasons() == whole.reasons() != []


def test_a_life_before_1970_is_told_by_every_sensor() -> None:
    lived = Home("h1", seed=(4,), start=-10 * 365 * DAY_S, household=Household(sensors=EVERYTHING))
    told = list(lived.until(lived.start + 4 * DAY_S))
    assert {event.sensor for event in told} == set(EVERYTHING)
