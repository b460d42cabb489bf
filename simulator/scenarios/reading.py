"""Reads scenario files, and says of a wrong one where it is wrong and what is possible."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from gateway.time_zones import is_known
from gateway.toml_file import Step, TomlError, read_toml, slip
from simulator.arguments import FIRST_YEAR, LAST_YEAR
from simulator.devices.voices import VOICES
from simulator.faults import FAULTS
from simulator.living.episodes.registry import KINDS, kind_of
from simulator.living.rooms import INDOORS
from simulator.living.senses.registry import MAKES
from simulator.scenarios.drawing import befallen, sets_in
from simulator.scenarios.form import Befalling, EpisodeTable, FaultTable, Scenario
from simulator.scenarios.households import household, number_of
from simulator.scenarios.staged import Staged, first_moment

ScenarioError = TomlError
_WHO = ("home", "homes", "every", "share")
Slip = tuple[tuple[Step, ...], str]


def read_scenario(path: Path) -> Scenario:
    """Reads a scenario and makes sure that it can be played.

    Raises:
        ScenarioError: It cannot. The sentence names file, line and key, and what is possible.
    """
    scenario = read_toml(path, Scenario)
    for keys, wrong in slips(scenario):
        raise slip(path, keys, wrong)
    return scenario


def slips(scenario: Scenario) -> Iterator[Slip]:
    """What the types alone cannot tell, one after the other; later ones rely on earlier ones."""
    if not FIRST_YEAR <= scenario.start.year <= LAST_YEAR:
        yield ("start",), f"{scenario.start} is not between {FIRST_YEAR} and {LAST_YEAR}"
        return
    if not is_known(scenario.time_zone):
        wrong = f"{scenario.time_zone!r} is no time zone; allowed is a name like Europe/London"
        yield ("time_zone",), wrong
        return
    yield from _in_street(scenario)
    yield from _in_homes(scenario)
    for index, episode in enumerate(scenario.episode):
        found = (
            _in_befalling(scenario, episode)
            or _in_episode(episode)
            or _in_measure(episode)
            or _unfitted(scenario, episode)
            or _misfit(scenario, episode)
        )
        if found:
            yield ("episode", index, found[0]), found[1]
    for index, fault in enumerate(scenario.fault):
        found = _in_befalling(scenario, fault) or _in_fault(fault) or _unfitted(scenario, fault)
        if found:
            yield ("fault", index, found[0]), found[1]


def _in_street(scenario: Scenario) -> Iterator[Slip]:
    street = scenario.street
    spoken = (street.dialect,) if isinstance(street.dialect, str) else street.dialect
    if not spoken:
        yield ("street", "dialect"), "is empty; name one or more"
    for dialect in spoken:
        if wrong := _none_of("dialect", dialect, VOICES):
            yield ("street", "dialect"), wrong
    for sensor in street.sensors or ():
        if wrong := _none_of("sensor", sensor, MAKES):
            yield ("street", "sensors"), wrong


def _in_homes(scenario: Scenario) -> Iterator[Slip]:
    seen: set[str] = set()
    for index, (name, table) in enumerate(scenario.named()):
        place: tuple[Step, ...] = ("home", index)
        if name not in scenario.names:
            yield (*place, "name"), _no_home(scenario, name)
        if name in seen:
            yield (*place, "name"), f"{name} has a table above; put all of it into one"
        seen.add(name)
        for sensor in table.sensors or ():
            if wrong := _none_of("sensor", sensor, MAKES):
                yield (*place, "sensors"), wrong
        for dialect in (table.dialect or next(iter(VOICES)), *table.dialects.values()):
            if wrong := _none_of("dialect", dialect, VOICES):
                yield (*place, "dialect" if dialect == table.dialect else "dialects"), wrong
        fitted = household(scenario, number_of(name)).sensors if name in scenario.names else ()
        for sensor in table.dialects:
            if wrong := _none_of("sensor", sensor, fitted):
                yield (*place, "dialects"), wrong


def _in_befalling(scenario: Scenario, table: Befalling) -> tuple[str, str] | None:
    """What is wrong in what episodes and faults share."""
    return _whom(scenario, table) or _when(scenario, table)


def _whom(scenario: Scenario, table: Befalling) -> tuple[str, str] | None:
    who = [key for key in _WHO if getattr(table, key) not in (None, False)]
    if len(who) > 1:
        return who[1], f"stands beside {who[0]}; keep one of {', '.join(_WHO)}"
    if not who and scenario.homes > 1:
        return "home", f"is missing: say whom it befalls by one of {', '.join(_WHO)}"
    for name in (table.home, *(table.homes or ())):
        if name is not None and name not in scenario.names:
            return who[0], _no_home(scenario, name)
    return ("homes", "is empty; name one or more") if table.homes == () else None


def _when(scenario: Scenario, table: Befalling) -> tuple[str, str] | None:
    if table.days is not None and table.hours is not None:
        return "hours", "stands beside days; keep one of them"
    for key in ("days", "hours"):
        if wrong := _no_range(getattr(table, key)):
            return key, wrong
    if table.day >= scenario.days:
        return "day", f"{table.day} is never reached: days are 0 to {scenario.days - 1} here"
    if sets_in(scenario, table, first_moment(scenario)) >= Staged.of(scenario).end:
        return "hour", f"{table.hour:g} of the last day is never reached: it ends sooner"
    return None


def _in_episode(table: EpisodeTable) -> tuple[str, str] | None:
    if wrong := _none_of("episode", table.kind, KINDS):
        return "kind", wrong
    kind = kind_of(table.kind)
    for key in ("sensor", "room"):
        given = getattr(table, key)
        if given is None and key in kind.needs:
            return key, f"is missing: {kind.name} is about one"
        if given is not None and key not in kind.needs + kind.takes:
            return key, f"is nothing that {kind.name} has"
    if wrong := _no_range(table.severity, most=1.0):
        return "severity", wrong
    if table.room is not None and (wrong := _none_of("room", table.room, INDOORS)):
        return "room", wrong
    return None


def _in_measure(table: EpisodeTable) -> tuple[str, str] | None:
    """What its kind cannot be: half of it, or so short."""
    kind = kind_of(table.kind)
    for severity in _ends(table.severity):
        if wrong := kind.no_severity(severity):
            return "severity", f"{severity:g}: {kind.name} {wrong}"
    for key, a_day in (("days", 1), ("hours", 24)):
        for length in _ends(getattr(table, key)):
            if wrong := kind.no_length(length / a_day):
                return key, f"{length:g}: {kind.name} {wrong}"
    return None


def _in_fault(table: FaultTable) -> tuple[str, str] | None:
    if wrong := _none_of("fault", table.kind, FAULTS):
        return "kind", wrong
    if table.days is None and table.hours is None:
        return "hours", "is missing: say how long it lasts by hours or days"
    try:
        chosen = {**table.settings, **({"device": table.sensor} if table.sensor else {})}
        FAULTS[table.kind].make(onset=0.0, duration=0.0, **chosen)
    except (ValueError, TypeError) as error:
        return "settings", str(error)
    return None


def _unfitted(scenario: Scenario, table: Befalling) -> tuple[str, str] | None:
    """The sensor that one of the homes it befalls does not have."""
    if table.sensor is None:
        return None
    if wrong := _none_of("sensor", table.sensor, MAKES):
        return "sensor", wrong
    homes = befallen(scenario, table)
    if not homes:
        return "sensor", f"{table.sensor!r} is fitted in none of the homes"
    for home in homes:
        fitted = household(scenario, number_of(home)).sensors
        if wrong := _none_of(f"sensor of {home}", table.sensor, fitted):
            return "sensor", wrong
    return None


def _misfit(scenario: Scenario, table: EpisodeTable) -> tuple[str, str] | None:
    """Why the first home that it befalls cannot be lived in with it."""
    alone = msgspec.structs.replace(scenario, episode=(table,))
    try:
        Staged.of(alone).street.home(number_of(befallen(alone, table)[0]))
    except ValueError as error:
        return ("sensor" if table.sensor else "day"), str(error)
    return None


def _no_range(value: object, most: float = float("inf")) -> str:
    if isinstance(value, tuple) and not 0 <= value[0] <= value[1] <= most:
        return f"{list(value)} is no range; allowed is [LEAST, MOST], from 0 on" + (
            f" to {most:g}" if most < float("inf") else ""
        )
    return ""


def _ends(value: float | tuple[float, ...] | None) -> tuple[float, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _none_of(what: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    return "" if name in names else f"{name!r} is no {what}; there are {', '.join(names)}"


def _no_home(scenario: Scenario, name: str) -> str:
    return f"{name!r} is no home here; there are home1 to home{scenario.homes}"
