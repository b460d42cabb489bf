"""What an evaluation is to try, from the recordings to the results of all processes."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

from detectors.learned import LEARNED
from detectors.parameters import Parameters
from simulator.evaluation.agitation import Agitation
from simulator.evaluation.contest import Task, pack
from simulator.evaluation.courses import FULL, QUICK
from simulator.evaluation.decoys.summary import Decoys, summed
from simulator.evaluation.decoys.trial import DecoyTask, MadeUpTask
from simulator.evaluation.homes import Homes, Outage, folds, outages
from simulator.evaluation.learning import CAUTIONS
from simulator.evaluation.measures import RESAMPLES
from simulator.evaluation.parallel import contest, learn, learn_by_fold, try_decoys, usual_by_home
from simulator.evaluation.results import Results, collect
from simulator.evaluation.subjects import SUBJECTS, Subject, has_rooms

QUICK_RESAMPLES = 200
DECOY_TIMES, QUICK_DECOY_TIMES = 3, 1
MADE_UP_HOMES, QUICK_MADE_UP_HOMES = 12, 4
DECOYS = "decoys"
NAMES = (*(subject.name for subject in SUBJECTS), DECOYS)
"""What can be tried alone."""


class Wanted(NamedTuple):
    """What is wanted.

    Attributes:
        names: Of :data:`NAMES`, those to try.
        seed: Where chance comes from.
        quick: Few episodes and three severities.
        as_shipped: Judge with the parameters in use, which were learned on all homes.
    """

    names: Sequence[str]
    seed: int
    quick: bool
    as_shipped: bool = False


class Found(NamedTuple):
    """All that was found.

    Attributes:
        results: Of the contests.
        decoys: None where they were not wanted.
        parameters: By home, those it was judged with.
        agitation: None where there were no labels.
    """

    results: Results
    decoys: Decoys | None
    parameters: Mapping[str, Parameters]
    agitation: Agitation | None = None


def learn_on_all(homes: Homes, pool: Executor) -> Parameters:
    """The parameters that all homes together give."""
    packed = {home: pack(events) for home, events in homes.items()}
    return learn(packed, usual_by_home(packed, pool), outages(homes), pool)


def evaluate(homes: Homes, wanted: Wanted, pool: Executor) -> Found:
    """Learns by folds, and tries all that is wanted."""
    failed = outages(homes)
    packed = {home: pack(events) for home, events in homes.items()}
    subjects = [one for one in SUBJECTS if one.name in wanted.names]
    conditions = {one.condition for one in subjects}
    if DECOYS in wanted.names:
        conditions |= set(CAUTIONS)
    parameters = (
        dict.fromkeys(homes, LEARNED)
        if wanted.as_shipped
        else learn_by_fold(folds(homes, wanted.seed), packed, failed, pool, sorted(conditions))
    )
    tasks = [
        Task(
            home,
            packed[home],
            subject.name,
            failed,
            parameters[home],
            wanted.seed,
            QUICK if wanted.quick else FULL,
        )
        for subject in subjects
        for home in _fitting(homes, subject)
    ]
    resamples = QUICK_RESAMPLES if wanted.quick else RESAMPLES
    results = collect(contest(tasks, pool), wanted.seed, resamples)
    decoys = None
    if DECOYS in wanted.names:
        decoys = _decoys(_Material(homes, packed, failed), parameters, wanted, pool)
    return Found(results, decoys, parameters)


def _fitting(homes: Homes, subject: Subject) -> list[str]:
    """The homes that can take part."""
    return [home for home, events in homes.items() if subject.fits(events)]


def _company(home: str, sociable: Sequence[str], packed: Mapping[str, bytes]) -> bytes:
    """The events of the home before this one, of those whose people are seen in several rooms."""
    others = [name for name in sociable if name != home]
    before = [name for name in others if name < home]
    return packed[(before or others)[-1]] if others else b""


class _Material(NamedTuple):
    """The homes, their events as tasks carry them, and when the recordings failed."""

    homes: Homes
    packed: Mapping[str, bytes]
    failed: list[Outage]


def _decoys(
    material: _Material,
    parameters: Mapping[str, Parameters],
    wanted: Wanted,
    pool: Executor,
) -> Decoys:
    homes, packed, failed = material
    names = list(packed)
    sociable = [home for home in names if has_rooms(homes[home])]
    real = [
        DecoyTask(
            home,
            packed[home],
            _company(home, sociable, packed),
            failed,
            parameters[home],
            wanted.seed,
            QUICK_DECOY_TIMES if wanted.quick else DECOY_TIMES,
        )
        for home in names
    ]
    made_up = [
        MadeUpTask(number, wanted.seed, parameters[names[0]])
        for number in range(1, (QUICK_MADE_UP_HOMES if wanted.quick else MADE_UP_HOMES) + 1)
    ]
    return summed(try_decoys(real, made_up, pool))
