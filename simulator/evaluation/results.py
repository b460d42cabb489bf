"""All that the contests of an evaluation came to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from detectors.parameters import Parameters
from simulator.evaluation.budget_kept import Kept, kept
from simulator.evaluation.contest import Result
from simulator.evaluation.equal import Against, Point, against, best, curve
from simulator.evaluation.lorden import Bound, bounds
from simulator.evaluation.measures import DAY_S, FloorResult, HomeResult, tally, tally_floor
from simulator.evaluation.subjects import SUBJECTS, Subject
from simulator.evaluation.summary import Summary, summarise


@dataclass(frozen=True, slots=True)
class Contest:
    """One subject over all homes.

    Attributes:
        condition: Whose alerts counted.
        about: What was injected.
        sizes: How strong each severity is, in words.
        ours: The detector at each budget, the default first.
        kept: By the same names, whether the budget was kept.
        against: By floor, what it finds at the false alerts of the default.
        best_floor: By severity, the floor that finds most there.
        curves: By floor, what it comes to at each of its limits.
        facts: What else there is to know, of the home in the middle.
        bounds: By budget and severity, how near the detector comes to what is possible.
    """

    condition: str
    about: str
    sizes: dict[str, str]
    ours: dict[str, Summary]
    kept: dict[str, Kept]
    against: dict[str, dict[str, Against]] = field(default_factory=dict)
    best_floor: dict[str, dict[str, str]] = field(default_factory=dict)
    curves: dict[str, list[Point]] = field(default_factory=dict)
    bounds: dict[str, dict[str, Bound]] = field(default_factory=dict)
    facts: dict[str, float] = field(default_factory=dict)


Results = Mapping[str, Contest]
"""By subject."""


def collect(results: Iterable[Result], seed: int, resamples: int) -> Results:
    """Adds up the homes of each contest."""
    by_subject: defaultdict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_subject[result.subject].append(result)
    return {
        subject.name: _contest(subject, by_subject[subject.name], seed, resamples)
        for subject in SUBJECTS
        if subject.name in by_subject
    }


def _contest(subject: Subject, results: Sequence[Result], seed: int, resamples: int) -> Contest:
    def rng() -> np.random.Generator:
        return np.random.default_rng(seed)

    ours: dict[str, list[HomeResult]] = {
        one.name: [result.ours[one.name] for result in results] for one in subject.contenders
    }
    floors: dict[str, list[FloorResult]] = {
        name: [result.floors[name] for result in results] for name in results[0].floors
    }
    tallies = {name: tally(homes) for name, homes in ours.items()}
    floor_tallies = {name: tally_floor(homes) for name, homes in floors.items()}
    summaries = {
        one.name: summarise(
            ours[one.name], rng(), budget=one.budget, default=one.default, resamples=resamples
        )
        for one in subject.contenders
    }
    beside = {
        name: {
            floor: against(tallies[name], of_floor, rng(), resamples)
            for floor, of_floor in floor_tallies.items()
        }
        for name in tallies
    }
    return Contest(
        condition=subject.condition,
        about=subject.about,
        sizes=subject.sizes,
        ours=summaries,
        kept={name: kept(summary, tallies[name]) for name, summary in summaries.items()},
        against=beside,
        best_floor={
            name: {s: best(found, s) for s in tallies[name].episodes} if found else {}
            for name, found in beside.items()
        },
        curves={name: curve(floors[name][0].limits, one) for name, one in floor_tallies.items()},
        bounds={name: _bounds(summary, results) for name, summary in summaries.items()},
        facts=_facts(results),
    )


def _facts(results: Sequence[Result]) -> dict[str, float]:
    names = dict.fromkeys(name for result in results for name in result.facts)
    return {
        name: float(np.median([r.facts[name] for r in results if name in r.facts]))
        for name in names
    }


def _bounds(summary: Summary, results: Sequence[Result]) -> dict[str, Bound]:
    measured = {name: one.restricted / DAY_S for name, one in summary.sensitivity.items()}
    return bounds([result.told for result in results], summary.false_alerts.value, measured)


def as_python(parameters: Parameters) -> str:
    """The parameters as the module that detectors read."""
    caution = "".join(f'        "{k}": {v},\n' for k, v in parameters.caution.items())
    usual = "".join(
        f'        "{k}": Usual({v.level}, {v.dispersion}),\n' for k, v in parameters.usual.items()
    )
    steepness = "".join(f'        "{k}": {v},\n' for k, v in parameters.steepness.items())
    return (
        '"""The parameters in use, made by `telecare-simulator evaluate --learn`."""\n\n'
        "from detectors.parameters import Parameters, Usual\n\n"
        f"LEARNED = Parameters(\n    caution={{\n{caution}    }},\n"
        f"    usual={{\n{usual}    }},\n"
        f"    steepness={{\n{steepness}    }},\n)\n"
    )
