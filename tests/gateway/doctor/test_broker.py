"""What came of listening is told as what it means for this home."""

from gateway.doctor.broker import Listened, heard
from gateway.doctor.finding import State


def test_topics_that_the_broker_withholds_are_named() -> None:
    found, _ = heard(Listened(denied=["shelly/+/online"], messages=1), 5, heard_before=True)
    assert found.state is State.WRONG
    assert "shelly/+/online" in found.said
    assert found.remedy


def test_a_home_that_spoke_within_the_hour_may_be_quiet_for_a_while() -> None:
    (found,) = heard(Listened(), 5, heard_before=True)
    assert found.state is State.OK
    (found,) = heard(Listened(), 5, heard_before=False)
    assert found.state is State.NOTE


def test_of_many_devices_the_first_few_are_named() -> None:
    (found,) = heard(Listened(devices=dict.fromkeys("abcdefg"), messages=9), 5, heard_before=False)
    assert found.said == "9 messages in 5 s from a, b, c, d, e and 2 more"
    (found,) = heard(Listened(messages=9), 5, heard_before=False)
    assert found.said.endswith("none of them a reading")
