"""One false reading of a plug's counter does not make a hundred boils of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser.appliance import GLITCH, Appliance
from gateway.normaliser.channel import Told
from gateway.normaliser.use import Drawn


def uses(said: list[tuple[float, float, float]]) -> list[Told]:
    """What is told of a kettle whose plug says power (W) and counter (kWh) at times (s)."""
    channel, told = Appliance(on_w=500, off_w=100, gap_s=90), list[Told]()
    for t, watts, kwh in said:
        told += channel.hear(Reading("kettle", Signal.POWER, watts), t)
        told += channel.hear(Reading("kettle", Signal.ENERGY, kwh), t)
    return told + channel.settle(1e9)


BEGUN = [(0.0, 0.0, 12.4), (60.0, 2150.0, 12.401), (90.0, 2150.0, 12.418)]
ENDED = [(180.0, 3.0, 12.468), (300.0, 0.0, 12.468)]


@pytest.mark.parametrize(
    "false",
    [
        [(120.0, 2150.0, 0.0), (125.0, 2150.0, 12.437)],
        [(120.0, 0.0, 0.0), (125.0, 2150.0, 12.437)],
        [(120.0, 2150.0, 11.9), (125.0, 2150.0, 12.437)],
        [(120.0, 2150.0, 15.0), (125.0, 2150.0, 12.437)],
        [(110.0, 2150.0, 0.0), (120.0, 2150.0, 99.0), (125.0, 2150.0, 12.437)],
    ],
)
def test_a_counter_that_falls_or_leaps_and_comes_back_costs_a_boil_nothing(
    false: list[tuple[float, float, float]],
) -> None:
    (told,) = uses([*BEGUN, *false, *ENDED])
    assert told.value == pytest.approx(68, abs=1)
    assert told.note == GLITCH


def test_a_false_reading_with_which_a_boil_ends_makes_neither_it_nor_the_next_one_larger() -> None:
    again = [(400.0, 2150.0, 12.47), (430.0, 2150.0, 12.488), (460.0, 0.0, 12.506)]
    first, second = uses([*BEGUN, (180.0, 3.0, 0.0), *again, (900.0, 0.0, 12.506)])
    assert first.value == pytest.approx(72, abs=3)
    assert second.value == pytest.approx(36, abs=2)


def test_a_coarse_counter_that_turned_within_a_boil_is_not_taken_for_a_kilowatt_hour() -> None:
    (told,) = uses([(0, 0, 12), (60, 2000, 12), (120, 2000, 13), (180, 0, 13)])
    assert told.value == pytest.approx(66.7, abs=0.1)


def test_a_clock_that_is_set_back_within_a_boil_makes_no_glitch_of_the_next_reading() -> None:
    ahead = [(t + 10_000, watts, kwh) for t, watts, kwh in BEGUN]
    (told,) = uses([*ahead, (120.0, 2150.0, 12.437), *ENDED])
    assert told.note == ""


_KWH = st.one_of(st.floats(12, 13), st.sampled_from([0.0, 12.4, 9999.0]))
_SAID = st.lists(
    st.tuples(st.floats(0, 200), st.sampled_from([0.0, 50.0, 300.0, 2000.0]), _KWH), max_size=40
)


@given(_SAID)
def test_whatever_its_counter_says_no_use_is_more_than_its_power_makes_in_its_time(
    steps: list[tuple[float, float, float]],
) -> None:
    t, said = 0.0, list[tuple[float, float, float]]()
    for step, watts, kwh in steps:
        t += step
        said.append((t, watts, kwh))
    for told in uses(said):
        assert told.duration is not None
        most = 2000 * told.duration / 3600
        assert 0 <= told.value <= most + max(20.0, most / 4) + 0.01


def test_two_false_readings_one_after_the_other_are_told() -> None:
    drawn = Drawn(highest=2000.0)
    for kwh, at in ((12.4, 100.0), (0.0, 110.0), (99.0, 120.0)):
        drawn.count(kwh, at, 3)
    assert drawn.glitch


def test_a_counter_that_was_reset_as_the_clock_was_set_back_goes_on_from_there() -> None:
    drawn = Drawn(highest=2000.0)
    drawn.count(12.4, 1000.0, 3)
    drawn.add(20.0, low=False)
    drawn.count(0.0, 1040.0, 3)
    drawn.move(-500.0)
    drawn.add(60.0, low=False)
    drawn.count(0.06, 660.0, 3)
    told = drawn.told(3, 200.0)
    assert (drawn.first, drawn.last_at) == (0.0, 660.0)
    assert told.wh == pytest.approx(80.0)
    assert not told.glitch


def test_more_than_its_power_can_have_made_is_no_word_of_a_counter() -> None:
    drawn = Drawn(wh=10.0, highest=100.0, first=1.0, last=2.0, last_wh=0.0)
    assert drawn.told(3, 60.0) == (10.0, False, True)
