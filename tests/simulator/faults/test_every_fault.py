"""What holds of every fault: well-formed, bounded in time, and not to be told by what it says."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dialects.registry import DIALECTS
from simulator.devices import Message
from simulator.faults import FAULTS
from tests.simulator.faults.homes import HOUR, START, a_life, messages_of, spoiled
from tests.simulator.faults.test_line import MESSAGES, NAMES, SEEDS, a_fault

LIFE = a_life(1, hours=8)


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
@pytest.mark.parametrize("name", NAMES)
def test_what_comes_out_is_what_devices_say(name: str, dialect: str) -> None:
    """A hub that refuses it would be tested on its refusals, not on the fault."""
    hub, below = DIALECTS[dialect](dialect), "zigbee2mqtt/" if dialect == "zigbee2mqtt" else ""
    for message in spoiled(messages_of(LIFE, dialect), a_fault(name)):
        decoded = hub.decode(f"{below}{message.topic}", message.payload)
        assert not decoded.problems
        assert decoded.readings
        assert message.t == round(message.t, 3)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(NAMES),
    SEEDS,
    st.floats(min_value=-1, max_value=11),
    st.floats(min_value=0, max_value=11),
)
def test_outside_its_time_nothing_changes(name: str, seed: int, hour: float, hours: float) -> None:
    fault = a_fault(name, hour * HOUR, hours * HOUR)
    out = spoiled(MESSAGES, fault, seed=seed)

    def outside(message: Message) -> bool:
        return not fault.onset <= message.t < fault.until

    untouched = [message for message in MESSAGES if outside(message)]
    of_its_own = Counter(out) - Counter(untouched)
    last = fault.until + fault.aftermath_s
    assert all(fault.onset <= message.t <= last for message in of_its_own)
    left = of_its_own.copy()
    kept = []
    for message in out:
        if left[message]:
            left[message] -= 1
        else:
            kept.append(message)
    assert kept == untouched


@pytest.mark.parametrize("name", NAMES)
def test_it_does_something_in_its_time(name: str) -> None:
    assert spoiled(MESSAGES, a_fault(name)) != MESSAGES


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_of_no_time_does_nothing(name: str) -> None:
    assert spoiled(MESSAGES, a_fault(name, duration=0.0)) == MESSAGES or name in {
        "bridge_restart",  # which is over at once, and repeats what it knows
        "power_cut",
    }


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_message_tells_the_fault(name: str) -> None:
    """A detector or a trainee could read the answer."""
    before = words_of(MESSAGES)
    new = words_of(spoiled(MESSAGES, a_fault(name))) - before
    told = {"availability", "state", "online", "offline", "battery", "battery_low"}
    assert new <= told
    topics = {message.topic.removesuffix("/availability") for message in MESSAGES}
    for message in spoiled(MESSAGES, a_fault(name)):
        assert message.topic.removesuffix("/availability") in topics


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"moved"}))
def test_it_strikes_only_the_device_that_is_named(name: str) -> None:
    named = {**vars(a_fault(name)), "device": "fridge-contact"}
    out = spoiled(MESSAGES, FAULTS[name].make(**named))
    for side in (out, MESSAGES):
        assert [m for m in side if not m.topic.startswith("fridge-contact")] == [
            m for m in MESSAGES if not m.topic.startswith("fridge-contact")
        ]


def test_each_says_what_a_hub_should_make_of_it() -> None:
    for spec in FAULTS.values():
        assert len(spec.expected) > 30
        assert spec.expected.endswith(".")
        assert all(one.meaning for one in spec.parameters.values())


def words_of(messages: list[Message]) -> set[str]:
    """All words in topics and payloads, but no numbers."""
    found: set[str] = set()
    for message in messages:
        text = f"{message.topic} {message.payload.decode()}"
        found |= set(re.findall(r"[a-z_]{3,}", text.lower()))
    return found


def test_the_home_of_these_tests_begins_at_the_start() -> None:
    assert START < MESSAGES[0].t < START + HOUR
