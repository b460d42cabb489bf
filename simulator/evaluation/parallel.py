"""The evaluation's work, home by home, on as many cores as there are, with a progress bar."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from typing import TypeVar

from detectors.parameters import Parameters, Usual
from simulator.evaluation.contest import Result, Task, compete, unpack
from simulator.evaluation.decoys.trial import (
    DecoyResult,
    DecoyTask,
    MadeUpTask,
    in_made_up_home,
    in_real_home,
)
from simulator.evaluation.homes import Outage
from simulator.evaluation.learning import (
    CAUTIONS,
    LARGE,
    Rates,
    Steps,
    at_steps,
    boldest,
    in_general,
    rates_of,
    usual_of,
    with_steepness,
)
from simulator.progress import Progress

T = TypeVar("T")
R = TypeVar("R")
Packed = Mapping[str, bytes]
"""The events of each home, as a task carries them."""


UsualByHome = Mapping[str, Mapping[str, Usual]]


def usual_by_home(packed: Packed, pool: Executor) -> UsualByHome:
    """What became usual in each home."""
    found = _each(pool, "what is usual", _usual, list(packed.items()))
    return dict(zip(packed, found, strict=True))


def learn(
    packed: Packed,
    usual_of_each: UsualByHome,
    outages: Sequence[Outage],
    pool: Executor,
    conditions: Iterable[str] = CAUTIONS,
) -> Parameters:
    """The parameters that these homes together give."""
    usual = in_general([usual_of_each[home] for home in packed])

    def keeping(asked: float | None) -> Steps:
        def try_steps(steps: Steps) -> list[Rates]:
            tasks = [(home, lines, outages, usual, steps, asked) for home, lines in packed.items()]
            return _each(pool, "what keeps the budget", _rates, tasks)

        return boldest(try_steps, conditions, asked)

    steps = keeping(None)
    return with_steepness(at_steps(steps, usual), steps, keeping(LARGE))


def learn_by_fold(
    parts: Sequence[Sequence[str]],
    packed: Packed,
    outages: Sequence[Outage],
    pool: Executor,
    conditions: Iterable[str] = CAUTIONS,
) -> dict[str, Parameters]:
    """For each home the parameters that the homes of the other parts give."""
    found, usual = {}, usual_by_home(packed, pool)
    for part in parts:
        others = {home: lines for home, lines in packed.items() if home not in part}
        learned = learn(others, usual, outages, pool, conditions)
        found.update(dict.fromkeys(part, learned))
    return found


def contest(tasks: Sequence[Task], pool: Executor) -> list[Result]:
    """Every task's result, in their order."""
    return _each(pool, "contests", compete, tasks)


def try_decoys(
    real: Sequence[DecoyTask], made_up: Sequence[MadeUpTask], pool: Executor
) -> list[DecoyResult]:
    """Every decoy in every home."""
    return [
        *_each(pool, "decoys", in_real_home, real),
        *_each(pool, "decoys in made-up homes", in_made_up_home, made_up),
    ]


def _each(pool: Executor, title: str, work: Callable[[T], R], tasks: Sequence[T]) -> list[R]:
    with Progress(title, len(tasks), unit="events") as bar:
        futures = [pool.submit(work, task) for task in tasks]
        for future in as_completed(futures):
            future.result()
            bar.advance()
        return [future.result() for future in futures]


def _usual(task: tuple[str, bytes]) -> dict[str, Usual]:
    home, lines = task
    return usual_of(home, unpack(lines))


def _rates(
    task: tuple[str, bytes, Sequence[Outage], dict[str, Usual], Steps, float | None],
) -> Rates:
    home, lines, outages, usual, steps, asked = task
    return rates_of(home, unpack(lines), outages, usual, steps, asked=asked)
