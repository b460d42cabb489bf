"""A link that is down or late is not a person who lies still, and hides nobody who does."""

from functools import cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import Alert, Assessment, Kind, Phase, Quality, SensorEvent, State
from detectors.conformance.lifelike import event, profile
from detectors.features.lateness import KEPT_DAYS, Lateness
from detectors.features.pulse import Pulse
from detectors.no_movement import NoMovement
from detectors.possible_fall import PossibleFall
from gateway.engine import Engine
from gateway.engine.outputs import Output
from tests.detectors.people import (
    Events,
    also,
    at,
    gone,
    instant,
    life,
    nobody_stirs,
    raised,
    said,
    when,
)

DAYS = 30
T = instant(25, 10.5)
HOUR = 3600.0


def without_thermometer(events: Events) -> Events:
    return when(events, lambda one: one.kind != Kind.TEMPERATURE)


def seen_then(events: Events, since: float, until: float, keep: str = "") -> Events:
    """Seen in the kitchen at `since`; until `until` only what is kept of a kind is told."""
    quiet = when(
        events, lambda one: not since - 60 < one.at.timestamp() < until or one.kind == keep
    )
    return also(quiet, event("hallway-pir", since - 8), event("kitchen-pir", since))


def late(events: Events, since: float, until: float) -> Events:
    """What happened from `since` to `until` is told too late."""
    return [
        msgspec.structs.replace(one, quality=str(Quality.LATE))
        if since < one.at.timestamp() < until
        else one
        for one in events
    ]


def urgent(events: Events, since: float, until: float) -> list[Alert]:
    engine = Engine(profile(), [PossibleFall, NoMovement])
    outputs = [output for one in events for output in engine.process(one) if one.at <= at(until)]
    outputs += engine.advance(until)
    return [one for one in outputs if isinstance(one, Alert) and one.raised_at > at(since)]


def test_a_home_that_fell_silent_with_its_thermometer_is_blind_not_fallen() -> None:
    down = seen_then(life(DAYS), T, T + 6 * HOUR)
    answers = [one for one in said(PossibleFall(profile()), down) if at(T) < one.at]
    during = [one for one in answers if one.at < at(T + 6 * HOUR)]
    assert {one.state for one in during} == {State.BLIND}
    assert "perhaps no link" in during[0].reason
    assert not raised(answers)


def test_nobody_stirs_though_the_thermometer_speaks_is_a_possible_fall() -> None:
    lies = seen_then(life(DAYS), T, T + 6 * HOUR, keep=Kind.TEMPERATURE)
    alerts = raised(said(PossibleFall(profile()), lies, until=T + 6 * HOUR))
    assert [one for one in alerts if at(T) < one.at <= at(T + 4 * HOUR)]


def test_a_fall_while_the_link_was_down_is_missed_soon_after_it_is_up_again() -> None:
    down_until = T + 3 * HOUR
    lies = seen_then(life(DAYS), T, T + 12 * HOUR, keep=Kind.TEMPERATURE)
    lies = when(
        lies, lambda one: one.kind != Kind.TEMPERATURE or not at(T) < one.at < at(down_until)
    )
    found = [one for one in raised(said(PossibleFall(profile()), lies)) if one.at > at(T)]
    assert found
    assert down_until < found[0].at.timestamp() <= down_until + 5 * HOUR


def test_a_thermometer_that_died_before_keeps_nobody_from_being_missed() -> None:
    dead = when(life(DAYS), lambda one: one.kind != Kind.TEMPERATURE or one.at < at(T - 5 * HOUR))
    lies = seen_then(dead, T, T + 6 * HOUR)
    alerts = raised(said(PossibleFall(profile()), lies))
    assert [one for one in alerts if at(T) < one.at <= at(T + 4 * HOUR)]


def test_a_link_that_stays_down_does_not_keep_the_hard_stop_from_being_told() -> None:
    before = when(life(DAYS), lambda one: one.at <= at(T))
    found = urgent(also(before, event("kitchen-pir", T)), T, T + 19 * HOUR)
    assert {one.condition for one in found if one.version == 1} == {"no_movement"}


@pytest.mark.parametrize("sensor", ["bathroom-pir", "kitchen-pir", "lounge-pir", "bedroom-pir"])
@pytest.mark.parametrize("day", [1, 3, 25])
def test_the_hard_stop_needs_no_learning_and_misses_nobody(sensor: str, day: int) -> None:
    """Whatever is usual here, and however long the link has been late."""
    t = instant(day, 11)
    loud = late(life(DAYS), instant(max(day - 3, 0), 9), instant(max(day - 3, 0), 20))
    lies = also(nobody_stirs(loud, t - 60, until=t + 20 * HOUR), event(sensor, t))
    found = urgent(lies, t, t + 18 * HOUR + 1)
    assert [one for one in found if one.phase == Phase.OPEN]


def test_days_of_long_silences_move_no_limit_beyond_the_hard_stop() -> None:
    """A home whose sensors lose sight of the person for most of each day."""
    rare = [
        one
        for one in without_thermometer(life(DAYS))
        if one.at.hour in {7, 8} and one.kind != Kind.OPENING
    ]
    lies = when(rare, lambda one: one.at < at(instant(25, 10)))
    found = urgent(lies, instant(25, 10), instant(27, 12))
    assert [one.condition for one in found if one.version == 1] == ["no_movement"]


def test_late_messages_clear_the_alert_and_say_so() -> None:
    since, until = T, T + 5 * HOUR
    events = late(seen_then(without_thermometer(life(DAYS)), T, T + 60), since + 90, until)
    found = urgent(events, since, until + 3 * HOUR)
    assert found[0].phase == Phase.OPEN
    assert found[-1].phase == Phase.CLEARED
    assert "came late" in found[-1].text


def test_a_link_that_was_late_once_is_not_mistaken_for_a_fall_in_the_days_after() -> None:
    plain = without_thermometer(life(DAYS))
    once = late(plain, instant(22, 11), instant(22, 14))
    silent = seen_then(once, T, T + 3.2 * HOUR)
    assert raised(said_by_engine(seen_then(plain, T, T + 3.2 * HOUR)))
    assert not raised(said_by_engine(silent))


def said_by_engine(events: Events) -> list[Assessment]:
    engine = Engine(profile(), [PossibleFall])
    outputs = [output for one in events for output in engine.process(one)]
    return [one for one in outputs if isinstance(one, Assessment) and one.at > at(T)]


def test_lateness_is_forgotten_after_a_week_and_said_while_it_counts() -> None:
    events = late(without_thermometer(life(DAYS)), instant(15, 11), instant(15, 13))
    engine = Engine(profile(), [PossibleFall])
    answers = [
        one
        for each in events
        for one in engine.process(each)
        if not isinstance(one, Alert) and one.state == State.NORMAL
    ]
    told = [one for one in answers if any("late" in sentence for sentence in one.excluded)]
    assert told
    assert at(instant(15, 13)) < told[0].at
    assert told[-1].at <= at(instant(15 + KEPT_DAYS + 1, 24))


@cache
def lived_until(t: float) -> bytes:
    """The engine's memory of an ordinary life until `t`."""
    engine = Engine(profile(), [PossibleFall, NoMovement])
    for one in without_thermometer(life(DAYS)):
        if one.at < at(t):
            engine.process(one)
    return engine.snapshot()


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 30), st.integers(1, 6), st.data())
def test_when_late_messages_came_changes_no_answer(
    start: int, hours: int, data: st.DataObject
) -> None:
    """Ticks of a clock before, among and after late messages: the answers are the same."""
    since = instant(20, 7) + start * HOUR / 2
    rest = when(without_thermometer(life(DAYS)), lambda one: at(since) <= one.at < at(since + 6e4))
    events = late(rest, since, since + hours * HOUR)
    replayed, live = (Engine(profile(), [PossibleFall, NoMovement]) for _ in range(2))
    for engine in (replayed, live):
        engine.restore(lived_until(since))
    once = [output for each in events for output in replayed.process(each)]
    ticked: list[Output] = []
    held: list[SensorEvent] = []
    for each in events:
        if each.quality == Quality.LATE:
            held.append(each)
            if data.draw(st.booleans()):
                ticked += live.advance(each.at.timestamp())
            continue
        for message in held:
            ticked += live.process(message)
        if data.draw(st.booleans()) and held:
            ticked += live.advance(each.at.timestamp())
        held = []
        ticked += live.process(each)
    assert once == ticked


@pytest.mark.parametrize("sensor", ["lounge-pir", "bedroom-pir", "bathroom-pir"])
def test_a_sensor_that_died_yesterday_makes_no_fall_of_who_sits_where_it_was(sensor: str) -> None:
    died = when(life(DAYS), lambda one: one.sensor != sensor or one.at < at(instant(23, 9)))
    silent = seen_then(died, T, T + 6 * HOUR, keep=Kind.TEMPERATURE)
    answers = [one for one in said(PossibleFall(profile()), silent) if one.at > at(T)]
    assert not raised(answers)
    assert sensor in answers[0].reason
    alerts = urgent(silent, T, T + 6 * HOUR)
    alive = urgent(seen_then(life(DAYS), T, T + 6 * HOUR, keep=Kind.TEMPERATURE), T, T + 6 * HOUR)
    assert {one.condition for one in alerts} <= {"no_movement"}
    assert "possible_fall" in {one.condition for one in alive}


def test_a_sensor_that_speaks_again_lets_falls_be_seen_again() -> None:
    died = when(
        life(DAYS),
        lambda one: one.sensor != "lounge-pir" or not at(instant(20, 9)) < one.at < at(T - 7200),
    )
    back = seen_then(died, T, T + 6 * HOUR, keep=Kind.TEMPERATURE)
    assert [one for one in raised(said(PossibleFall(profile()), back)) if one.at > at(T)]


def test_who_is_not_seen_for_weeks_after_a_sensor_died_stays_blind_with_the_reason() -> None:
    died = when(life(DAYS), lambda one: one.sensor != "lounge-pir" or one.at < at(instant(23, 9)))
    silent = when(without_thermometer(died), lambda one: one.at < at(T))
    answers = said(PossibleFall(profile()), silent, until=T + 30 * 24 * HOUR)
    late_ones = [one for one in answers if one.at > at(T + 10 * 24 * HOUR)]
    assert late_ones
    assert all("lounge-pir" in one.reason for one in late_ones)


def test_a_day_away_from_home_makes_no_sensor_a_dead_one() -> None:
    away = gone(life(DAYS), instant(22, 9), instant(24, 18))
    lies = seen_then(away, T, T + 6 * HOUR, keep=Kind.TEMPERATURE)
    assert [one for one in raised(said(PossibleFall(profile()), lies)) if one.at > at(T)]


def test_a_thermometer_that_speaks_when_it_likes_is_no_pulse() -> None:
    pulse = Pulse()
    t = 0.0
    for day in range(1, 8):
        for hours in (1, 5, 18):
            pulse.beat(t + hours * HOUR)
        t += 24 * HOUR
        pulse.end_day(t)
        assert pulse.felt(t + 100 * HOUR), day


@given(
    st.lists(
        st.tuples(st.floats(0, 4e6), st.booleans(), st.sampled_from(["kitchen", "lounge"])),
        max_size=60,
    )
)
def test_lateness_stays_small_and_never_negative(heard: list[tuple[float, bool, str]]) -> None:
    lateness, last = Lateness(), 0.0
    for t, in_time, place in sorted(heard):
        day = int(t // 86_400)
        if in_time:
            found = lateness.settle(last)
            assert found is None or found.newest > last
            last = t
        else:
            lateness.hear(t, day, place)
        assert 0 <= lateness.on(day) <= 12 * HOUR
        assert len(lateness.days) <= KEPT_DAYS + 1
