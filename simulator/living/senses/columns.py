"""Events as columns: a street makes tens of millions, too many to be objects."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
from numpy.typing import NDArray

from contract import Kind, SensorEvent
from detectors.profile import SensorRole

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MEASURED = {Kind.APPLIANCE, Kind.TEMPERATURE, Kind.HUMIDITY, Kind.GAIT_SPEED}


class Columns(msgspec.Struct, frozen=True, eq=False):
    """Events of one home, all of shape (n,).

    Attributes:
        at_ms: When, in milliseconds since 1970.
        sensor: Which, as the place in the home's list of sensors.
        value: As events say.
        duration: In seconds; NaN where an event has none.
    """

    at_ms: NDArray[np.int64]
    sensor: NDArray[np.int16]
    value: NDArray[np.float64]
    duration: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.at_ms)

    @classmethod
    def of(
        cls,
        t: NDArray[np.float64],
        sensor: int,
        value: NDArray[np.float64] | float = 1.0,
        duration: NDArray[np.float64] | float = np.nan,
    ) -> "Columns":
        """One sensor's events, from epoch seconds."""
        n = len(t)
        return cls(
            np.rint(t * 1000).astype(np.int64),
            np.full(n, sensor, np.int16),
            np.full(n, value),
            np.full(n, duration),
        )

    def take(self, chosen: NDArray[np.intp] | NDArray[np.bool_] | slice) -> "Columns":
        """Some of them."""
        return Columns(
            self.at_ms[chosen], self.sensor[chosen], self.value[chosen], self.duration[chosen]
        )


NOTHING = Columns(np.empty(0, np.int64), np.empty(0, np.int16), np.empty(0), np.empty(0))


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
    order = whole.at_ms.argsort(kind="stable")
    return whole.take(order), of[order]


def beside(many: Iterable[Columns]) -> Columns:
    """All of them, one after the other."""
    parts = [NOTHING, *many]
    return Columns(
        np.concatenate([part.at_ms for part in parts]),
        np.concatenate([part.sensor for part in parts]),
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.duration for part in parts]),
    )


def events(home: str, roles: Sequence[SensorRole], columns: Columns) -> Iterator[SensorEvent]:
    """The same as objects."""
    rows = zip(
        columns.at_ms.tolist(),
        columns.sensor.tolist(),
        columns.value.tolist(),
        columns.duration.tolist(),
        strict=True,
    )
    for at_ms, sensor, value, duration in rows:
        role = roles[sensor]
        yield SensorEvent(
            home=home,
            sensor=role.sensor,
            kind=role.kind,
            place=role.place,
            at=_EPOCH + timedelta(milliseconds=at_ms),
            value=value if role.kind in MEASURED else int(value),
            duration=None if duration != duration else duration,  # noqa: PLR0124 (NaN)
        )
