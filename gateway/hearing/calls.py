"""A call for help that comes late is a call all the same: when it counts, though late.

It needs no history, so it counts at the present moment. That moment is stored with the event: a
restart and a replay then show it to its detector just where the hub did.
"""

import math

import msgspec

from contract import Kind, Quality, SensorEvent, utc
from gateway.clock.clock import FUTURE_S
from gateway.engine import Watermark

AFTER_S = 0.001
"""A late call counts so long after all before it: no two of them are at one moment."""

_OUT_OF_TIME = frozenset({Quality.LATE, Quality.CLOCK_UNSURE})


def counted(event: SensorEvent, watermark: Watermark, received: float) -> SensorEvent:
    """A late call for help, or one of an unsure time, with the moment at which it counts.

    Anything else as it is; so is what a bridge repeats (`replayed`), which is no second call.

    Args:
        event: With the decision whether it came in time.
        watermark: How far event time has come; it takes note of the moment.
        received: When the hub got it, in epoch seconds. Where a wrong clock has carried event time
            beyond, it counts then: nobody must be told of a call at a time that has not come.
    """
    if event.kind != Kind.BUTTON or event.quality not in _OUT_OF_TIME:
        return event
    present = max(watermark.newest, watermark.at)
    at = utc(present + AFTER_S) if math.isfinite(present) else event.at
    if present > received + FUTURE_S:
        at = utc(received)
    watermark.admit(at.timestamp())
    return msgspec.structs.replace(event, counts_at=at)
