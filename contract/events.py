"""One thing a sensor saw: a line of a recording, and the form in which the centre gets it."""

from typing import Annotated

import msgspec

from contract.base import Instant, Message, Name
from contract.vocabulary import Kind, Quality

Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]


class SensorEvent(Message, frozen=True, kw_only=True):
    """One thing a sensor saw.

    Attributes:
        home: The home's pseudonymous identifier.
        sensor: The sensor's name within its home.
        kind: One of :class:`contract.vocabulary.Kind`, or a newer word.
        place: The room or thing the sensor watches, in lower_snake_case.
        at: When it happened.
        value: In the unit that :class:`contract.vocabulary.Kind` gives for the kind.
        duration: Seconds the use lasted (appliances).
        battery: Per cent left, where the device tells.
        quality: How far `at` can be trusted.
        seq: The hub's own number for the event, where it has one.
        bridge: Of a link that is lost: the bridge that is away, and with it all that speak by it.
        counts_at: Of a call for help that came late, or whose time is unsure: the moment at which
            the hub had it count. Nothing else that came so late counts.
    """

    home: Name
    sensor: Name
    kind: Name
    place: Name
    at: Instant
    value: float
    duration: Annotated[float, msgspec.Meta(ge=0)] | None = None
    battery: Percent | None = None
    quality: str = Quality.OK
    seq: Annotated[int, msgspec.Meta(ge=0)] | None = None
    bridge: str = ""
    counts_at: Instant | None = None


# Inclusive ranges of what each kind can mean. Wide on purpose: they refuse nonsense, not illness.
VALUES: dict[str, tuple[float, float]] = {
    Kind.MOTION: (1, 1),
    Kind.OPENING: (0, 1),
    Kind.APPLIANCE: (0, 20_000),
    Kind.FLUSH: (1, 1),
    Kind.PRESENCE: (0, 1),
    Kind.TEMPERATURE: (-40, 85),
    Kind.HUMIDITY: (0, 100),
    Kind.GAIT_SPEED: (0, 5),
    Kind.BUTTON: (0, 1),
    Kind.LINK: (0, 1),
}
_TWO_STATES = frozenset({Kind.OPENING, Kind.PRESENCE, Kind.BUTTON, Kind.LINK})
# Plain words, for these are asked of every event: comparing with a member of an enum is slower.
_MEANS = {str(kind): (*bounds, kind in _TWO_STATES) for kind, bounds in VALUES.items()}


def problem(event: SensorEvent) -> str | None:
    """Says what is wrong with the event's value, or None.

    A kind this version does not know is never wrong: a newer hub may use it.
    """
    means = _MEANS.get(event.kind)
    if means is None:
        return None
    low, high, two_states = means
    if not low <= event.value <= high:  # also catches NaN
        return f"{event.kind} must be from {low:g} to {high:g}, not {event.value:g}"
    if two_states and event.value not in {0, 1}:
        return f"{event.kind} must be 0 or 1, not {event.value:g}"
    return None
