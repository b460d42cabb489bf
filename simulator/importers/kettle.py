"""REFIT House 2 and UK-DALE House 2: kettle and microwave uses from their power, month by month.

The files hold means of 30 seconds in watts. A use is a stretch above the appliance's threshold;
pauses are bridged where the readings on either side are at most 90 s apart. It is dated at its end.

**Clocks.** UK-DALE's file ends at 05:15 where the data set's own description says 06:15 +01:00: it
is in UTC. REFIT's changes: through the summer of 2014 the household's first boil on working days
comes an hour earlier by the file than in winter, and the hour up to 21:11 on 30 September 2014 is
then told a second time, an hour later. From there the file keeps London time: it folds the repeated
hour of 26 October into one, and has nothing between 01:00 and 02:00 on 29 March 2015.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from contract import Kind, SensorEvent
from simulator.importers.clock import LocalClock
from simulator.importers.source import Advance, BadRow, Importer, read_lines

STEP = timedelta(seconds=30)
BRIDGE = timedelta(seconds=90)
"""Readings above the threshold that are at most this far apart belong to one use."""

_COLUMNS = "Time,Aggregate,Kettle,Dishwasher,WashingMachine,Microwave"
_NUMBER_OF_COLUMNS = 6
_MAX_WATTS = 20_000
_REFIT_LOCAL_FROM = "2014-09-30 21:11:00"


@dataclass(frozen=True)
class _Appliance:
    place: str
    column: int
    threshold_w: float


# A microwave on half power pulses, so its 30 s means stay well below what it draws. Anything from
# 150 to 300 W gives the same uses within 1 %: nothing else of it draws so much.
_APPLIANCES = (_Appliance("kettle", 2, 500), _Appliance("microwave", 5, 200))

_HOMES = {"REFIT_House2": "refit-2", "UKDALE_House2": "ukdale-2"}


class _FileClock:
    """The clock of one home's files, whatever it was set to at the time."""

    def __init__(self, home: str) -> None:
        self._utc = LocalClock("UTC")
        self._london = LocalClock("Europe/London")
        self._local_from = _REFIT_LOCAL_FROM if home == "refit-2" else "9999"

    def instant(self, text: str) -> datetime:
        clock = self._utc if text < self._local_from else self._london
        return clock.instant(text)


class _Uses:
    """Folds the power of one appliance into uses."""

    def __init__(self, home: str, appliance: _Appliance) -> None:
        self._home = home
        self._appliance = appliance
        self._start: datetime | None = None
        self._last: datetime | None = None
        self._wh = 0.0

    def take(self, at: datetime, watts: float) -> SensorEvent | None:
        """Takes the mean over 30 s from `at`; answers with the use that is now known to be over."""
        over = None
        if self._last is not None and at - self._last > BRIDGE:
            over = self.end()
        if watts > self._appliance.threshold_w:
            self._start = self._start or at
            self._last = at
            self._wh += watts * STEP.total_seconds() / 3600
        return over

    def end(self) -> SensorEvent | None:
        """The use under way, if there is one, and forgets it."""
        if self._start is None or self._last is None:
            return None
        end = self._last + STEP
        use = SensorEvent(
            home=self._home,
            sensor=f"{self._appliance.place}-plug",
            kind=Kind.APPLIANCE,
            place=self._appliance.place,
            at=end,
            value=round(self._wh, 1),
            duration=(end - self._start).total_seconds(),
        )
        self._start, self._last, self._wh = None, None, 0.0
        return use


class _Home:
    """Reads the months of one home, oldest first."""

    def __init__(self, home: str) -> None:
        self._clock = _FileClock(home)
        self._uses = [_Uses(home, appliance) for appliance in _APPLIANCES]
        self._last: datetime | None = None

    def take(self, row: str) -> Iterator[SensorEvent]:
        """The uses that end by this row.

        Raises:
            ValueError: The row is no reading, or tells again what was told before.
        """
        cells = row.split(",")
        if len(cells) != _NUMBER_OF_COLUMNS:
            raise ValueError(f"{len(cells)} columns, not {_NUMBER_OF_COLUMNS}")
        at = self._clock.instant(cells[0])
        watts = [_watts(cells[appliance.column]) for appliance in _APPLIANCES]
        if self._last is not None and at <= self._last:
            raise ValueError("this time was told before, since the file's clock was put back")
        self._last = at
        for uses, power in zip(self._uses, watts, strict=True):
            if (use := uses.take(at, power)) is not None:
                yield use

    def end(self) -> Iterator[SensorEvent]:
        """The uses under way when the recording stops."""
        for uses in self._uses:
            if (use := uses.end()) is not None:
                yield use


def _watts(text: str) -> float:
    power = float(text)
    if not 0 <= power <= _MAX_WATTS:
        raise ValueError(f"{text[:20]} W is beyond 0 to {_MAX_WATTS} W")
    return power


def _read(source: Path, advance: Advance) -> Iterator[SensorEvent | BadRow]:
    homes: dict[str, _Home] = {}
    for path in IMPORTER.files(source):
        name = _HOMES.get(path.name.rpartition("_")[0])
        if name is None:
            yield BadRow(path.name, 0, f"the file's name starts with none of {', '.join(_HOMES)}")
            continue
        home = homes.setdefault(name, _Home(name))
        for line, row in read_lines(path, advance):
            if not row or (line == 1 and row == _COLUMNS):
                continue
            try:
                yield from home.take(row)
            except ValueError as error:
                yield BadRow(path.name, line, str(error))
    for home in homes.values():
        yield from home.end()


IMPORTER = Importer(
    name="kettle",
    title="REFIT House 2 and UK-DALE House 2: kettle and microwave power, one file a month",
    pattern="*_House2_????-??.csv*",
    time_zone="Europe/London",
    read=_read,
    attribution=(
        "REFIT: Murray et al. 2017, Scientific Data 4:160122, CC BY 4.0; "
        "UK-DALE: Kelly and Knottenbelt 2015, Scientific Data 2:150007, CC BY 4.0"
    ),
)
