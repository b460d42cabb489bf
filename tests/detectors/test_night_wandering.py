"""Nights: who walks about or leaves is soon called; who only goes to the toilet is left asleep."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import Assessment, SensorEvent, State, encode
from detectors.conformance.driver import drive
from detectors.conformance.lifelike import event, profile
from detectors.night_wandering import NightWandering
from tests.detectors.people import Events, alone, also, instant, life, raised, said, when

DAYS = 30
ROUND = ("hallway-pir", "kitchen-pir", "lounge-pir", "hallway-pir", "bedroom-pir")


def walk(day: int, hour: float, minutes: float, every: float = 60.0) -> Events:
    """From room to room, a step each minute."""
    start = instant(day, hour)
    return [
        event(ROUND[step % len(ROUND)], start + every * step)
        for step in range(int(60 * minutes / every))
    ]


def toilet(day: int, hour: float) -> Events:
    """To the bathroom and back."""
    start = instant(day, hour)
    steps = ((0, "bedroom-pir"), (20, "hallway-pir"), (30, "bathroom-pir"), (240, "hallway-pir"))
    return [event(name, start + after) for after, name in (*steps, (255, "bedroom-pir"))]


def leaves(day: int, hour: float, until: float | None = None) -> Events:
    """Up, through the hall, out; and back where `until` says when."""
    t = instant(day, hour)
    found = [event("hallway-pir", t - 20), event("front-door-contact", t)]
    found.append(event("front-door-contact", t + 5, 0.0))
    if until is not None:
        back = instant(day, until)
        found += [event("front-door-contact", back), event("hallway-pir", back + 5)]
        found += [event("bedroom-pir", back + 240)]
    return found


def on(answers: list[Assessment], day: int, hour: float = 0.0) -> list[Assessment]:
    """What was raised in the night of that day, from that hour on."""
    return [
        one
        for one in raised(answers)
        if instant(day, hour) <= one.at.timestamp() < instant(day, 12)
    ]


@pytest.mark.parametrize("seed", range(1, 9))
def test_ordinary_nights_wake_nobody_at_the_centre(seed: int) -> None:
    assert not raised(said(NightWandering(profile()), life(60, seed)))


@pytest.mark.parametrize("hour", [0.6, 2.0, 3.7])
def test_an_hour_of_walking_about_is_told_while_it_goes_on(hour: float) -> None:
    found = on(said(NightWandering(profile()), also(life(DAYS), *walk(25, hour, 60))), 25)
    assert len(found) == 1
    alert = found[0]
    assert instant(25, hour) < alert.at.timestamp() <= instant(25, hour + 1)
    assert alert.text.startswith("Up and about for ")
    assert "kitchen" in alert.text
    leading = alert.evidence[0]
    assert leading.value is not None
    assert leading.high is not None
    assert leading.value >= leading.high
    assert {one.measure for one in alert.evidence} == {
        "minutes_about_night",
        "minutes_about_spell",
        "door_openings_night",
    }


def test_it_is_over_when_they_have_come_to_rest_and_told_once() -> None:
    answers = said(NightWandering(profile()), also(life(DAYS), *walk(25, 1.0, 50)))
    night = [o for o in answers if instant(25, 0) <= o.at.timestamp() <= instant(25, 5)]
    assert [one.state for one in night if one.state != State.RAISED] == [State.NORMAL] * 2
    assert len(on(answers, 25)) == 1


def test_several_walks_that_would_each_pass_are_told_together() -> None:
    walks = [step for hour in (1.0, 1.8, 2.6, 3.4, 4.2) for step in walk(25, hour, 14)]
    one = on(said(NightWandering(profile()), also(life(DAYS), *walk(25, 1.0, 14))), 25)
    many = on(said(NightWandering(profile()), also(life(DAYS), *walks)), 25)
    assert (len(one), len(many)) == (0, 1)


def test_six_visits_to_the_bathroom_in_a_night_are_visits_to_the_bathroom() -> None:
    visits = [step for hour in (0.5, 1.2, 2.0, 2.7, 3.5, 4.4) for step in toilet(25, hour)]
    assert not on(said(NightWandering(profile()), also(life(DAYS), *visits)), 25)


def test_tea_in_the_kitchen_for_an_hour_is_no_walk() -> None:
    tea = [event("kitchen-pir", instant(25, 2) + 90 * step) for step in range(40)]
    assert not on(said(NightWandering(profile()), also(life(DAYS), *tea)), 25)


def test_who_walks_about_every_night_is_known_for_it() -> None:
    nightly = [step for day in range(5, 40) for step in walk(day, 2.0, 25)]
    answers = said(NightWandering(profile()), also(life(45), *nightly))
    assert not [one for day in range(15, 40) for one in on(answers, day)]
    longer = also(life(45), *nightly, *walk(41, 1.0, 200))
    assert on(said(NightWandering(profile()), longer), 41)  # the hard stop stands


def test_who_leaves_at_three_and_is_not_back_is_told_in_a_quarter_of_an_hour() -> None:
    home = when(life(DAYS), lambda one: not instant(25, 3) <= one.at.timestamp() < instant(25, 9))
    answers = said(NightWandering(profile()), also(home, *leaves(25, 3.1)))
    found = on(answers, 25)
    assert len(found) == 1
    assert found[0].at.timestamp() <= instant(25, 3.1) + 16 * 60
    assert found[0].text == (
        "An outer door was opened at 03:06, and nobody has been seen inside since."
    )
    assert found[0].evidence[0].measure == "door_openings_night"
    back = [one for one in answers if one.at.timestamp() > instant(25, 9)]
    assert back[0].state == State.NORMAL


def test_who_only_looks_out_is_not_sought() -> None:
    home = when(life(DAYS), lambda one: not instant(25, 3) <= one.at.timestamp() < instant(25, 6))
    looks = leaves(25, 3.1, until=3.1 + 4 / 60)
    assert not on(said(NightWandering(profile()), also(home, *looks)), 25)


def test_a_contact_that_falls_open_while_all_sleep_sends_nobody_out() -> None:
    home = when(life(DAYS), lambda one: not instant(25, 2) <= one.at.timestamp() < instant(25, 6))
    door = [event("front-door-contact", instant(25, 3.5))]
    assert not on(said(NightWandering(profile()), also(home, *door)), 25)


def test_who_goes_to_work_at_four_each_day_is_not_sought_for_ever() -> None:
    early = [step for day in range(8, 40) for step in leaves(day, 4.5)]
    gone_at = {day: (instant(day, 4.4), instant(day, 9)) for day in range(8, 40)}
    home = when(
        life(45),
        lambda one: not any(a <= one.at.timestamp() < b for a, b in gone_at.values()),
    )
    found = raised(said(NightWandering(profile()), also(home, *early)))
    assert len(found) <= 2


def test_with_one_room_watched_it_cannot_say() -> None:
    kept = when(life(DAYS), lambda one: not one.sensor.endswith("-pir") or "bath" in one.sensor)
    answers = said(NightWandering(profile()), kept)
    assert {one.state for one in answers} == {State.BLIND}
    assert {one.reason for one in answers} == {"Motion is heard in fewer than two rooms."}


def test_in_the_first_days_it_learns_and_says_so() -> None:
    answers = said(NightWandering(profile()), also(life(9), *walk(2, 2.0, 60)))
    assert not raised(answers)
    assert answers[2].reason == "Learning what is usual: day 3 of 5."


def test_a_centre_that_bears_more_false_alerts_is_told_sooner() -> None:
    events = also(life(DAYS), *walk(25, 2.0, 60))
    first = [
        on(said(NightWandering(alone(budget={"night_wandering": budget})), events), 25)[0].at
        for budget in (2.0, 0.1)
    ]
    assert first[0] < first[1]


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.floats(1, 20_000), st.sampled_from([*ROUND, "front-door-contact"])),
        max_size=80,
    ),
    stop=st.integers(0, 80),
)
def test_whatever_a_night_brings_a_restart_changes_no_word(
    steps: list[tuple[float, str]], stop: int
) -> None:
    t, events = instant(8, 0), list[SensorEvent]()
    for wait, sensor in steps:
        t += wait
        events.append(event(sensor, t))
    known = NightWandering(profile())
    drive(known, life(8))
    other = NightWandering(profile())
    other.restore(known.snapshot())
    through = drive(known, events)
    before = drive(other, events[:stop])
    after = NightWandering(profile())
    after.restore(other.snapshot())
    again = [*before, *drive(after, events[stop:])]
    assert [encode(one) for one in through] == [encode(one) for one in again]
