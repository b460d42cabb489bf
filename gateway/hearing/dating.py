"""When a message's readings count, by what it tells itself and by when it came. Pure."""

from gateway.clock.clock import FUTURE_S
from gateway.dialects.protocol import Reading, Signal
from gateway.hearing.message import Message
from gateway.journal.intake import Intake

SAME_CLOCK_S = 10.0
"""What agrees to within this with the hub's clock, while that was wrong, was dated by it."""

_COUNTED_ON = frozenset({Signal.ACTION, Signal.SWITCH, Signal.VIBRATION})


def not_ahead(readings: list[Reading], received: float, intake: Intake) -> list[Reading]:
    """The readings, none dated in the future.

    A little ahead is the device's clock and counts as now. Further ahead, the device does not
    know what time it is: its readings count when the hub got them.
    """
    said = readings[0].at
    if said is None or said <= received:
        return readings
    if said <= received + FUTURE_S:
        return [one._replace(at=received, said=said) for one in readings]
    intake.counts["ahead"] += 1
    return [one._replace(at=None, said=said) for one in readings]


def counted_on(readings: list[Reading], message: Message) -> list[Reading]:
    """The readings; presses and shaking with when they came, counted since the machine started."""
    if message.elapsed is None or not message.sure:
        return readings
    return [
        one._replace(came=message.elapsed) if one.signal in _COUNTED_ON else one for one in readings
    ]


def shifted(readings: list[Reading], message: Message) -> list[Reading]:
    """The readings; those that were dated by the hub's clock while it was wrong are put right."""
    said = readings[0].at
    clock = message.received - message.shift
    if said is None or not message.shift or abs(said - clock) > SAME_CLOCK_S:
        return readings
    return [one._replace(at=said + message.shift, said=said) for one in readings]
