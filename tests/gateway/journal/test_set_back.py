"""A wrong clock's events teach the engine nothing, but no call for help is lost with them."""

import msgspec

from contract import Quality, SensorEvent
from gateway.journal.set_back import SetBack, believed
from tests.gateway.events import START, at, event

LINE = SetBack(5, START + 3600.0, START + 50 * 3600.0)
"""Set back to one o'clock after the fifth record."""


def pressed(hours: float, quality: str = "ok") -> SensorEvent:
    return event(hours, "bedroom", "button", quality=quality)


def test_what_a_wrong_clock_dated_is_not_believed_and_all_else_is() -> None:
    before, ahead, after = event(0.5), event(2), event(1)
    told = [(1, before), (2, ahead), (5, ahead), (5, after), (6, ahead)]
    assert list(believed(told, [LINE])) == [before, after, ahead]
    assert list(believed(told, [])) == [one for _, one in told]


def test_a_call_for_help_counts_at_the_moment_to_which_time_was_set_back() -> None:
    """Whatever the clock said, somebody called."""
    (call,) = believed([(3, pressed(9))], [LINE])
    assert (call.at, call.counts_at, call.quality) == (at(1), at(1), Quality.CLOCK_UNSURE)
    assert call == msgspec.structs.replace(
        pressed(9), at=at(1), counts_at=at(1), quality=Quality.CLOCK_UNSURE
    )


def test_a_call_made_at_a_known_time_that_counted_later_keeps_that_time() -> None:
    late = msgspec.structs.replace(pressed(0.5), counts_at=at(9))
    (call,) = believed([(3, late)], [LINE])
    assert (call.at, call.counts_at) == (at(0.5), at(1))


def test_of_several_settings_back_the_earliest_moment_counts_and_a_repetition_calls_nobody() -> (
    None
):
    other = SetBack(8, START + 1800.0, START)
    (call,) = believed([(3, pressed(9))], [LINE, other])
    assert call.counts_at == at(0.5)
    assert list(believed([(3, pressed(9, "replayed"))], [LINE])) == []
