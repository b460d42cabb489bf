"""The whole of it: real homes that may be seen, streets of populations, and steps between them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from simulator.realism.assess import QUICK, assess, common_sensors
from simulator.realism.calibration import calibration_homes
from simulator.realism.clock import Floats
from simulator.realism.fit.fresh import in_fresh_processes
from simulator.realism.fit.lived import Life, Streets, figures_of, observed_of
from simulator.realism.fit.luck import by_chance
from simulator.realism.fit.misfit import figures, misfit
from simulator.realism.fit.newton import RIDGES, At, step
from simulator.realism.fit.traits import Knobs, Population
from simulator.realism.hearing import Heard
from simulator.realism.observed import observe_real
from simulator.realism.report import Report

R = TypeVar("R")
Advance = Callable[[], object]


ELSEWHERE = 1000
"""What is added to a seed for the streets in which a population is judged."""


class Judgement(NamedTuple):
    """A population in streets that it was not fitted in.

    Attributes:
        loss: There.
        chance: What it would be if the real homes were of this population, None where too few
            made-up homes tell.
        report: As the realism report judges.
    """

    loss: float
    chance: float | None
    report: Report


class Fitting:
    """Fits populations to the real homes that calibration may see, and keeps no other.

    Args:
        tihm: Real homes; of these every other one is used, or all.
        kettle: Homes with a kettle, all of which calibration may see.
        streets: What is lived for each population.
        every: Whether all real homes may be seen.
        workers: How many populations live at once.
        advance: Called after each population that has lived.

    Raises:
        ValueError: None of the homes that may be seen has days enough.
    """

    def __init__(
        self,
        tihm: Sequence[Heard],
        kettle: Sequence[Heard] = (),
        *,
        streets: Streets,
        every: bool = False,
        workers: int = 1,
        advance: Advance = lambda: None,
    ) -> None:
        names = [home.name for home in tihm]
        seen = set(names if every else calibration_homes(names))
        self._real = observe_real([home for home in tihm if home.name in seen], kettle)
        if not self._real.homes:
            raise ValueError("none of the real homes that may be seen has days enough")
        self._sensors = common_sensors(self._real.homes, self._real.homes)
        self._figures = figures(self._real, self._sensors)
        self._streets = streets
        self._workers = workers
        self._advance = advance

    @property
    def homes(self) -> list[str]:
        """The real homes that are fitted to."""
        return [home.name for home in self._real.homes]

    def start(self, population: Population) -> At[Population]:
        """Where the fit begins."""
        (found,) = self._misfits([population])
        return At(population, found)

    def steps(self, here: At[Population], knobs: Knobs, most: int) -> Iterator[At[Population]]:
        """Where each step leads, as long as the loss falls."""
        for _ in range(most):
            there = step(here, knobs, self._misfits)
            if there is here:
                return
            here = there
            yield here

    def judge(self, population: Population) -> Judgement:
        """How it does by another chance, against the homes that are fitted to."""
        seeds = tuple(seed + ELSEWHERE for seed in self._streets.seeds)
        life = Life(population, replace(self._streets, seeds=seeds), self._sensors)
        (made_up,) = self._lived(observed_of, [life])
        found = At(population, misfit(self._figures, figures(made_up, self._sensors)))
        report = assess(self._real, made_up, calibrated_on=self._real.names, depth=QUICK)
        chance = by_chance(made_up, self._figures, len(self._real.homes), self._sensors)
        return Judgement(found.loss, chance, report)

    def _misfits(self, populations: Sequence[Population]) -> Iterator[Floats]:
        lives = [Life(population, self._streets, self._sensors) for population in populations]
        for found in self._lived(figures_of, lives):
            yield misfit(self._figures, found)

    def _lived(self, function: Callable[[Life], R], lives: Sequence[Life]) -> Iterator[R]:
        for found in in_fresh_processes(function, lives, workers=self._workers):
            self._advance()
            yield found


def rounds(knobs: Knobs, steps: int) -> int:
    """How many populations live at most, the two that are judged included."""
    return 3 + steps * (len(knobs.knobs) + len(RIDGES))
