"""Every floor. A new one is one file and one line here."""

from simulator.evaluation.floors.floor import Floor
from simulator.evaluation.floors.half_space_trees import HalfSpaceTrees
from simulator.evaluation.floors.household import HouseholdRule
from simulator.evaluation.floors.isolation_forest import IsolationForest
from simulator.evaluation.floors.negative_binomial import NegativeBinomial
from simulator.evaluation.floors.robust import Cusum, OneDay, TwoDays

FLOORS: tuple[type[Floor], ...] = (
    OneDay,
    TwoDays,
    Cusum,
    HouseholdRule,
    NegativeBinomial,
    HalfSpaceTrees,
    IsolationForest,
)
