"""A clock that stood ahead and is put right hides nothing: what it dated is no measure of time."""

import pytest

from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser.appliance import Appliance
from gateway.normaliser.button import Button
from gateway.normaliser.channel import Channel
from gateway.normaliser.edges import Opening
from gateway.normaliser.levels import Temperature
from gateway.normaliser.pulses import Flush, Motion

AHEAD, NOW = 1_800_000_000.0, 1_797_000_000.0


def say(signal: Signal, value: float = 1.0, text: str = "") -> Reading:
    return Reading("d", signal, value, text=text)


SHAKEN, PRESSED = (say(Signal.ACTION, text=text) for text in ("vibration", "single"))


@pytest.mark.parametrize(
    ("channel", "ahead", "after"),
    [
        (Motion(), say(Signal.OCCUPANCY), say(Signal.OCCUPANCY)),
        (Flush(), SHAKEN, SHAKEN),
        (Button(), PRESSED, PRESSED),
        (Opening(debounce_s=1.0), say(Signal.OPEN), say(Signal.OPEN, 0.0)),
        (Temperature(step=0.1), say(Signal.TEMPERATURE, 20.0), say(Signal.TEMPERATURE, 20.05)),
    ],
    ids=lambda one: type(one).__name__ if not isinstance(one, Reading) else "",
)
def test_the_first_word_once_a_clock_is_right_is_an_event(
    channel: Channel, ahead: Reading, after: Reading
) -> None:
    assert len(channel.hear(ahead, AHEAD)) == 1
    assert [told.at for told in channel.hear(after, NOW)] == [NOW]


def test_a_boil_under_way_goes_on_when_the_clock_is_put_right() -> None:
    plug = Appliance(on_w=1000.0, off_w=50.0, gap_s=60.0)
    plug.hear(say(Signal.POWER, 2000.0), AHEAD)
    plug.hear(say(Signal.POWER, 2000.0), AHEAD + 90)
    plug.hear(say(Signal.POWER, 2000.0), NOW)
    plug.hear(say(Signal.POWER, 0.0), NOW + 90)
    (told,) = plug.settle(NOW + 151)
    assert (told.at, told.duration, told.value) == (NOW + 90, 180, 100)


def test_a_press_is_compared_by_the_clock_that_nobody_sets() -> None:
    """A clock that is put right may show the same second again, or one a day on."""
    button = Button()
    told = [
        len(button.hear(PRESSED._replace(came=came), t))
        for came, t in ((100.0, AHEAD), (105.0, NOW), (200.0, NOW + 3), (204.0, AHEAD))
    ]
    assert told == [1, 0, 1, 0]
