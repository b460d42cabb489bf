"""Every floor. A new one is one file and one line here."""

from importlib.util import find_spec

from simulator.evaluation.floors.floor import Floor
from simulator.evaluation.floors.half_space_trees import HalfSpaceTrees
from simulator.evaluation.floors.household import HouseholdRule
from simulator.evaluation.floors.isolation_forest import IsolationForest
from simulator.evaluation.floors.negative_binomial import NegativeBinomial
from simulator.evaluation.floors.robust import Cusum, OneDay, TwoDays

ALL: tuple[type[Floor], ...] = (
    OneDay,
    TwoDays,
    Cusum,
    HouseholdRule,
    NegativeBinomial,
    HalfSpaceTrees,
    IsolationForest,
)
"""Every one there is."""
NEEDS = {IsolationForest.name: "sklearn", HalfSpaceTrees.name: "river"}
"""The library without which a floor cannot run."""


def missing() -> list[str]:
    """The names of the floors whose library is not installed."""
    return [name for name, library in NEEDS.items() if find_spec(library) is None]


FLOORS = tuple(floor for floor in ALL if floor.name not in missing())
"""Those that can run here."""
