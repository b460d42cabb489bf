"""One thing that happened is one event: not none, and not two."""

import pytest

from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser.button import KNOWN_PRESSES, PRESSED_AGAIN_S, Button
from gateway.normaliser.pulses import FLUSH_S, REARM_S, Flush, Motion


def say(signal: Signal, value: float = 1.0, *, text: str = "", at: float | None = None) -> Reading:
    return Reading("d", signal, value, at, text)


ACTIVE, QUIET = say(Signal.OCCUPANCY), say(Signal.OCCUPANCY, 0.0)


def test_a_movement_is_told_once_and_its_time_out_not_at_all() -> None:
    motion = Motion()
    assert [told.at for told in motion.hear(ACTIVE, 10)] == [10]
    assert motion.hear(ACTIVE, 11) == []
    assert motion.hear(QUIET, 70) == []
    assert [told.at for told in motion.hear(ACTIVE, 71)] == [71]


def test_a_movement_that_is_told_again_with_the_same_time_is_one() -> None:
    motion = Motion()
    once, over = say(Signal.OCCUPANCY, at=10), say(Signal.OCCUPANCY, 0.0, at=10)
    told = [motion.hear(reading, 10) for reading in (once, over, once, over)]
    assert [len(one) for one in told] == [1, 0, 0, 0]


def test_what_is_wired_to_a_switch_may_be_movement_or_water() -> None:
    on = say(Signal.SWITCH)
    assert [told.at for told in Motion().hear(on, 10) + Flush().hear(on, 11)] == [10, 11]


def test_a_lost_time_out_does_not_hide_a_person_for_ever() -> None:
    motion = Motion()
    motion.hear(ACTIVE, 0)
    assert motion.hear(ACTIVE, REARM_S - 1) == []
    assert [told.at for told in motion.hear(ACTIVE, REARM_S)] == [REARM_S]


def test_however_long_a_cistern_shakes_it_is_one_flush() -> None:
    flush = Flush()
    shaken = say(Signal.ACTION, text="vibration")
    assert [told.value for told in flush.hear(shaken, 0)] == [1]
    assert flush.hear(shaken, FLUSH_S - 1) == []
    assert [told.at for told in flush.hear(shaken, FLUSH_S)] == [FLUSH_S]
    assert flush.hear(say(Signal.ACTION, text="tilt"), 100) == []


def test_a_message_that_says_it_twice_over_is_one_flush() -> None:
    flush = Flush()
    both = [say(Signal.VIBRATION), say(Signal.ACTION, text="vibration")]
    assert len([told for one in both for told in flush.hear(one, 5)]) == 1
    flush.hear(say(Signal.VIBRATION, 0.0), 9)
    assert len([told for one in both for told in flush.hear(one, 5 + FLUSH_S)]) == 1


def test_a_state_that_comes_and_goes_while_a_cistern_shakes_is_one_flush() -> None:
    flush = Flush()
    said = [(0.0, 1.0), (3.0, 0.0), (5.0, 1.0), (8.0, 0.0), (9.0, 1.0), (11.0, 0.0), (FLUSH_S, 1.0)]
    told = [one.at for t, on in said for one in flush.hear(say(Signal.VIBRATION, on), t)]
    assert told == [0, FLUSH_S]


@pytest.mark.parametrize("leap", [-3600.0, 7.0, 3600.0])
def test_a_clock_that_is_set_makes_no_two_flushes_of_a_state_that_comes_and_goes(
    leap: float,
) -> None:
    flush = Flush()
    on, off = (say(Signal.VIBRATION, value) for value in (1.0, 0.0))
    assert len(flush.hear(on._replace(came=50.0), 1000.0)) == 1
    flush.hear(off._replace(came=55.0), 1005.0)
    assert flush.hear(on._replace(came=60.0), 1010.0 + leap) == []


def test_running_water_is_a_flush_when_it_begins() -> None:
    flush = Flush()
    assert len(flush.hear(say(Signal.WATER), 0)) == 1
    assert flush.hear(say(Signal.WATER, 0.0), 30) == []


@pytest.mark.parametrize("action", ["single", "double", "hold", "emergency"])
def test_any_press_asks_for_help(action: str) -> None:
    (told,) = Button().hear(say(Signal.ACTION, text=action), 3)
    assert (told.at, told.value) == (3, 1)


def test_help_can_be_cancelled() -> None:
    (told,) = Button().hear(say(Signal.ACTION, text="cancel"), 3)
    assert told.value == 0


@pytest.mark.parametrize(
    "action", ["hold_release", "brightness_stop", "rotate_stop", "brightness_stop_2", "hue_stop"]
)
def test_letting_go_of_a_button_is_no_second_call(action: str) -> None:
    assert Button().hear(say(Signal.ACTION, text=action), 3) == []


@pytest.mark.parametrize("action", ["stop", "emergency_stop", "rotate_left", "a word of tomorrow"])
def test_what_is_not_known_to_be_a_letting_go_is_a_call(action: str) -> None:
    assert len(Button().hear(say(Signal.ACTION, text=action), 3)) == 1


def test_pressing_twice_is_two_calls_unless_it_is_the_same_press_said_again() -> None:
    button = Button()
    press = say(Signal.ACTION, text="single", at=5.0)
    assert len(button.hear(press, 5.0)) == 1
    assert button.hear(press, 5.0) == []
    assert len(button.hear(say(Signal.ACTION, text="single", at=6.0), 6.0)) == 1
    undated = say(Signal.ACTION, text="single")
    assert button.hear(undated, 6.0) == []
    assert len(button.hear(undated, 6.0 + PRESSED_AGAIN_S)) == 1


def test_a_press_delivered_twice_without_its_time_is_one_call_and_a_cancel_is_always_heard() -> (
    None
):
    button = Button()
    press, cancel = (say(Signal.ACTION, text=text) for text in ("single", "cancel"))
    assert len(button.hear(press, 0)) == 1
    assert button.hear(press, PRESSED_AGAIN_S - 0.1) == []
    assert [told.value for told in button.hear(cancel, 9.95)] == [0]
    assert [told.value for told in button.hear(press, 9.96)] == [1]


@pytest.mark.parametrize(("at", "told"), [(10.0, [1.0, 0.0, 1.0]), (10.5, [1.0, 0.0])])
def test_who_takes_a_call_back_and_calls_again_within_a_second_is_heard(
    at: float, told: list[float]
) -> None:
    """Where a device tells whole seconds; by a finer time the two would differ."""
    button = Button()
    presses = (say(Signal.ACTION, text=text, at=at) for text in ("on", "off", "on", "on"))
    assert [one.value for press in presses for one in button.hear(press, at)] == told


def test_two_different_presses_of_one_second_are_two() -> None:
    button = Button()
    presses = [say(Signal.ACTION, text=text, at=10.0) for text in ("single", "double", "single")]
    assert [len(button.hear(press, 10.0)) for press in presses] == [1, 1, 0]


@pytest.mark.parametrize("leap", [-3600.0, 7.0, 3600.0])
def test_a_clock_that_is_set_while_a_cistern_shakes_makes_no_two_flushes_of_one(
    leap: float,
) -> None:
    flush = Flush()
    shaken = say(Signal.ACTION, text="vibration")
    assert len(flush.hear(shaken._replace(came=50.0), 1000.0)) == 1
    assert flush.hear(shaken._replace(came=65.0), 1015.0 + leap) == []
    again = flush.hear(shaken._replace(came=50.0 + FLUSH_S), 1000.0 + FLUSH_S + leap)
    assert len(again) == 1


def test_a_press_with_a_time_of_its_own_is_known_again_and_one_without_is_not() -> None:
    button = Button()
    first, second = (say(Signal.ACTION, text="single", at=at) for at in (5.0, 6.0))
    for press in (first, second):
        assert not button.knows(press)
        button.hear(press, 6.0)
    assert button.knows(first), "though another came since"
    assert button.knows(second)
    assert not button.knows(say(Signal.ACTION, text="double", at=6.0))
    assert not button.knows(say(Signal.ACTION, text="single"))


def test_a_clock_that_is_put_right_swallows_no_call() -> None:
    """The time between two presses is that of a clock which nobody sets, where there is one."""
    button = Button()
    press = say(Signal.ACTION, text="single")
    assert len(button.hear(press._replace(came=50.0), 1000)) == 1
    assert button.hear(press._replace(came=50.0 + PRESSED_AGAIN_S - 0.1), 9000) == []
    assert len(button.hear(press._replace(came=50.0 + PRESSED_AGAIN_S), 1001)) == 1


def test_so_many_presses_are_known_again_and_not_one_fewer() -> None:
    button = Button()
    presses = [say(Signal.ACTION, text="single", at=float(n)) for n in range(KNOWN_PRESSES + 1)]
    for press in presses:
        assert len(button.hear(press, press.at or 0.0)) == 1
    assert [press.at for press in presses if not button.knows(press)] == [0.0]
