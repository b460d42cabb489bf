"""What every dialect checks alike: flags, numbers and their ranges, times, JSON, topics.

A field that cannot be used becomes a sentence. No sentence repeats a text that stood in a message:
a person may have written it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from gateway.dialects.news import News
from gateway.dialects.protocol import (
    Decoded,
    DialectError,
    Ignored,
    Occasion,
    Problem,
    Reading,
    Signal,
    Why,
)

RANGES: dict[Signal, tuple[float, float]] = {
    Signal.OCCUPANCY: (0, 1),
    Signal.PRESENCE: (0, 1),
    Signal.OPEN: (0, 1),
    Signal.SWITCH: (0, 1),
    Signal.POWER: (-100, 20_000),  # metering chips drift a little below zero
    Signal.ENERGY: (0, 1e7),
    Signal.USE: (0, 20_000),
    Signal.ACTION: (1, 1),
    Signal.VIBRATION: (0, 1),
    Signal.WATER: (0, 1),
    Signal.SMOKE: (0, 1),
    Signal.TEMPERATURE: (-40, 85),
    Signal.HUMIDITY: (0, 100),
    Signal.GAIT_SPEED: (0, 5),
    Signal.BATTERY: (0, 100),
    Signal.BATTERY_LOW: (0, 1),
    Signal.LINK_QUALITY: (0, 255),
    Signal.ONLINE: (0, 1),
}
"""Inclusive; they refuse nonsense, not the unusual."""

EARLIEST, LATEST = 946_684_800.0, 4_102_444_800.0
"""The years 2000 and 2100, in epoch seconds."""

LONGEST_TEXT = 64

MOST_PROBLEMS = 8
"""So many slips of one message are told one by one; one more sentence counts the others."""

_HUGE = 1e18  # beyond it a number is only noise, and may not even fit a float

Check = Callable[[Any], float]


class FieldError(ValueError):
    """A field holds what it cannot hold. The sentence says what it may."""

    def __init__(self, sentence: str, why: Why = Why.WRONG_TYPE) -> None:
        super().__init__(sentence)
        self.why = why


def flag(value: Any) -> float:
    """True is 1."""
    if not isinstance(value, bool):
        raise FieldError(f"must be true or false, not {shown(value)}")
    return float(value)


def not_flag(value: Any) -> float:
    """True is 0."""
    return 1.0 - flag(value)


def bit(value: Any) -> float:
    """0 or 1; true and false will do."""
    if not isinstance(value, bool | int | float):
        raise FieldError(f"must be 0 or 1, not {shown(value)}")
    if value not in (0, 1):
        raise FieldError(f"must be 0 or 1, not {shown(value)}", Why.OUT_OF_RANGE)
    return float(value)


def number(low: float, high: float) -> Check:
    """A number within inclusive bounds."""

    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FieldError(f"must be a number, not {shown(value)}")
        if not low <= value <= high:
            allowed = f"from {low:g} to {high:g}"
            raise FieldError(f"must be {allowed}, not {shown(value)}", Why.OUT_OF_RANGE)
        return float(value)

    return check


def number_of(signal: Signal, units: float = 1) -> Check:
    """A number in the range of a signal, told in units of which so many make one of ours."""
    low, high = RANGES[signal]
    check = number(low * units, high * units)
    return lambda value: check(value) / units


def fahrenheit(value: Any) -> float:
    """A temperature told in degrees Fahrenheit, in degrees Celsius."""
    return round((number(-40, 185)(value) - 32) / 1.8, 2)


def one_of(words: dict[str, float]) -> Check:
    """One of some words."""
    allowed = " or ".join(words)

    def check(value: Any) -> float:
        if not isinstance(value, str) or value not in words:
            why = Why.UNKNOWN_WORD if isinstance(value, str) else Why.WRONG_TYPE
            raise FieldError(f"must be {allowed}, not {shown(value)}", why)
        return words[value]

    return check


class Gathering:
    """Readings and problems of one message, as they are found.

    Attributes:
        at, no_offset, occasion, packet: As all of the readings that follow bear them.
    """

    def __init__(self, occasion: Occasion = Occasion.OPEN) -> None:
        self.occasion = occasion
        self.at: float | None = None
        self.no_offset = False
        self.packet: int | None = None
        self._readings: list[Reading] = []
        self._problems: list[Problem] = []
        self._untold = 0

    def take(self, device: str, name: str, signal: Signal, value: Any, check: Check) -> None:
        """Takes in a field; one that is absent, or not known to the device, is none."""
        if value is None:
            return
        try:
            said = check(value)
        except FieldError as error:
            self.complain(f"{name} {error}", error.why)
            return
        self.add(device, signal, said)

    def add(
        self,
        device: str,
        signal: Signal,
        value: float,
        text: str = "",
        seconds: float | None = None,
    ) -> None:
        """Takes in a value that is known to be good."""
        self._readings.append(
            Reading(
                device, signal, value, self.at, text, seconds, self.no_offset,
                occasion=self.occasion, packet=self.packet,
            )
        )  # fmt: skip

    def action(self, device: str, name: str, value: Any) -> None:
        """Takes in the name of an action; an empty one is none."""
        if value is None or value == "":
            return
        if isinstance(value, str):
            self.add(device, Signal.ACTION, 1.0, value[:LONGEST_TEXT])
        else:
            self.complain(f"{name} must be a text, not {shown(value)}")

    def dated(self, name: str, seconds: float | None, told: Any, allowed: str) -> None:
        """Dates all that follows, where the time can be one."""
        if seconds is not None and EARLIEST <= seconds <= LATEST:
            self.at = seconds
        else:
            self.complain(f"{name} must be {allowed}, not {shown(told)}", Why.BAD_TIME)

    def complain(self, problem: str, why: Why = Why.WRONG_TYPE) -> None:
        """Takes note of a field that cannot be used."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(Problem(problem, why))
        else:
            self._untold += 1

    def decoded(self, *news: News) -> Decoded:
        """All of it."""
        if self._untold:
            more = Problem(f"{self._untold} more of its fields cannot be used", Why.TOO_MANY)
            return Decoded(self._readings, [*self._problems, more], news)
        return Decoded(self._readings, self._problems, news)


def nothing(ignored: Ignored = Ignored.NO_FIELD) -> Decoded:
    """What is in a message that no device of ours said."""
    return Decoded([], [], (), ignored)


def json_of(payload: bytes) -> Any:
    """What a message in JSON holds.

    Raises:
        DialectError: It is none.
    """
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DialectError(f"not JSON: {error}", Why.NOT_JSON) from error


def json_object(payload: bytes) -> dict[str, Any]:
    """The JSON object that a message is.

    Raises:
        DialectError: It is none.
    """
    document = json_of(payload)
    if not isinstance(document, dict):
        raise DialectError(f"must be a JSON object, not {shown(document)}", Why.WRONG_TYPE)
    return document


def json_list(payload: bytes) -> list[Any]:
    """The JSON list that a message is.

    Raises:
        DialectError: It is none.
    """
    document = json_of(payload)
    if not isinstance(document, list):
        raise DialectError(f"must be a JSON list, not {shown(document)}", Why.WRONG_TYPE)
    return document


def json_if_any(payload: bytes) -> Any:
    """What a message in JSON holds; None where it is none."""
    try:
        return json_of(payload)
    except DialectError:
        return None


def word(payload: bytes) -> str:
    """The bare word that a message is; what is no ASCII fits no list of words."""
    return payload.strip().decode("ascii", "replace")


def state_word(payload: bytes, words: dict[str, float]) -> float:
    """What a message that is one of some bare words says.

    Raises:
        DialectError: It is none of them.
    """
    try:
        return one_of(words)(word(payload))
    except FieldError as error:
        raise DialectError(f"state {error}", error.why) from error


def epoch(value: Any, per_second: int = 1) -> float | None:
    """Epoch seconds of a number of units since 1970; None where it is no sensible number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) >= _HUGE:
        return None
    return value / per_second


def iso(value: Any) -> datetime | None:
    """A time in ISO 8601, with or without its offset; None where it is none."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def instant(value: Any) -> float | None:
    """Epoch seconds of a time in ISO 8601 with its offset; None where it is none."""
    moment = iso(value)
    return moment.timestamp() if moment is not None and moment.tzinfo else None


def levels_below(base: str, topic: str) -> list[str]:
    """The levels of a topic below a base; none where it is not below it."""
    prefix = below(base)
    return topic.removeprefix(prefix).split("/") if topic.startswith(prefix) else []


def below(base: str) -> str:
    """What stands before a topic of a network; nothing where it has no base."""
    return f"{base}/" if base else ""


def shown(value: Any) -> str:
    """What stands there, without repeating what a person may have written into it."""
    if isinstance(value, bool | int | float) and abs(value) < _HUGE:
        return f"{value!r}"
    return {str: "a text", list: "a list", dict: "an object", type(None): "null"}.get(
        type(value), "something else"
    )
