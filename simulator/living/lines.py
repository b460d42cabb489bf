"""Columns as lines of a recording, without an object for each event.

The bytes are those that :func:`contract.codec.encode` gives for the same event, many times faster.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
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
        which = self._offsets[home] + columns.sensor.astype(np.int64)
        days, ms = np.divmod(columns.at_ms.astype(np.int64), _DAY_MS)
        seconds, fractions = np.divmod(ms, 1000)
        ends = _ENDS[fractions + 1000 * (columns.value > 0)]
        measured = self._measured[which].nonzero()[0]
        ends[measured] = _measured_ends(fractions[measured], columns.take(measured))
        pieces = [""] * (3 * len(columns))
        pieces[::3] = self._dated_heads(which, days)
        pieces[1::3] = _seconds_of_day()[seconds].tolist()
        pieces[2::3] = ends.tolist()
        return "".join(pieces)

    def _dated_heads(self, which: NDArray[np.int64], days: NDArray[np.int64]) -> list[str]:
        """What stands before the time of day; `days` since 1970, rising."""
        turns = np.diff(days, prepend=days[:1] - 1).nonzero()[0].tolist()
        heads: list[str] = []
        for start, end in pairwise([*turns, len(days)]):
            heads += self._heads_on(int(days[start]))[which[start:end]].tolist()
        return heads

    def _heads_on(self, day: int) -> Strings:
        """Those of all sensors on a day since 1970; of the day asked for last, remembered."""
        if day not in self._lately:
            dated = date.fromordinal(_UNIX_DAY + day).isoformat()
            self._lately = {day: np.array([head + dated for head in self._heads], object)}
        return self._lately[day]


def _measured_ends(fractions: NDArray[np.int64], columns: Columns) -> list[str]:
    """What stands behind the second where a value was measured."""
    rows = zip(fractions.tolist(), columns.value.tolist(), columns.duration.tolist(), strict=True)
    return [
        f'{_FRACTIONS[fraction]}","value":{value!r}}}\n'
        if duration != duration  # noqa: PLR0124 (NaN)
        else f'{_FRACTIONS[fraction]}","value":{value!r},"duration":{duration!r}}}\n'
        for fraction, value, duration in rows
    ]


def _head(home: str, role: SensorRole) -> str:
    """A line of this sensor up to the time."""
    event = SensorEvent(
        home=home, sensor=role.sensor, kind=role.kind, place=role.place, at=utc(0), value=1
    )
    line = encode(event)
    return line[: line.index(_AT) + len(_AT)].decode()
