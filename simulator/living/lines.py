"""Columns as lines of a recording, without an object for each event.

The bytes are those that :func:`contract.codec.encode` gives for the same event, many times faster.
"""

from collections.abc import Sequence
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
        self._heads = np.array(heads, dtype=object)
        self._measured = np.array(measured, dtype=bool)

    def write(self, home: NDArray[np.int32], columns: Columns) -> list[str]:
        """The lines, in the order of the columns; `home` says whose each is, shape (n,)."""
        which = self._offsets[home] + columns.sensor.astype(np.int64)
        days, ms = np.divmod(columns.at_ms, _DAY_MS)
        seconds, fractions = np.divmod(ms, 1000)
        known, where = np.unique(days, return_inverse=True)
        dates = [date.fromordinal(_UNIX_DAY + int(day)).isoformat() for day in known]
        return list(
            map(
                "".join,
                zip(
                    self._heads[which].tolist(),
                    np.array(dates, dtype=object)[where].tolist() if dates else [],
                    map(_seconds_of_day().__getitem__, seconds.tolist()),
                    map(_FRACTIONS.__getitem__, fractions.tolist()),
                    self._tails(which, columns),
                    strict=True,
                ),
            )
        )

    def _tails(self, which: NDArray[np.int64], columns: Columns) -> list[str]:
        """What stands behind the time."""
        tails = np.where(columns.value > 0, '","value":1}\n', '","value":0}\n').astype(object)
        measured = np.flatnonzero(self._measured[which])
        values = columns.value[measured].tolist()
        durations = columns.duration[measured].tolist()
        for at, value, duration in zip(measured.tolist(), values, durations, strict=True):
            lasted = "" if duration != duration else f',"duration":{duration!r}'  # noqa: PLR0124
            tails[at] = f'","value":{value!r}{lasted}}}\n'
        return list(tails)


def _head(home: str, role: SensorRole) -> str:
    """A line of this sensor up to the time."""
    event = SensorEvent(
        home=home, sensor=role.sensor, kind=role.kind, place=role.place, at=utc(0), value=1
    )
    line = encode(event)
    return line[: line.index(_AT) + len(_AT)].decode()
