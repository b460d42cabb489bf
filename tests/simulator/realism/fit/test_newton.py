"""A step finds its way where there is one, and leads nowhere worse, whatever the landscape."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulator.realism.clock import Floats
from simulator.realism.fit.newton import LONGEST, At, proposals, step

Landscape = Callable[[Floats], Floats]
PROBE = 0.2


class Plain:
    """Points are arrays."""

    def probes(self, point: Floats) -> list[tuple[float, Floats]]:
        return [(PROBE, point + PROBE * axis) for axis in np.eye(len(point))]

    def moved(self, point: Floats, by: Floats) -> Floats:
        moved: Floats = point + by
        return moved


def walk(landscape: Landscape, start: Floats, steps: int) -> list[At[Floats]]:
    def evaluate(points: Sequence[Floats]) -> Iterator[Floats]:
        return map(landscape, points)

    path = [At(start, landscape(start))]
    for _ in range(steps):
        path.append(step(path[-1], Plain(), evaluate))
    return path


@given(truth=arrays(np.float64, 3, elements=st.floats(-1.5, 1.5)))
def test_known_parameters_are_recovered(truth: Floats) -> None:
    """A population that made the homes is the one that is found again."""
    x = np.linspace(0, 3, 60)

    def told(point: Floats) -> Floats:
        curve: Floats = 20 * (point[0] * x + np.exp(0.3 * point[1]) * np.cos(2 * x) + point[2])
        return curve

    path = walk(lambda point: told(point) - told(truth), np.zeros(3), 12)
    np.testing.assert_allclose(path[-1].point, truth, atol=0.01)


@settings(max_examples=60)
@given(
    scale=st.floats(0.1, 1e4),
    rough=st.floats(0, 100),
    start=arrays(np.float64, 2, elements=st.floats(-5, 5)),
)
def test_no_step_leads_to_more_loss(scale: float, rough: float, start: Floats) -> None:
    """Chance and kinks mislead the slopes, and a worse population must never be written."""

    def landscape(point: Floats) -> Floats:
        noise = rough * np.sin(1e3 * point.sum() + np.arange(5))
        residuals: Floats = np.clip(scale * np.abs(np.resize(point, 5)) + noise, -50, 50)
        return residuals

    path = walk(landscape, start, 4)
    for before, after in pairwise(path):
        assert after is before or after.loss < before.loss


def test_one_stays_where_nothing_helps() -> None:
    here = At(np.zeros(1), np.zeros(1))
    there = step(here, Plain(), lambda points: [point + 1 for point in points])
    assert there is here


def test_no_parameter_is_thrown_far_by_slopes_that_are_nearly_flat_or_steep() -> None:
    slopes = np.array([[1e6, 1e-6], [0.0, 1.0]])
    for by in proposals(np.array([1e9, -1e3]), slopes):
        assert np.abs(by).max() <= LONGEST
        assert by[0] < 0 < by[1]
