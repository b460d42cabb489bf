"""Whether a learner tells a made-up day from a real one, in homes that it has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from simulator.realism.clock import Floats, Ints
from simulator.realism.daily import Vectors
from simulator.realism.homes import Bools
from simulator.realism.statistics import RESAMPLES, interval

DAYS_A_HOME = 28
FOLDS = 5
LEAST_HOMES = 4
TOP = 15


@dataclass(frozen=True)
class Tell:
    """One feature by which the sides are told apart.

    Attributes:
        feature: Its name.
        importance: By how much the AUC falls where it is shuffled among the days held out.
        alone: AUC of this feature by itself; below 0.5 the made-up days have less of it.
        real, simulated: Medians over days.
    """

    feature: str
    importance: float
    alone: float
    real: float
    simulated: float


@dataclass(frozen=True)
class Verdict:
    """What came of the contest. 0.5 is a coin, 1 is always right.

    Attributes:
        auc: Of days, mean over seeds.
        auc_interval: What 95 of 100 resamplings of the homes hold.
        home_auc: Of homes, by the mean over their days.
        homes: How many real and made-up homes took part.
        days: Of each home.
        features: How many.
        seeds: How many times the folds were dealt.
    """

    auc: float
    auc_interval: tuple[float, float]
    home_auc: float
    homes: tuple[int, int]
    days: int
    features: int
    seeds: int


@dataclass(frozen=True)
class Contest:
    """The days that take part: the same number of each home.

    Attributes:
        values: Shape (n, F).
        made_up: Whether each day is, shape (n,).
        home: Index of its home over both sides, shape (n,).
        names: Of the features.
        days: Of each home.
    """

    values: Floats
    made_up: Bools
    home: Ints
    names: list[str]
    days: int

    @property
    def homes(self) -> tuple[int, int]:
        """Real and made-up ones."""
        found = [len(np.unique(self.home[self.made_up == side])) for side in (False, True)]
        return found[0], found[1]


def enter(real: Vectors, simulated: Vectors, rng: np.random.Generator) -> Contest:
    """Draws the days: of each home as many as the shortest has, at most four weeks."""
    home = np.concatenate([real.home, simulated.home + real.home.max(initial=-1) + 1])
    values = np.vstack([real.values, simulated.values])
    made_up = np.arange(len(home)) >= len(real.home)
    days = int(min(DAYS_A_HOME, np.unique(home, return_counts=True)[1].min()))
    drawn = [
        rng.choice(np.flatnonzero(home == one), days, replace=False) for one in np.unique(home)
    ]
    kept = np.sort(np.concatenate(drawn))
    return Contest(values[kept], made_up[kept], home[kept], real.names, days)


@dataclass(frozen=True)
class Dealing:
    """The homes dealt into folds once, and a learner for each fold that has not seen its homes.

    Attributes:
        parts: Rows to learn on and rows to judge, by fold.
        learners: By fold.
        scores: How made-up each day looks to the learner of its fold, shape (n,).
    """

    parts: list[tuple[Ints, Ints]]
    learners: list[HistGradientBoostingClassifier]
    scores: Floats


def deal(entered: Contest, seed: int) -> Dealing:
    """Learns on all folds but one and judges that one, for each fold."""
    parts = folds(entered, seed)
    scores = np.zeros(len(entered.made_up))
    with _one_thread():
        learners = [_learn(entered, learned, seed) for learned, _ in parts]
        for (_, kept), learner in zip(parts, learners, strict=True):
            scores[kept] = learner.predict_proba(entered.values[kept])[:, 1]
    return Dealing(parts, learners, scores)


def judge(entered: Contest, dealings: Sequence[Dealing]) -> Verdict:
    """What the dealings come to."""
    scores = [dealing.scores for dealing in dealings]
    weights = np.ones((1, len(entered.made_up)))
    found = [float(auc(row, entered.made_up, weights)[0]) for row in scores]
    return Verdict(
        auc=float(np.mean(found)),
        auc_interval=_over_homes(entered, scores),
        home_auc=_home_auc(entered, scores),
        homes=entered.homes,
        days=entered.days,
        features=len(entered.names),
        seeds=len(dealings),
    )


def folds(entered: Contest, seed: int) -> list[tuple[Ints, Ints]]:
    """Rows to learn on and rows to judge; no home in both, both sides in each."""
    parts = min(FOLDS, *entered.homes)
    split = StratifiedGroupKFold(parts, shuffle=True, random_state=seed)
    return list(split.split(entered.values, entered.made_up, entered.home))


def auc(scores: Floats, made_up: Bools, weights: Floats) -> Floats:
    """Area under the ROC curve for each row of weights; ties count half.

    Args:
        scores: Shape (n,).
        made_up: Shape (n,).
        weights: Shape (k, n).

    Returns:
        Shape (k,), NaN where one side weighs nothing.
    """
    order = np.argsort(scores, kind="stable")
    begins = np.flatnonzero(np.diff(scores[order], prepend=-np.inf))  # of each run of equal scores
    sorted_weights = weights[:, order]
    up = np.add.reduceat(sorted_weights * made_up[order], begins, axis=1)
    down = np.add.reduceat(sorted_weights * ~made_up[order], begins, axis=1)
    below = np.cumsum(down, axis=1) - down / 2
    with np.errstate(invalid="ignore"):
        return np.asarray((up * below).sum(axis=1) / (up.sum(axis=1) * down.sum(axis=1)))


def tells(
    entered: Contest, dealing: Dealing, repeats: int, rng: np.random.Generator, top: int = TOP
) -> list[Tell]:
    """The features that matter most, by permutation among days held out."""
    falls = np.zeros(len(entered.names))
    with _one_thread():
        for (_, kept), learner in zip(dealing.parts, dealing.learners, strict=True):
            falls += _falls(learner, entered, kept, repeats, rng)
    falls /= len(dealing.parts)
    order = np.argsort(-falls, kind="stable")[:top]
    return [_tell(entered, int(column), float(falls[column])) for column in order]


def telling_alone(entered: Contest, top: int = TOP) -> list[Tell]:
    """The features that tell most by themselves, without any learning; importance is NaN."""
    found = [_tell(entered, column, float("nan")) for column in range(len(entered.names))]
    told = [tell for tell in found if np.isfinite(tell.alone)]
    return sorted(told, key=lambda tell: -abs(tell.alone - 0.5))[:top]


def _one_thread() -> threadpool_limits:
    """On a busy machine several threads wait for one another twenty times longer than one works."""
    return threadpool_limits(1)


def _learn(entered: Contest, rows: Ints, seed: int) -> HistGradientBoostingClassifier:
    learner = HistGradientBoostingClassifier(
        max_iter=100,
        learning_rate=0.1,
        max_leaf_nodes=15,
        max_bins=63,
        class_weight="balanced",
        early_stopping=False,  # pyright: ignore[reportArgumentType] - as documented
        random_state=seed,
    )
    learner.fit(entered.values[rows], entered.made_up[rows])
    return learner


def _falls(
    learner: HistGradientBoostingClassifier,
    entered: Contest,
    rows: Ints,
    repeats: int,
    rng: np.random.Generator,
) -> Floats:
    """By how much the AUC falls as each feature is shuffled, shape (F,)."""
    made_up, weights = entered.made_up[rows], np.ones((1, len(rows)))
    whole = auc(learner.decision_function(entered.values[rows]), made_up, weights)[0]
    found = np.zeros(len(entered.names))
    for column in range(len(entered.names)):
        shuffled = np.tile(entered.values[rows], (repeats, 1))
        order = np.concatenate([rng.permutation(rows) for _ in range(repeats)])
        shuffled[:, column] = entered.values[order, column]
        scores = learner.decision_function(shuffled).reshape(repeats, -1)
        found[column] = whole - np.mean([auc(row, made_up, weights)[0] for row in scores])
    return found


def _tell(entered: Contest, column: int, importance: float) -> Tell:
    values = entered.values[:, column]
    told = np.isfinite(values)
    made_up = entered.made_up[told]
    both = made_up.any() and not made_up.all()
    alone = auc(values[told], made_up, np.ones((1, len(made_up))))[0] if both else np.nan
    return Tell(
        feature=entered.names[column],
        importance=importance,
        alone=float(alone),
        real=_median(values[told][~made_up]),
        simulated=_median(values[told][made_up]),
    )


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else float("nan")


def _over_homes(entered: Contest, scores: Sequence[Floats]) -> tuple[float, float]:
    """Homes are drawn with replacement on each side, with all their days."""
    rng = np.random.default_rng(0)
    weights = np.zeros((RESAMPLES, int(entered.home.max()) + 1))
    for side in (False, True):
        homes = np.unique(entered.home[entered.made_up == side])
        even = np.full(len(homes), 1 / len(homes))
        weights[:, homes] = rng.multinomial(len(homes), even, size=RESAMPLES)
    drawn = [auc(row, entered.made_up, weights[:, entered.home]) for row in scores]
    return interval(np.mean(drawn, axis=0))


def _home_auc(entered: Contest, scores: Sequence[Floats]) -> float:
    homes, first, at = np.unique(entered.home, return_index=True, return_inverse=True)
    made_up = entered.made_up[first]
    found = []
    for row in scores:
        votes = np.bincount(at, row) / np.bincount(at)
        found.append(auc(votes, made_up, np.ones((1, len(homes))))[0])
    return float(np.mean(found))
