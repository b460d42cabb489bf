"""`assess`: real homes and made-up ones in, a report out; no files, no clock."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulator.realism.classifier import (
    LEAST_HOMES,
    Contest,
    Dealing,
    Verdict,
    deal,
    enter,
    judge,
    telling_alone,
    tells,
)
from simulator.realism.compare import LEAST_UNITS, Row, compare, is_inside, side
from simulator.realism.daily import Vectors, vectors
from simulator.realism.hearing import SENSORS
from simulator.realism.homes import Home
from simulator.realism.measures.measure import Measure
from simulator.realism.measures.registry import HOME_MEASURES, HOME_SOURCE, SPAN_MEASURES
from simulator.realism.observed import Observed
from simulator.realism.profiles import PROFILED, Profile, profile
from simulator.realism.report import Account, Chance, Findings, Report
from simulator.realism.spans import Span

Advance = Callable[[], object]


@dataclass(frozen=True)
class Depth:
    """How thoroughly the learner is asked.

    Attributes:
        seeds: Dealings of the homes into folds; 0 asks no learner at all.
        splits: Splits of the real homes in two, to see what chance gives.
        repeats: Shufflings of each feature when its importance is measured.
        unseen: Whether the homes that calibration never saw are looked at.
    """

    seeds: int = 5
    splits: int = 10
    repeats: int = 3
    unseen: bool = True


@dataclass(frozen=True)
class _Task:
    """What all parts of an assessment share."""

    sensors: tuple[str, ...]
    depth: Depth
    seed: int
    advance: Advance


FULL = Depth()
QUICK = Depth(seeds=1, splits=0, repeats=1, unseen=False)
"""For those who tune: what tells most within seconds, and no look at the homes kept for judging."""


def assess(
    real: Observed,
    simulated: Observed,
    *,
    calibrated_on: Collection[str] = (),
    depth: Depth = FULL,
    seed: int = 1,
    advance: Advance = lambda: None,
) -> Report:
    """Compares the two sides.

    Args:
        real: From :func:`simulator.realism.observed.observe_real`.
        simulated: From :func:`simulator.realism.observed.observe_simulated`.
        calibrated_on: Real homes that made-up people may have been fitted to. Without a look at the
            unseen homes (`depth.unseen`), these alone are compared.
        depth: How thoroughly.
        seed: Where resampling comes from.
        advance: Called after each of :func:`steps` steps.

    Returns:
        The same report for the same arguments.
    """
    known = set(calibrated_on)
    seen = [home for home in real.homes if home.name in known]
    unseen = [home for home in real.homes if home.name not in known]
    only_seen = bool(known) and not depth.unseen
    about = "homes that calibration may see" if only_seen else "all real homes"
    shown = replace(real, names=sorted(known), homes=seen) if only_seen else real
    sensors = common_sensors(shown.homes, simulated.homes)
    task = _Task(sensors, depth, seed, advance)
    judged = known and depth.unseen and unseen
    return Report(
        all=_findings(about, shown, simulated, task),
        unseen=_unseen(unseen, simulated, task) if judged else None,
        chance=_chance(shown.homes, task),
        real=_account(shown) if shown.names else None,
        simulated=_account(simulated) if simulated.names else None,
        sensors=list(sensors),
        notes=_notes(shown, simulated, sensors),
        profiles=dict(_profiles(shown.homes, simulated.homes)),
    )


def steps(depth: Depth) -> int:
    """How often `assess` tells that it moves on, at most."""
    sides = 2 if depth.unseen else 1
    return 2 * sides + sides * depth.seeds + depth.splits


def common_sensors(real: Sequence[Home], simulated: Sequence[Home]) -> tuple[str, ...]:
    """The sensors that at least half of the homes have on both sides.

    One that a side hardly has would tell the sides apart without a look at how people live.
    """
    return tuple(
        sensor
        for sensor in SENSORS
        if all(
            homes and 2 * sum(home.has(sensor) for home in homes) >= len(homes)
            for homes in (real, simulated)
        )
    )


def _findings(about: str, real: Observed, simulated: Observed, task: _Task) -> Findings:
    rows, untold = _rows(real, simulated, np.random.default_rng(task.seed))
    task.advance()
    names = [home.name for home in real.homes]
    findings = Findings(about=about, names=names, rows=rows, untold=untold)
    if not task.depth.seeds or not _enough(real.homes, simulated.homes) or not task.sensors:
        return findings
    entered = _enter(
        vectors(real.homes, task.sensors), vectors(simulated.homes, task.sensors), task.seed
    )
    dealings = [_dealt(entered, number, task) for number in range(task.depth.seeds)]
    rng = np.random.default_rng(task.seed)
    told = tells(entered, dealings[0], task.depth.repeats, rng)
    task.advance()
    return replace(
        findings,
        verdict=judge(entered, dealings),
        tells=told,
        alone=telling_alone(entered),
    )


def _dealt(entered: Contest, number: int, task: _Task) -> Dealing:
    dealing = deal(entered, task.seed + number)
    task.advance()
    return dealing


def _unseen(homes: list[Home], simulated: Observed, task: _Task) -> Findings:
    """Kettles, flushes and beds are of two homes each, which calibration has seen: left out."""
    real = Observed([home.name for home in homes], homes, {})
    beside = replace(simulated, spans={})
    about = "homes that calibration never saw"
    return _findings(about, real, beside, task)


def _rows(
    real: Observed, simulated: Observed, rng: np.random.Generator
) -> tuple[list[Row], list[str]]:
    """All measures that both sides can tell, and the others with how many told them."""
    rows: list[Row] = []
    untold: list[str] = []
    for measure in HOME_MEASURES if real.homes or simulated.homes else ():
        row = compare(
            measure,
            real.homes,
            simulated.homes,
            home_of=lambda home: home.name,
            source=HOME_SOURCE,
            per="homes",
            rng=rng,
        )
        _keep(row, measure, rows, untold)
    for what in SPAN_MEASURES:
        ours, theirs = simulated.spans.get(what.sensor, []), real.spans.get(what.sensor, [])
        for span_measure in what.measures if ours and theirs else ():
            row = compare(
                span_measure,
                theirs,
                ours,
                home_of=lambda span: span.home,
                source=what.source,
                per=what.unit,
                rng=rng,
            )
            _keep(row, span_measure, rows, untold)
    return rows, untold


def _keep(
    row: Row | None, measure: Measure[Home] | Measure[Span], rows: list[Row], untold: list[str]
) -> None:
    if row is None:
        untold.append(measure.name)
    else:
        rows.append(row)


def _enough(real: Sequence[Home], simulated: Sequence[Home]) -> bool:
    return min(len(real), len(simulated)) >= LEAST_HOMES


def _enter(real: Vectors, simulated: Vectors, seed: int) -> Contest:
    return enter(real, simulated, np.random.default_rng(seed))


def _chance(homes: Sequence[Home], task: _Task) -> Chance | None:
    """The same learner on real homes against real homes."""
    if not task.depth.splits or len(homes) < 2 * LEAST_HOMES or not task.sensors:
        return None
    rng = np.random.default_rng(task.seed)
    found: list[Verdict] = []
    inside: list[float] = []
    for _ in range(task.depth.splits):
        order = rng.permutation(len(homes))
        half = len(homes) // 2
        one, two = ([homes[i] for i in part] for part in (order[:half], order[half:]))
        entered = enter(vectors(one, task.sensors), vectors(two, task.sensors), rng)
        found.append(judge(entered, [deal(entered, task.seed)]))
        inside.append(_share_inside(one, two))
        task.advance()
    return Chance(
        aucs=sorted(verdict.auc for verdict in found),
        homes=found[0].homes,
        inside=sorted(inside),
    )


def _share_inside(one: Sequence[Home], two: Sequence[Home]) -> float:
    """Share of the measures of which the median of one side lies within the other's quartiles."""
    told: list[bool] = []
    for measure in HOME_MEASURES:
        ours, theirs = (side(measure, homes, lambda home: home.name) for homes in (one, two))
        if min(len(ours.values), len(theirs.values)) >= LEAST_UNITS:
            told.append(is_inside(measure, theirs, ours))
    return sum(told) / len(told)


def _profiles(
    real: Sequence[Home], simulated: Sequence[Home]
) -> Iterable[tuple[str, tuple[Profile, Profile]]]:
    for sensor in PROFILED:
        theirs, ours = profile(real, sensor), profile(simulated, sensor)
        if theirs is not None and ours is not None:
            yield sensor, (theirs, ours)


def _account(side: Observed) -> Account:
    days = sorted(len(home.days) for home in side.homes) or [0]
    return Account(
        homes=len(side.names),
        counted=len(side.homes),
        days=(days[0], days[len(days) // 2], days[-1]),
        left_out=sum(home.left_out for home in side.homes),
        sensors={sensor: sum(home.has(sensor) for home in side.homes) for sensor in SENSORS},
    )


def _notes(real: Observed, simulated: Observed, sensors: tuple[str, ...]) -> list[str]:
    return [*_about_sources(real, simulated), *_about_sensors(real, simulated, sensors)]


def _about_sources(real: Observed, simulated: Observed) -> Iterable[str]:
    if not real.homes:
        yield "No home of TIHM with days enough was given: rooms, doors and rhythms are not judged."
    elif not simulated.homes:
        yield "No made-up home has days enough: rooms, doors and rhythms are not judged."
    for sensor, found in real.spans.items():
        if not found:
            yield f"No real {sensor} was given: its rows are left out."
        elif not simulated.spans.get(sensor):
            yield f"No made-up home tells of a {sensor} for long enough: its rows are left out."
    if any(real.spans.values()):
        yield (
            "Kettles, flushes and beds are of two real homes each. A value is one month or week of "
            "a home; intervals over these are narrower than between homes they would be."
        )


def _about_sensors(real: Observed, simulated: Observed, sensors: tuple[str, ...]) -> Iterable[str]:
    if not real.homes or not simulated.homes:
        return
    for sensor in SENSORS:
        if sensor not in sensors:
            counts = (sum(home.has(sensor) for home in side.homes) for side in (real, simulated))
            theirs, ours = counts
            yield (
                f"{sensor.replace('_', ' ')}: in {theirs} of {len(real.homes)} real homes and in "
                f"{ours} of {len(simulated.homes)} made-up ones; the learner may not go by it."
            )
