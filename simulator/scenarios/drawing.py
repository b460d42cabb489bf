"""Whom each table of a scenario befalls, and when exactly: drawn from the seed, home by home.

Every home has a stream of its own for every table, so that a table added at the end, or a home
added to the street, changes nothing for the others.
"""

from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

from simulator.living.chance import Chance
from simulator.living.clock import clock_of
from simulator.living.episodes.episode import DAY_S
from simulator.living.episodes.registry import kind_of
from simulator.living.street import Planned
from simulator.scenarios.form import Befalling, EpisodeTable, Scenario
from simulator.scenarios.households import household, number_of

_HOUR_S = 3600.0


class Draw(NamedTuple):
    """What chance made of a table for one home.

    Attributes:
        home: Whose.
        onset: In epoch seconds.
        seconds: How long it lasts in full; None where the kind's own length counts.
        severity: From 0 to 1.
    """

    home: str
    onset: float
    seconds: float | None
    severity: float


def planned(scenario: Scenario, start: float) -> Iterator[Planned]:
    """The episodes of a scenario that begins at `start`."""
    for table in scenario.episode:
        kind = kind_of(table.kind)
        for draw in draws(scenario, table, start):
            episode = kind.begin(
                draw.onset - start,
                severity=draw.severity,
                days=None if draw.seconds is None else draw.seconds / DAY_S,
                sensor=table.sensor or "",
                room=table.room or "",
            )
            yield Planned(draw.home, episode)


def befallen(scenario: Scenario, table: Befalling) -> list[str]:
    """The homes that one of the scenario's tables befalls, in the order of the street.

    Where none is named, homes without the sensor that it is about are passed over.
    """
    if table.home is not None:
        return [table.home]
    if table.homes is not None:
        return [name for name in scenario.names if name in table.homes]
    if table.share is None:
        return [f"home{number}" for number in _able(scenario, table)]
    return _drawn(scenario, table)


def _able(scenario: Scenario, table: Befalling) -> list[int]:
    """The numbers of the homes that have the sensor it is about, where it is about one."""
    numbers = range(1, scenario.homes + 1)
    if table.sensor is None:
        return [*numbers]
    return [n for n in numbers if table.sensor in household(scenario, n).sensors]


def _drawn(scenario: Scenario, table: Befalling) -> list[str]:
    """Those with the lowest lots."""
    stream = _stream(scenario, table)
    lots = [
        (Chance.of(scenario.seed, number, stream, 1).share(), number)
        for number in _able(scenario, table)
    ]
    many = max(1, round((table.share or 0) * scenario.homes))
    return [f"home{number}" for number in sorted(number for _, number in sorted(lots)[:many])]


def _stream(scenario: Scenario, table: Befalling) -> int:
    """What tells its chance from that of others: its kind, and how many of that stand above."""
    tables = scenario.episode if isinstance(table, EpisodeTable) else scenario.fault
    above = next(n for n, one in enumerate(tables) if one is table)
    before = sum(one.kind == table.kind for one in tables[:above])
    return crc32(f"{type(table).__name__} {table.kind} {before}".encode())


def draws(scenario: Scenario, table: Befalling, start: float) -> Iterator[Draw]:
    """Whom one of the scenario's tables befalls, and when, where the scenario begins at `start`."""
    stream = _stream(scenario, table)
    begins = sets_in(scenario, table, start)
    severity = table.severity if isinstance(table, EpisodeTable) else 1.0
    for home in befallen(scenario, table):
        chance = Chance.of(scenario.seed, number_of(home), stream, 2)
        late = chance.share() * table.spread_days * DAY_S
        late += chance.share() * table.spread_hours * _HOUR_S
        yield Draw(
            home,
            round(begins + late, 3),
            _seconds(table, chance.share()),
            _within(severity, chance.share()),
        )


def sets_in(scenario: Scenario, table: Befalling, start: float) -> float:
    """When it befalls the first of them at the soonest, in epoch seconds."""
    clock = clock_of(scenario.time_zone)
    return max(start, clock.at(clock.moment(start).day + table.day, table.hour))


def _seconds(table: Befalling, share: float) -> float | None:
    if table.days is not None:
        return _within(table.days, share) * DAY_S
    if table.hours is not None:
        return _within(table.hours, share) * _HOUR_S
    return None


def _within(value: float | tuple[float, ...], share: float) -> float:
    if not isinstance(value, tuple):
        return value
    low, high = value
    return low + (high - low) * share
