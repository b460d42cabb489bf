"""A made-up life must hold together: one person, one place at a time, the same whenever retold."""

import hashlib
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import SensorEvent
from contract.codec import encode
from contract.events import problem
from simulator.living.episodes import DAY_S, away, fall, low_intake, sensor_death, uti
from simulator.living.home import Home
from tests.simulator.devices.hub import essence, told_and_heard
from tests.simulator.living.measures import START, at, between, hour, live, of

EVERYTHING = (
    uti(START + DAY_S),
    low_intake(START + 2 * DAY_S),
    away(START + 4 * DAY_S, days=1.5),
    fall(START + 7.1 * DAY_S, hours=5),
    fall(START + 8.6 * DAY_S, hours=1),
    sensor_death(START + 9 * DAY_S, "kitchen-pir"),
)
GOLDEN = "b9f6d1ce4f0da8f23d663c77df55ec49afd194ed7acfa55ef663997402718388"


def test_a_life_never_changes() -> None:
    """A change here means that every published figure on made-up homes must be made again."""
    digest = hashlib.sha256()
    for event in live(1, 3):
        digest.update(encode(event))
    assert digest.hexdigest() == GOLDEN


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(min_value=0, max_value=10**6),
    cuts=st.lists(st.floats(min_value=0, max_value=10 * DAY_S), max_size=8),
)
def test_in_whatever_pieces_it_is_asked_for_it_is_one_life(seed: int, cuts: list[float]) -> None:
    home = Home("h1", seed=(seed,), start=START, episodes=EVERYTHING)
    pieces: list[SensorEvent] = []
    for cut in sorted(cuts):
        piece = list(home.until(START + cut))
        assert all(at(event) < cut + 0.001 for event in piece)
        pieces += piece
    pieces += home.until(START + 10 * DAY_S)
    assert pieces == live(seed, 10, *EVERYTHING)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(min_value=0, max_value=10**6))
def test_whatever_befalls_it_a_home_tells_only_what_its_devices_can(seed: int) -> None:
    events = live(seed, 11, *EVERYTHING)
    assert all(early.at <= late.at for early, late in pairwise(events))
    assert [problem(event) for event in events if problem(event)] == []
    assert essence(told_and_heard(events)) == essence(events)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(min_value=0, max_value=10**6))
def test_who_lies_in_bed_is_seen_nowhere_else(seed: int) -> None:
    in_bed = False
    for event in live(seed, 6):
        if event.sensor == "bed-presence":
            in_bed = event.value == 1
        elif event.kind == "motion":
            assert not in_bed or event.place == "bedroom"


@pytest.mark.parametrize("seed", range(5))
def test_what_befalls_while_it_goes_on_is_what_was_known_before(seed: int) -> None:
    """The demonstration lets somebody fall now; a restart must come to the same life."""
    home = Home("h1", seed=(seed,), start=START)
    told = list(home.until(START + 3 * DAY_S))
    home.befall(fall(START + 3.4 * DAY_S, hours=2))
    home.befall(uti(START + 3.2 * DAY_S))
    told += home.until(START + 6 * DAY_S)
    known = live(seed, 6, fall(START + 3.4 * DAY_S, hours=2), uti(START + 3.2 * DAY_S))
    assert told == known


def test_nothing_can_befall_in_the_past() -> None:
    home = Home("h1", seed=(1,), start=START)
    list(home.until(START + 100))
    with pytest.raises(ValueError, match="cannot begin before"):
        home.befall(uti(START + 50))


def test_only_sensors_that_are_there_can_die() -> None:
    with pytest.raises(ValueError, match="no sensor 'cellar-pir'"):
        live(1, 1, sensor_death(START, "cellar-pir"))


def test_a_dead_sensor_says_nothing_more_and_the_others_go_on() -> None:
    events = live(1, 4, sensor_death(START + 2 * DAY_S, "bathroom-pir"))
    assert of(between(events, 0, 2), "bathroom-pir")
    assert not of(between(events, 2, 4), "bathroom-pir")
    well = [event for event in live(1, 4) if event.sensor != "bathroom-pir"]
    assert [event for event in events if event.sensor != "bathroom-pir"] == well


@pytest.mark.parametrize("seed", range(6))
def test_who_falls_lies_unseen_until_somebody_comes(seed: int) -> None:
    events = live(seed, 4, fall(START + 2.125 * DAY_S, hours=4))  # three in the morning
    fallen = 2.125 * DAY_S
    seen = [
        event for event in events if event.kind in {"motion", "opening"} and at(event) >= fallen
    ]
    silent = [event for event in seen if fallen + 900 < at(event) < fallen + 4 * 3600]
    assert silent == []
    helped = next(event for event in seen if at(event) >= fallen + 4 * 3600)
    assert (helped.sensor, at(helped)) == ("front-door-contact", fallen + 4 * 3600)


@pytest.mark.parametrize("room", ["bathroom", "kitchen", "bedroom", "hallway", "lounge"])
def test_a_fall_can_wait_in_a_room(room: str) -> None:
    events = live(4, 4, fall(START + 2.5 * DAY_S, hours=5, room=room))
    helped = [
        index
        for index, event in enumerate(events)
        if event.sensor == "front-door-contact" and event.value == 1 and at(event) > 2.7 * DAY_S
    ]
    longest = max(
        (at(events[index]) - at(before[-1]), before[-1].place)
        for index in helped
        if (before := [event for event in events[:index] if event.kind == "motion"])
    )
    assert longest[0] > 4.8 * 3600
    assert longest[1] == room


def test_a_fall_cannot_wait_in_a_room_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="no room 'cellar'"):
        live(1, 1, fall(START, room="cellar"))


@pytest.mark.parametrize("seed", range(6))
def test_who_is_away_is_not_seen_and_comes_back(seed: int) -> None:
    events = live(seed, 9, away(START + 2.5 * DAY_S, days=4))
    gone = [event for event in between(events, 3.2, 6.5) if event.kind != "temperature"]
    assert gone == []
    assert of(between(events, 6.5, 7.5), "bathroom-pir")
    assert of(gone + between(events, 3.2, 6.5), "lounge-temperature"), "the home itself goes on"


def test_who_is_away_cannot_fall_at_home_until_they_are_back() -> None:
    events = live(3, 9, away(START + 2.5 * DAY_S, days=3), fall(START + 4 * DAY_S, hours=6))
    back = min(at(event) for event in between(events, 5, 9) if event.kind == "opening")
    seen = [at(e) for e in events if e.kind == "motion" and back + 900 < at(e) < back + 5.5 * 3600]
    assert back >= 5.5 * DAY_S
    assert seen == []


def test_habits_keep_to_the_wall_clock_when_it_changes() -> None:
    """The clocks go forward on 29 March 2026, the 28th day."""
    first: dict[str, float] = {}
    for event in live(2, 56):
        if event.sensor == "bed-presence" and event.value == 0 and hour(event) > 5:
            first.setdefault(f"{event.at:%m-%d}", hour(event))
    risen = [hours for _, hours in sorted(first.items())]
    assert len(risen) > 50
    assert abs(median(risen[:28]) - median(risen[28:])) < 0.4


@pytest.mark.parametrize("clock", [0, 9, 15, 23])
def test_a_life_can_begin_at_any_hour(clock: int) -> None:
    start = START + clock * 3600
    events = list(Home("h1", seed=(1,), start=start).until(start + 2 * DAY_S))
    assert of(events, "bathroom-pir")
    assert {event.sensor for event in events} >= {"kettle-plug", "bed-presence", "lounge-pir"}


def test_the_thermometer_reports_about_every_ten_minutes_day_and_night() -> None:
    reports = [event for event in live(1, 3) if event.sensor == "lounge-temperature"]
    gaps = [at(late) - at(early) for early, late in pairwise(reports)]
    assert all(579 <= gap <= 621 for gap in gaps)
    assert all(14 < report.value < 27 for report in reports)


def test_a_home_names_what_is_fitted_in_it() -> None:
    fitted = {
        (role.sensor, role.kind, role.place) for role in Home("h", seed=(1,), start=0).sensors
    }
    told = {(event.sensor, event.kind, event.place) for event in live(1, 10)}
    assert told == fitted
