"""Columns as lines of a recording, without an object for each event.

The bytes are those that :func:`contract.codec.encode` gives for the same event, many times faster.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contract import SensorEvent, utc
from contract.codec import encode
from detectors.profile import SensorRole
from simulator.living.senses.columns import MEASURED, Columns

_DAY_MS: Final = 86_400_000
_UNIX_DAY: Final = date(1970, 1, 1).toordinal()
_FRACTIONS = ["Z", *(f".{ms:03}000Z" for ms in range(1, 1000))]
_ENDS = [f'{fraction}","value":{value}}}\n' for value in (0, 1) for fraction in _FRACTIONS]
_AT = b'"at":"'


@cache
def _seconds_of_day() -> list[str]:
    return [
        f"T{hour:02}:{minute:02}:{second:02}"
        for hour in range(24)
        for minute in range(60)
        for second in range(60)
    ]


class Lines:
    """Writes columns of several homes as lines.

    Args:
        homes: Their names.
        roles: The sensors of each.
    """

    def __init__(self, homes: Sequence[str], roles: Sequence[Sequence[SensorRole]]) -> None:
        self._offsets = np.cumsum([0, *(len(mine) for mine in roles)])[:-1]
        pairs = [(home, role) for home, mine in zip(homes, roles, strict=True) for role in mine]
        heads = [_head(home, role) for home, role in pairs]
        measured = [role.kind in MEASURED for _, role in pairs]
        self._heads = heads
        self._measured = np.array(measured, dtype=bool)

    def text(self, home: NDArray[np.int32], columns: Columns) -> str:
        """The lines of columns in order of time; `home` says whose each is, shape (n,)."""
        which = self._offsets[home] + columns.sensor.astype(np.int64)
        days, ms = np.divmod(columns.at_ms, _DAY_MS)
        seconds, fractions = np.divmod(ms, 1000)
        ends = list(map(_ENDS.__getitem__, (fractions + 1000 * (columns.value > 0)).tolist()))
        self._write_measured(which, fractions, columns, ends)
        pieces = [""] * (3 * len(columns))
        pieces[::3] = self._dated_heads(which, days)
        pieces[1::3] = map(_seconds_of_day().__getitem__, seconds.tolist())
        pieces[2::3] = ends
        return "".join(pieces)

    def _dated_heads(self, which: NDArray[np.int64], days: NDArray[np.int64]) -> Iterator[str]:
        """What stands before the time of day; `days` since 1970, rising."""
        turns = np.diff(days).nonzero()[0] + 1
        for day, mine in zip(np.split(days, turns), np.split(which, turns), strict=True):
            if not len(day):
                return
            dated = date.fromordinal(_UNIX_DAY + int(day[0])).isoformat()
            heads = [head + dated for head in self._heads]
            yield from map(heads.__getitem__, mine.tolist())

    def _write_measured(
        self,
        which: NDArray[np.int64],
        fractions: NDArray[np.int64],
        columns: Columns,
        ends: list[str],
    ) -> None:
        """Writes what stands behind the second where a value was measured."""
        measured = self._measured[which].nonzero()[0]
        rows = zip(
            measured.tolist(),
            fractions[measured].tolist(),
            columns.value[measured].tolist(),
            columns.duration[measured].tolist(),
            strict=True,
        )
        for at, fraction, value, duration in rows:
            lasted = "" if duration != duration else f',"duration":{duration!r}'  # noqa: PLR0124 (NaN)
            ends[at] = f'{_FRACTIONS[fraction]}","value":{value!r}{lasted}}}\n'


def _head(home: str, role: SensorRole) -> str:
    """A line of this sensor up to the time."""
    event = SensorEvent(
        home=home, sensor=role.sensor, kind=role.kind, place=role.place, at=utc(0), value=1
    )
    line = encode(event)
    return line[: line.index(_AT) + len(_AT)].decode()
