"""The accounts: what was said beside what is held, each event and each alert by its content.

A message without a time of its own is known by its sensor and figure, of which no two are the same.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from contract import Kind, SensorEvent
from tests.crash.wording import UNDATED


class Balance(NamedTuple):
    """What is held, beside what should be.

    Attributes:
        held: How many are held.
        missing: Those that should be and are not.
        doubled: Those held more than once, once for each time too many.
        invented: Those that nobody said, also where only a word of them was changed.
    """

    held: int
    missing: list[Hashable]
    doubled: list[Hashable]
    invented: list[Hashable]

    @property
    def even(self) -> bool:
        """Whether all is held, once, as it was said."""
        return not (self.missing or self.doubled or self.invented)


def balance(said: Iterable[Hashable], found: Iterable[Hashable]) -> Balance:
    """Compares what was said, each thing once, with what is held."""
    should, held = dict.fromkeys(said), Counter(found)
    return Balance(
        held=held.total(),
        missing=[one for one in should if one not in held],
        doubled=[one for one, times in held.items() for _ in range(times - 1) if one in should],
        invented=[one for one in held if one not in should],
    )


def events(
    said: Iterable[SensorEvent], found: Iterable[SensorEvent], *, dated_by_hub: bool = False
) -> Balance:
    """The balance of events, by all that they say; one that is distrusted counts as invented.

    Args:
        said: All that happened.
        found: What is held, in the order in which the hub told it.
        dated_by_hub: Whether what bears no time counts when the hub heard it, so that nobody else
            knows that time.
    """
    both = ([known_as(one, dated_by_hub=dated_by_hub) for one in ones] for ones in (said, found))
    return balance(*both)


def dated_by_the_heard(
    said: Iterable[SensorEvent], found: Iterable[SensorEvent]
) -> list[SensorEvent]:
    """What was said, where some of it was lost, as a hub that goes by the time of events dates it.

    What bears no time counts at the time of the last message before it that bears one; where that
    was lost, at that of the last that was not.
    """
    held = {known_as(one) for one in found}
    at, dated = None, list[SensorEvent]()
    for one in said:
        if one.sensor not in UNDATED:
            at = one.at if known_as(one) in held else at
        dated.append(replace(one, at=at or one.at) if one.sensor in UNDATED else one)
    return dated


def no_change(heard: Iterable[SensorEvent], state: float = 0.0) -> set[Hashable]:
    """What the door says that is no change to a hub, as what it said in between was lost.

    Args:
        heard: What the hub heard, in order.
        state: How it knew the door before: 1 open, 0 closed.
    """
    same = set[Hashable]()
    for one in heard:
        if one.kind == Kind.OPENING:
            if one.value == state:
                same.add(known_as(one))
            state = one.value
    return same


def alerts(should: Mapping[str, bytes], found: Mapping[str, bytes]) -> Balance:
    """The balance of alerts, by the bytes of the last word on each."""
    return balance(should.items(), found.items())


def known_as(event: SensorEvent, *, dated_by_hub: bool = False) -> Hashable:
    """What an event is known by: all that it says."""
    at = None if dated_by_hub and event.sensor in UNDATED else event.at
    return (
        event.sensor, event.kind, event.place, at, event.value, event.duration,
        event.battery, event.quality,
    )  # fmt: skip
