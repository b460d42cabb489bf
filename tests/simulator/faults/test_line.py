"""Faults must give one outcome however they are driven, else what was seen cannot be seen again."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.devices import Message
from simulator.faults import FAULTS, Fault, Line, apply
from simulator.living.chance import Chance
from tests.simulator.faults.homes import DAY, HOUR, START, a_life, messages_of, spoiled

MESSAGES = messages_of(a_life(1, hours=10))
NAMES = sorted(FAULTS)
SEEDS = st.integers(min_value=0, max_value=2**32)


def a_fault(name: str, onset: float = 2 * HOUR, duration: float = 5 * HOUR) -> Fault:
    """A fault of every name, such that it has something to do within some hours."""
    choices: dict[str, dict[str, object]] = {
        "battery_report": {"every_s": 1200.0},
        "bridge_restart": {"queued": 0.5},
        "flat_battery": {"fade_s": 2 * HOUR, "report_every_s": 600.0, "noticed_s": 1800.0},
        "link_drop": {"noticed_s": 1800.0},
        "moved": {"device": "hallway-pir", "beside": "bathroom-pir"},
    }
    return FAULTS[name].make(onset=START + onset, duration=duration, **choices.get(name, {}))


@st.composite
def several(draw: st.DrawFn) -> list[Fault]:
    """Faults that may overlap in any order."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4))
    hours = st.floats(min_value=0, max_value=10)
    return [a_fault(name, draw(hours) * HOUR, draw(hours) * HOUR) for name in names]


@settings(max_examples=60, deadline=None)
@given(several(), SEEDS, st.floats(min_value=30, max_value=4000))
def test_pushed_and_pulled_give_the_same(faults: list[Fault], seed: int, tick: float) -> None:
    line, pushed, now = Line(faults, Chance.of(seed)), [], START
    for message in MESSAGES:
        while now < message.t:
            pushed += line.due(now)
            now += tick
        pushed += line.feed(message)
    pushed += line.due(float("inf"))
    assert pushed == spoiled(MESSAGES, *faults, seed=seed)


@settings(max_examples=60, deadline=None)
@given(several(), SEEDS)
def test_messages_come_out_in_order_of_time(faults: list[Fault], seed: int) -> None:
    times = [message.t for message in spoiled(MESSAGES, *faults, seed=seed)]
    assert times == sorted(times)


@settings(max_examples=30, deadline=None)
@given(several(), SEEDS)
def test_the_same_seed_gives_the_same_messages(faults: list[Fault], seed: int) -> None:
    assert spoiled(MESSAGES, *faults, seed=seed) == spoiled(MESSAGES, *faults, seed=seed)


def test_another_seed_gives_others() -> None:
    outcomes = [spoiled(MESSAGES, a_fault("duplicates"), seed=seed) for seed in (1, 2)]
    assert outcomes[0] != outcomes[1]


def test_a_fault_is_as_it_was_after_it_was_used() -> None:
    """One fault stands in a scenario for forty homes."""
    fault = a_fault("bridge_restart")
    first = spoiled(MESSAGES, fault)
    assert spoiled(MESSAGES, fault) == first


def test_no_fault_is_no_change() -> None:
    assert spoiled(MESSAGES) == MESSAGES


def test_messages_are_read_only_as_they_are_asked_for() -> None:
    def endless() -> Iterator[Message]:
        t = START
        while True:
            t += 10
            yield Message(t, "hallway-pir", b'{"occupancy":true}')

    out = apply(endless(), [a_fault("duplicates")], Chance.of(1))
    assert next(out).t == START + 10


def test_faults_act_one_after_another() -> None:
    twice = spoiled(MESSAGES, a_fault("duplicates"), a_fault("late"))
    times = spoiled(MESSAGES, a_fault("duplicates"))
    assert len(twice) == len(times)
    assert spoiled(MESSAGES, a_fault("link_drop"), a_fault("duplicates")) != twice


def test_a_fault_can_be_set_while_the_home_lives() -> None:
    line, out = Line([], Chance.of(1)), []
    then = START + 5 * HOUR
    for message in MESSAGES:
        if message.t >= then and not line.faults:
            assert line.due(then) == []
            line.add(FAULTS["flat_battery"].make(onset=then, duration=DAY, fade_s=0.0))
        out += line.feed(message)
    told = [one for one in MESSAGES if one.t < then or one.topic == "kettle-plug"]
    assert out == told


def test_a_fault_set_now_knows_what_was_said_before() -> None:
    line = Line([], Chance.of(1))
    told = Message(START, "fridge-contact", b'{"contact":false,"last_seen":1772323200000}')
    line.feed(told)
    line.add(FAULTS["frozen"].make(onset=START + 1, duration=DAY))
    closed = Message(START + 5, "fridge-contact", b'{"contact":true,"last_seen":1772323205000}')
    (heard,) = line.feed(closed)
    assert heard.payload == b'{"contact":false,"last_seen":1772323205000}'


def test_a_fault_set_now_on_one_device_leaves_the_others_alone() -> None:
    for name in ("retained", "bridge_restart", "power_cut", "battery_report"):
        line = Line([], Chance.of(1))
        for message in MESSAGES[:200]:
            line.feed(message)
        begin = MESSAGES[200].t
        fault = FAULTS[name].make(onset=begin, duration=HOUR, device="fridge-contact")
        line.add(fault)
        said = line.due(begin + 2 * HOUR)
        assert said or name == "battery_report"
        assert {message.topic.partition("/")[0] for message in said} <= {"fridge-contact"}


def test_a_fault_can_be_ended_while_the_home_lives() -> None:
    line = Line([], Chance.of(1))
    fault = line.add(FAULTS["link_drop"].make(onset=START, duration=float("inf")))
    said = Message(START + 5, "hallway-pir", b'{"occupancy":true}')
    assert line.feed(said) == []
    fault.duration = 10.0
    assert line.feed(said._replace(t=START + 20)) == [said._replace(t=START + 20)]


def test_an_endless_fault_lets_a_recording_end() -> None:
    for name in NAMES:
        endless = a_fault(name, duration=float("inf"))
        assert len(spoiled(MESSAGES, endless)) < 20 * len(MESSAGES)


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("duplicates", {"share": 1.5}),
        ("duplicates", {"share": "all"}),
        ("duplicates", {"shade": 0.5}),
        ("late", {"by_s": float("nan")}),
        ("late", {"by_s": -1}),
        ("chatty", {"times": 2.5}),
        ("chatty", {"times": True}),
        ("retained", {"every_s": 0}),
        ("bounce", {"device": 7}),
        ("moved", {}),
        ("moved", {"device": "a", "beside": "a"}),
    ],
)
def test_what_cannot_be_chosen_is_said(name: str, chosen: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=f"{[*chosen, 'device'][0]}"):
        FAULTS[name].make(onset=START, duration=HOUR, **chosen)


def test_a_duration_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="duration must be from 0"):
        FAULTS["late"].make(onset=START, duration=-1)
