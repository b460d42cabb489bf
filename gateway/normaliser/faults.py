"""Sensors that speak and cannot be believed, or not be heard in what they say."""

from collections.abc import Mapping
from typing import NamedTuple

from contract import Kind
from gateway.dialects.protocol import Signal
from gateway.normaliser.channel import Channel
from gateway.normaliser.likeness import Likeness
from gateway.normaliser.pulses import Motion

DAY_S = 86_400.0
"""A fault that nobody's safety hangs on at once is told after so long: an installer is at work, or
somebody has laid something over a detector."""


class Fault(NamedTuple):
    """What is wrong with one sensor.

    Attributes:
        sensor: Its name.
        due: From when on the centre is to know, in epoch seconds.
        text: What was observed, in one sentence.
    """

    sensor: str
    due: float
    text: str


def fault_of(
    sensor: str, channels: Mapping[str, Channel], told: Likeness, heard_at: float | None
) -> Fault | None:
    """What is wrong with a device; None where nothing is.

    That it may be a help button which calls nobody, or is listed as one and is none, is to be known
    at once.

    Args:
        sensor: Its name.
        channels: What listens to it, by kind.
        told: Of what it has told.
        heard_at: When it was last heard, in epoch seconds.
    """
    if unlike := told.unlike(channels, heard_at):
        listed, since = ", ".join(unlike), min(told.others.values())
        if Signal.ACTION in told.others and Kind.BUTTON not in channels:
            return Fault(
                sensor,
                since,
                f"The sensor {sensor} is listed as {listed}, and was pressed as a button is. If it "
                "is a help button, nobody is told of its calls.",
            )
        if Kind.BUTTON in unlike:
            return Fault(
                sensor,
                since,
                f"The sensor {sensor} is listed as a help button and tells of other things, never "
                "of a press. Perhaps nobody can call for help with it.",
            )
        text = f"The sensor {sensor} is listed as {listed}, and tells of other things alone."
        return Fault(sensor, since + DAY_S, text)
    for one in channels.values():
        if isinstance(one, Motion) and one.state.stuck and one.state.active_at is not None:
            text = (
                f"The sensor {sensor} has said on end for a day and more that something moves, and "
                "is not believed."
            )
            return Fault(sensor, one.state.active_at + DAY_S, text)
    return None
