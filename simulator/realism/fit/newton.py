"""One step of Gauss and Newton, with a ridge, that never makes anything worse.

Levenberg 1944, Quarterly of Applied Mathematics 2:164: the ridge keeps parameters in place of which
the residuals hardly tell, and the step short where they are far from linear.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np

from simulator.realism.clock import Floats

P = TypeVar("P")

RIDGES = (10.0, 30.0, 100.0, 300.0, 1000.0)
LONGEST = 0.6
"""No parameter moves further in one step."""


class Misfit(NamedTuple):
    """How far off something is, in n respects.

    Attributes:
        residuals: Shape (n,).
        weights: Of each, shape (n,).
    """

    residuals: Floats
    weights: Floats

    @property
    def loss(self) -> float:
        """Sum of the squares of what is weighed."""
        return float(np.sum((self.weights * self.residuals) ** 2))


@dataclass(frozen=True)
class At(Generic[P]):
    """Where one is, and how far off that is."""

    point: P
    misfit: Misfit


Evaluate = Callable[[Sequence[P]], Iterable[Misfit]]
"""How far off each of several points is, in their order."""


class Moves(Protocol[P]):
    """How one gets from point to point."""

    def probes(self, point: P) -> list[tuple[float, P]]:
        """For each of k parameters by how much it is moved, and the point where that leads."""
        ...

    def moved(self, point: P, by: Floats) -> P:
        """The point where all of them are moved, by shape (k,)."""
        ...


def step(here: At[P], moves: Moves[P], evaluate: Evaluate[P]) -> At[P]:
    """The best of what all ridges propose; `here` itself where none of them has less loss.

    Weights hold for the step as they are `here`, and anew where a proposal is judged.
    """
    probes = moves.probes(here.point)
    seen = evaluate([point for _, point in probes])
    slopes = [
        (misfit.residuals - here.misfit.residuals) / by
        for (by, _), misfit in zip(probes, seen, strict=True)
    ]
    points = [moves.moved(here.point, by) for by in proposals(here.misfit, np.column_stack(slopes))]
    found = map(At, points, evaluate(points))
    return min((here, *found), key=lambda at: at.misfit.loss)


def proposals(misfit: Misfit, slopes: Floats) -> Iterable[Floats]:
    """Where each ridge would go, shape (k,), from the lowest ridge to the highest.

    Args:
        misfit: Of n residuals.
        slopes: Of each residual along each parameter, shape (n, k).
    """
    weighed = misfit.weights[:, None] * slopes
    curvature = weighed.T @ weighed
    downhill = -weighed.T @ (misfit.weights * misfit.residuals)
    for ridge in RIDGES:
        by = np.linalg.solve(curvature + ridge * np.eye(len(downhill)), downhill)
        yield np.clip(by, -LONGEST, LONGEST).astype(np.float64)
