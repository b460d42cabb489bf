"""Columns as lines of a recording, without an object for each event.

The bytes are those that :func:`contract.codec.encode` gives for the same event, many times faster.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
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
_ENDS = np.array(
    [f'{fraction}","value":{value}}}\n' for value in (0, 1) for fraction in _FRACTIONS], object
)
_AT = b'"at":"'
_said = lru_cache(maxsize=4096)(repr)  # thermometers tell the same few hundred values

Strings = NDArray[np.object_]


@cache
def _seconds_of_day() -> Strings:
    return np.array(
        [
            f"T{hour:02}:{minute:02}:{second:02}"
            for hour in range(24)
            for minute in range(60)
            for second in range(60)
        ],
        object,
    )


class Lines:
    """Writes columns of several homes as lines.

    Args:
        homes: Their names.
        roles: The sensors of each.
    """

    def __init__(self, homes: Sequence[str], roles: Sequence[Sequence[SensorRole]]) -> None:
        self._offsets = np.cumsum([0, *(len(mine) for mine in roles)])[:-1]
        pairs = [(home, role) for home, mine in zip(homes, roles, strict=True) for role in mine]
        self._heads = [_head(home, role) for home, role in pairs]
        self._measured = np.array([role.kind in MEASURED for _, role in pairs], dtype=bool)
        self._lately: dict[int, Strings] = {}

    def text(self, home: NDArray[np.int32], columns: Columns) -> str:
        """The lines of columns in order of time; `home` says whose each is, shape (n,)."""
        which = self._offsets.take(home) + columns.sensor.astype(np.int64)
        at_ms = columns.at_ms.astype(np.int64)
        days = at_ms // _DAY_MS
        ms = at_ms - days * _DAY_MS
        seconds = ms // 1000
        fractions = ms - seconds * 1000
        ends = _ENDS.take(fractions + 1000 * (columns.value > 0))
        measured = self._measured.take(which).nonzero()[0]
        ends[measured] = _measured_ends(fractions[measured], columns.take(measured))
        pieces = np.empty((len(columns), 3), object)
        turns = np.diff(days, prepend=days[:1] - 1).nonzero()[0].tolist()
        for start, end in pairwise([*turns, len(columns)]):
            pieces[start:end, 0] = self._heads_on(int(days[start])).take(which[start:end])
        pieces[:, 1] = _seconds_of_day().take(seconds)
        pieces[:, 2] = ends
        return "".join(pieces.ravel().tolist())

    def _heads_on(self, day: int) -> Strings:
        """What stands before the time of day, of all sensors; `day` counts since 1970.

        Remembered of the day asked for last.
        """
        if day not in self._lately:
            dated = date.fromordinal(_UNIX_DAY + day).isoformat()
            self._lately = {day: np.array([head + dated for head in self._heads], object)}
        return self._lately[day]


def _measured_ends(fractions: NDArray[np.int64], columns: Columns) -> list[str]:
    """What stands behind the second where a value was measured."""
    rows = zip(fractions.tolist(), columns.value.tolist(), columns.duration.tolist(), strict=True)
    return [
        f'{_FRACTIONS[fraction]}","value":{_said(value)}}}\n'
        if duration != duration  # noqa: PLR0124 (NaN)
        else f'{_FRACTIONS[fraction]}","value":{_said(value)},"duration":{duration!r}}}\n'
        for fraction, value, duration in rows
    ]


def _head(home: str, role: SensorRole) -> str:
    """A line of this sensor up to the time."""
    event = SensorEvent(
        home=home, sensor=role.sensor, kind=role.kind, place=role.place, at=utc(0), value=1
    )
    line = encode(event)
    return line[: line.index(_AT) + len(_AT)].decode()
