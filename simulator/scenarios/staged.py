"""A scenario as it is played: its street, and the faults on the way from each home to its hub."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from contract import utc
from simulator.faults import FAULTS, Fault
from simulator.living.chance import Chance
from simulator.living.episodes.episode import DAY_S
from simulator.living.household import Household, Mix
from simulator.living.street import Label, Street
from simulator.scenarios.drawing import Draw, draws, planned
from simulator.scenarios.form import FaultTable, HomeTable, Scenario
from simulator.scenarios.households import household, mix_of, number_of, said_of_homes

_DIALECT = 81  # names the stream that draws a home's dialect


@dataclass(frozen=True, kw_only=True)
class _Told(Mix):
    """A mix of which some is said rather than drawn."""

    said: Mapping[str, Any] = field(default_factory=dict)

    def draw(self, chance: Chance) -> Household:
        """A household as the mix draws it, but for what is said."""
        return replace(super().draw(chance), **self.said)


@dataclass(frozen=True, kw_only=True)
class ScenarioStreet(Street):
    """A street some of whose homes are as somebody wrote them down.

    Attributes:
        said: What is said of homes, by their number.
    """

    said: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def mix_of(self, number: int) -> Mix:
        """How one home, counted from 1, may differ: as it was written down, or as the others."""
        if number not in self.said:
            return self.mix
        return _Told(said=self.said[number], **vars(self.mix))


@dataclass(frozen=True)
class SetFault:
    """A fault of one home, its time counted in epoch seconds."""

    home: str
    name: str
    fault: Fault


@dataclass(frozen=True)
class Staged:
    """A scenario ready to be played.

    Attributes:
        scenario: As it was read.
        start: When it begins, in epoch seconds; by default at midnight of its own first day.
    """

    scenario: Scenario
    start: float

    @classmethod
    def of(cls, scenario: Scenario, start: float | None = None) -> "Staged":
        """A scenario that begins when it says, or at another time."""
        return cls(scenario, first_moment(scenario) if start is None else start)

    @property
    def end(self) -> float:
        """When it is over, in epoch seconds: after so many days of 24 hours."""
        return self.start + self.scenario.days * DAY_S

    @cached_property
    def street(self) -> ScenarioStreet:
        """The street, with all that befalls it."""
        scenario = self.scenario
        return ScenarioStreet(
            seed=scenario.seed,
            start=self.start,
            homes=scenario.homes,
            time_zone=scenario.time_zone,
            mix=mix_of(scenario.street),
            planned=tuple(planned(scenario, self.start)),
            said=dict(said_of_homes(scenario)),
        )

    @cached_property
    def faults(self) -> Sequence[SetFault]:
        """All faults that the scenario names, home by home within each of its tables."""
        found = []
        for table in self.scenario.fault:
            found += [
                SetFault(draw.home, table.kind, fault_of(table, draw))
                for draw in draws(self.scenario, table, self.start)
            ]
        return found

    def faults_of(self, home: str) -> list[Fault]:
        """The faults on the way from one home to its hub."""
        return [one.fault for one in self.faults if one.home == home]

    def truth(self) -> Iterator[Label]:
        """What really befalls the homes and their messages."""
        yield from self.street.truth()
        for one in self.faults:
            onset, end = utc(one.fault.onset).isoformat(), utc(one.fault.until).isoformat()
            yield Label(
                home=one.home,
                kind=one.name,
                onset=onset,
                full=onset,
                fading=end,
                end=end,
                severity=1.0,
                condition="",
                sensor=one.fault.device or "",
            )

    def dialects(self, home: str) -> dict[str, str]:
        """How each sensor of a home speaks."""
        number = number_of(home)
        spoken = self.scenario.street.dialect
        drawn = spoken if isinstance(spoken, str) else self._drawn(number, spoken)
        own = dict(self.scenario.named()).get(home, HomeTable())
        sensors = household(self.scenario, number).sensors
        return dict.fromkeys(sensors, own.dialect or drawn) | own.dialects

    def _drawn(self, number: int, dialects: Sequence[str]) -> str:
        chance = Chance.of(self.scenario.seed, number, _DIALECT)
        return chance.pick([(dialect, 1.0) for dialect in dialects])


def first_moment(scenario: Scenario) -> float:
    """Midnight of the first day on the clock of the homes, in epoch seconds."""
    first = datetime.combine(scenario.start, datetime.min.time(), ZoneInfo(scenario.time_zone))
    return first.timestamp()


def fault_of(table: FaultTable, draw: Draw) -> Fault:
    """One home's fault.

    Raises:
        ValueError: Its parameters are none of its kind, or cannot be so.
    """
    chosen = {**table.settings, **({"device": table.sensor} if table.sensor else {})}
    return FAULTS[table.kind].make(onset=draw.onset, duration=draw.seconds or 0.0, **chosen)
