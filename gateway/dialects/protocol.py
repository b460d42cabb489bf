"""What a dialect is: it turns a message of one kind of device network into readings."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, Protocol, Self

from gateway.dialects.news import News


class Signal(StrEnum):
    """What a reading tells. The unit of its value stands behind each word."""

    OCCUPANCY = "occupancy"  # 1 something moves or weighs, 0 no longer
    PRESENCE = "presence"  # 1 somebody is there, 0 nobody
    OPEN = "open"  # 1 open, 0 closed
    SWITCH = "switch"  # 1 on, 0 off; what that means, the sensor's kind says
    POWER = "power"  # watts, now
    ENERGY = "energy"  # kilowatt-hours, ever rising
    USE = "use"  # watt-hours of a use that is over; `seconds` says how long it was
    ACTION = "action"  # 1; `text` says which
    VIBRATION = "vibration"  # 1 shaken, 0 no longer
    WATER = "water"  # 1 wet, 0 dry
    SMOKE = "smoke"  # 1 smoke, 0 none; no kind of sensor listens to it
    TEMPERATURE = "temperature"  # degrees Celsius
    HUMIDITY = "humidity"  # per cent
    GAIT_SPEED = "gait_speed"  # m/s
    BATTERY = "battery"  # per cent
    BATTERY_LOW = "battery_low"  # 1 the device says so, 0 it does not
    LINK_QUALITY = "link_quality"  # 0 to 255
    ONLINE = "online"  # 1 reachable, 0 not


class Occasion(StrEnum):
    """Why a device says how something is."""

    OPEN = (
        "open"  # the message does not show: it changed, or something else did, or a while went by
    )
    CHANGE = "change"  # it changed just then, or happened
    REPORT = "report"  # it is read again now and then, with all else: it may have been so for long
    BESIDE = "beside"  # something else changed, and what was known is said along with it


class Reading(NamedTuple):
    """One thing one device said.

    Attributes:
        device: Its name in the dialect.
        signal: What it tells.
        value: In the unit of the signal.
        at: When the device said it, in epoch seconds, where the message tells; else None, and the
            reading counts when the hub got it.
        text: Which action, for :attr:`Signal.ACTION`.
        seconds: How long it lasted, for :attr:`Signal.USE`, where the message tells.
        no_offset: The message told a time without its offset from UTC. It may be hours off, so it
            is not used: `at` is None.
        said: What the device's own clock said, where that is not `at`.
        came: When the hub got it, in seconds by a clock that only runs forward, where that is known
            and matters.
        occasion: Why it was said.
        packet: The number that the device gave to what it said, where the message tells: what two
            gateways heard of it bears the same.
    """

    device: str
    signal: Signal
    value: float
    at: float | None = None
    text: str = ""
    seconds: float | None = None
    no_offset: bool = False
    said: float | None = None
    came: float | None = None
    occasion: Occasion = Occasion.OPEN
    packet: int | None = None

    @property
    def stamp(self) -> float | None:
        """By the device's own clock, right or wrong: what is said again bears it again."""
        return self.at if self.said is None else self.said


class Why(StrEnum):
    """For what sort of slip something is refused; each is a counter, `refused_<why>`."""

    NOT_JSON = "not_json"  # and should be
    WRONG_TYPE = "wrong_type"  # a text where a number should be, a list for an object
    UNKNOWN_WORD = "unknown_word"  # a word that stands for nothing here
    OUT_OF_RANGE = "out_of_range"  # no device can have measured that
    BAD_TIME = "bad_time"  # no date, or of another century
    TOO_LONG = "too_long"  # more bytes than are read
    TOO_MANY = "too_many"  # more slips in one message than are told one by one
    HUB_FAILED = "hub_failed"  # not its own: the hub itself failed at it
    OTHER = "other"


class Ignored(StrEnum):
    """Why a message is passed over, though nothing is wrong in it; each is a counter."""

    NO_FIELD = "no_field"  # it tells nothing that a hub listens to
    COMMAND = "command"  # said to a device, not by one
    LOG = "log"  # a bridge's own log
    BRIDGE = "bridge"  # what else a bridge says of itself
    EMPTY = "empty"  # no bytes: how a state that the broker kept is taken back


class Problem(str):
    """A sentence that says what could not be used; `why` is its sort."""

    __slots__ = ("why",)
    why: Why

    def __new__(cls, sentence: str, why: Why = Why.OTHER) -> Self:
        """A sentence of a sort."""
        made = super().__new__(cls, sentence)
        made.why = why
        return made


class Decoded(NamedTuple):
    """What is in one message.

    Attributes:
        readings: What it tells; none where the message is not about a device.
        problems: Fields that could not be used, one sentence each; the others stand.
        news: What it says of the network itself.
        ignored: Why it is passed over, where it holds none of these.
    """

    readings: list[Reading]
    problems: list[Problem]
    news: tuple[News, ...] = ()
    ignored: Ignored = Ignored.NO_FIELD


class DialectError(ValueError):
    """A message of which nothing can be used. The sentence says why, and `why` of what sort."""

    def __init__(self, sentence: str, why: Why = Why.OTHER) -> None:
        super().__init__(sentence)
        self.why = why


class Dialect(Protocol):
    """Speaks for one kind of device network. Pure: the same message gives the same readings."""

    @property
    def topics(self) -> list[str]:
        """What to subscribe to."""
        ...

    @property
    def lists(self) -> list[str]:
        """Of these, the ones on which a network lists its devices: such a message may be long."""
        ...

    def base_of(self, topic: str, payload: bytes) -> str | None:
        """The base topic below which this message shows such devices to speak.

        For discovery, which knows no base topic yet; that of the dialect itself plays no part.

        Returns:
            None where the message is no sure sign of this dialect.
        """
        ...

    def decode(self, topic: str, payload: bytes) -> Decoded:
        """Reads one message.

        Raises:
            DialectError: Nothing in it can be used.
        """
        ...


def by_device(readings: Iterable[Reading]) -> list[list[Reading]]:
    """The readings of one message, those of each device and moment together, in order."""
    groups: dict[tuple[str, float | None], list[Reading]] = {}
    for reading in readings:
        groups.setdefault((reading.device, reading.at), []).append(reading)
    return list(groups.values())
