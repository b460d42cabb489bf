"""Events as columns: a street makes tens of millions, too many to be objects."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
from numpy.typing import NDArray

from contract import Kind, SensorEvent
from detectors.profile import SensorRole
from simulator.living.arrays import Floats, Ints

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MEASURED = {Kind.APPLIANCE, Kind.TEMPERATURE, Kind.HUMIDITY, Kind.GAIT_SPEED}


class Columns(msgspec.Struct, frozen=True, eq=False):
    """Events of one home.

    Attributes:
        table: One row of each of the properties, shape (4, n).
    """

    table: Floats

    @property
    def at_ms(self) -> Floats:
        """When, in whole milliseconds since 1970."""
        row: Floats = self.table[0]
        return row

    @property
    def sensor(self) -> Floats:
        """Which, as the place in the home's list of sensors."""
        row: Floats = self.table[1]
        return row

    @property
    def value(self) -> Floats:
        """As events say."""
        row: Floats = self.table[2]
        return row

    @property
    def duration(self) -> Floats:
        """In seconds; NaN where an event has none."""
        row: Floats = self.table[3]
        return row

    def __len__(self) -> int:
        return len(self.at_ms)

    def __getitem__(self, some: slice) -> "Columns":
        return Columns(self.table[:, some])

    @classmethod
    def of(
        cls,
        t: Floats,
        sensor: int,
        value: Floats | float = 1.0,
        duration: Floats | float = np.nan,
    ) -> "Columns":
        """One sensor's events, from epoch seconds."""
        table = np.empty((4, len(t)))
        np.rint(t * 1000, out=table[0])
        table[1], table[2], table[3] = sensor, value, duration
        return cls(table)

    def take(self, order: Ints) -> "Columns":
        """Those at these places."""
        return Columns(self.table.take(order, axis=1))

    def compress(self, which: NDArray[np.bool_]) -> "Columns":
        """Those of which this is true, shape (n,)."""
        return Columns(self.table.compress(which, axis=1))


NOTHING = Columns(np.empty((4, 0)))


def joined(many: Iterable[Columns]) -> Columns:
    """All of them, in order of time; at one instant in the order of the parts."""
    parts = [part for part in many if len(part)]
    if len(parts) == 1:
        return parts[0]
    whole = beside(parts)
    return whole.take(whole.at_ms.argsort(kind="stable"))


def interleaved(parts: Sequence[Columns]) -> tuple[Columns, NDArray[np.int32]]:
    """The same, and of which part each row is, shape (n,)."""
    of = np.arange(len(parts), dtype=np.int32).repeat([len(part) for part in parts])
    whole = beside(parts)
    order = _order(whole.at_ms)
    return whole.take(order), of.take(order)


def _order(at_ms: Floats) -> Ints:
    """As a stable argsort of thousands of short runs, in a sixth of its time.

    Plain numbers are sorted many at once by the processor: each is a time and, below it, its place.
    """
    bits = len(at_ms).bit_length()
    since = (at_ms - at_ms.min(initial=np.inf)).astype(np.int64)
    order: Ints = (since << bits) | np.arange(len(at_ms))
    order.sort()
    order &= (1 << bits) - 1
    return order


def beside(many: Iterable[Columns]) -> Columns:
    """All of them, one after the other."""
    return Columns(np.concatenate([NOTHING.table, *(part.table for part in many)], axis=1))


def events(home: str, roles: Sequence[SensorRole], columns: Columns) -> Iterator[SensorEvent]:
    """The same as objects."""
    for at_ms, sensor, value, duration in columns.table.T.tolist():
        role = roles[int(sensor)]
        yield SensorEvent(
            home=home,
            sensor=role.sensor,
            kind=role.kind,
            place=role.place,
            at=_EPOCH + timedelta(milliseconds=at_ms),
            value=value if role.kind in MEASURED else int(value),
            duration=None if duration != duration else duration,  # noqa: PLR0124 (NaN)
        )
