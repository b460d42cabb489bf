"""The accounts: what was said beside what is held, each event and each alert by its content."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

from contract import SensorEvent


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


def events(said: Iterable[SensorEvent], found: Iterable[SensorEvent]) -> Balance:
    """The balance of events, by all that they say; one that is distrusted counts as invented."""
    return balance(map(_substance, said), map(_substance, found))


def alerts(should: Mapping[str, bytes], found: Mapping[str, bytes]) -> Balance:
    """The balance of alerts, by the bytes of the last word on each."""
    return balance(should.items(), found.items())


def _substance(event: SensorEvent) -> Hashable:
    return (
        event.sensor, event.kind, event.place, event.at, event.value, event.duration,
        event.battery, event.quality,
    )  # fmt: skip
