"""One step of Gauss and Newton, with a ridge, that never makes anything worse.

Levenberg 1944, Quarterly of Applied Mathematics 2:164: the ridge keeps parameters in place of which
the residuals hardly tell, and the step short where they are far from linear.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from simulator.realism.clock import Floats

P = TypeVar("P")

RIDGES = (10.0, 30.0, 100.0, 300.0, 1000.0)
LONGEST = 0.6
"""No parameter moves further in one step."""


@dataclass(frozen=True)
class At(Generic[P]):
    """Where one is, and how far off in n respects.

    Attributes:
        point: Where.
        residuals: Shape (n,).
    """

    point: P
    residuals: Floats

    @property
    def loss(self) -> float:
        """Sum of their squares."""
        return float(np.sum(self.residuals**2))


Evaluate = Callable[[Sequence[P]], Iterable[Floats]]
"""The residuals of several points, in their order."""


class Moves(Protocol[P]):
    """How one gets from point to point."""

    def probes(self, point: P) -> list[tuple[float, P]]:
        """For each of k parameters by how much it is moved, and the point where that leads."""
        ...

    def moved(self, point: P, by: Floats) -> P:
        """The point where all of them are moved, by shape (k,)."""
        ...


def step(here: At[P], moves: Moves[P], evaluate: Evaluate[P]) -> At[P]:
    """The best of what all ridges propose; `here` itself where none of them has less loss."""
    probes = moves.probes(here.point)
    seen = evaluate([point for _, point in probes])
    slopes = [
        (residuals - here.residuals) / by for (by, _), residuals in zip(probes, seen, strict=True)
    ]
    ways = proposals(here.residuals, np.column_stack(slopes))
    points = [moves.moved(here.point, by) for by in ways]
    found = map(At, points, evaluate(points))
    return min((here, *found), key=lambda at: at.loss)


def proposals(residuals: Floats, slopes: Floats) -> Iterable[Floats]:
    """Where each ridge would go, shape (k,), from the lowest ridge to the highest.

    Args:
        residuals: Shape (n,).
        slopes: Of each along each parameter, shape (n, k).
    """
    curvature, downhill = slopes.T @ slopes, -slopes.T @ residuals
    for ridge in RIDGES:
        by = np.linalg.solve(curvature + ridge * np.eye(len(downhill)), downhill)
        yield np.clip(by, -LONGEST, LONGEST).astype(np.float64)
