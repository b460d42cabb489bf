"""What one home's trials come to, and many homes' together, in arrays, to draw homes again from."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray

from detectors.models.change import DAYS_A_MONTH

DAY_S = 86_400.0
SAME_ALERT_S = 3 * DAY_S
"""Alerts of one condition so close together are one."""
RESAMPLES = 1000
JUDGED_ENOUGH = 0.5
"""An episode was judged if so many of its days had an answer."""

LATE = "told too late"
OPEN = "an alert was open already"
UNANSWERED = "no answer on most of its days"
UNTOLD = "its days tell too little in that home"
ELSE = "else"
REASONS = (OPEN, UNANSWERED, UNTOLD, LATE, ELSE)
"""Why an episode is missed."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trial:
    """One injected episode.

    Attributes:
        severity: As its subject names it.
        delay: Seconds from onset to the alert; None where there was none.
        chance: Whether the same window of the untouched home holds an alert anyway.
        judged: Share of its days on which there was an answer, be it "as usual".
        deadline: Seconds from onset after which an alert is no hit; None where the window's end is.
        window: Seconds from onset to the last instant at which an alert counts.
        was_open: Whether there was no alert because one was open already.
        told: What its days tell by Lorden's reckoning, in nats; None where nobody reckons it.
    """

    severity: str
    delay: float | None
    chance: bool
    judged: float = 1.0
    deadline: float | None = None
    window: float = 6 * DAY_S
    was_open: bool = False
    told: float | None = None

    @property
    def hit(self) -> bool:
        """Whether an alert came in time."""
        return self.delay is not None and (self.deadline is None or self.delay <= self.deadline)

    def missed(self, budget: float) -> str:
        """Why it was missed, in words; the first that holds.

        Args:
            budget: False alerts per person-month that were asked for.
        """
        if self.delay is not None:
            return LATE
        if self.was_open:
            return OPEN
        if self.judged < JUDGED_ENOUGH:
            return UNANSWERED
        if self.told is not None and self.told < log(DAYS_A_MONTH / budget):
            return UNTOLD
        return ELSE


@dataclass(slots=True)
class HomeResult:
    """One contender in one home.

    Attributes:
        home: Whose.
        alerts: On untouched days, those close together taken as one.
        judged, days: Days with an answer, and days in all.
        settled: Judged days after day 14, and all days after it.
        exposed: Days that false alerts are set against: the judged ones, for what is judged over
            days; all, for what may alert at any minute.
        trials: The injected episodes.
    """

    home: str
    alerts: int
    judged: int
    days: int
    exposed: int
    settled: tuple[int, int] = (0, 0)
    trials: list[Trial] = field(default_factory=list)


@dataclass(slots=True)
class FloorResult:
    """One floor in one home, at all its limits at once.

    Attributes:
        home: Whose.
        limits: Shape (limits,).
        alerts: Of the untouched home, those close together taken as one; shape (limits,).
        judged, days: Days with an answer, and days in all.
        delays: By severity, seconds from onset to the alert of each episode, NaN where there was
            none; shape (episodes, limits).
        chances: By severity, whether the untouched window holds an alert; the same shape.
    """

    home: str
    limits: Array
    alerts: Array
    judged: int
    days: int
    delays: dict[str, Array] = field(default_factory=dict)
    chances: dict[str, Array] = field(default_factory=dict)


def merged(times: Sequence[float]) -> int:
    """How many alerts there were, each within three days of one before taken as the same."""
    count, last = 0, float("-inf")
    for t in sorted(times):
        if t - last > SAME_ALERT_S:
            count += 1
            last = t
    return count


def merged_by_subject(alerts: Iterable[tuple[str, float]]) -> int:
    """The same where there are several to tell of: by subject, and when in epoch seconds."""
    times: defaultdict[str, list[float]] = defaultdict(list)
    for subject, t in alerts:
        times[subject].append(t)
    return sum(merged(found) for found in times.values())


@dataclass(frozen=True, slots=True)
class Tally:
    """One contender over homes; L is the number of its limits, 1 for a detector at one budget.

    Attributes:
        homes: Their names.
        alerts: Shape (homes, L).
        exposed, judged, days: Shape (homes,).
        episodes: By severity, how many; shape (homes,).
        hits, chance, delay: By severity, how many hits, how many by chance, and the sum of the
            delays of the hits in seconds; shape (homes, L).
    """

    homes: list[str]
    alerts: Array
    exposed: Array
    judged: Array
    days: Array
    episodes: dict[str, Array]
    hits: dict[str, Array]
    chance: dict[str, Array]
    delay: dict[str, Array]

    def rates(self, weights: Array) -> Array:
        """False alerts per person-month where home h counts `weights[..., h]` times."""
        return np.asarray(
            weights @ self.alerts / np.maximum(weights @ self.exposed, 1.0)[..., None]
        ) * (DAYS_A_MONTH)

    def shares(self, severity: str, weights: Array) -> Array:
        """Share of episodes that were hit, weighted in the same way."""
        episodes = np.maximum(weights @ self.episodes[severity], 1.0)
        return np.asarray(weights @ self.hits[severity] / episodes[..., None])


def tally(results: Sequence[HomeResult], *, judged: bool = False) -> Tally:
    """Adds up a detector; with `judged` only the episodes that it could judge."""
    severities = list(dict.fromkeys(t.severity for r in results for t in r.trials))

    def total(value: Callable[[Trial], float], severity: str) -> Array:
        return np.array(
            [
                sum(
                    value(t)
                    for t in r.trials
                    if t.severity == severity and (not judged or t.judged >= JUDGED_ENOUGH)
                )
                for r in results
            ],
            float,
        )

    return Tally(
        homes=[r.home for r in results],
        alerts=np.array([[r.alerts] for r in results], float),
        exposed=np.array([r.exposed for r in results], float),
        judged=np.array([r.judged for r in results], float),
        days=np.array([r.days for r in results], float),
        episodes={s: total(lambda _: 1.0, s) for s in severities},
        hits={s: total(lambda t: float(t.hit), s)[:, None] for s in severities},
        chance={s: total(lambda t: float(t.chance), s)[:, None] for s in severities},
        delay={
            s: total(lambda t: t.delay if t.hit and t.delay is not None else 0.0, s)[:, None]
            for s in severities
        },
    )


def tally_floor(results: Sequence[FloorResult]) -> Tally:
    """Adds up a floor."""
    severities = list(dict.fromkeys(name for r in results for name in r.delays))
    nothing = np.zeros((0, len(results[0].limits)))

    def total(severity: str, found: str, of: Callable[[Array], Array]) -> Array:
        each = [getattr(r, found).get(severity, nothing) for r in results]
        return np.array([of(one).sum(axis=0) for one in each], float)

    return Tally(
        homes=[r.home for r in results],
        alerts=np.array([r.alerts for r in results], float),
        exposed=np.array([r.judged for r in results], float),
        judged=np.array([r.judged for r in results], float),
        days=np.array([r.days for r in results], float),
        episodes={
            s: np.array([len(r.delays.get(s, nothing)) for r in results], float) for s in severities
        },
        hits={s: total(s, "delays", lambda one: ~np.isnan(one)) for s in severities},
        chance={s: total(s, "chances", np.asarray) for s in severities},
        delay={s: total(s, "delays", np.nan_to_num) for s in severities},
    )


def weights(homes: int, rng: np.random.Generator, resamples: int = RESAMPLES) -> Array:
    """How often each home is drawn in each resampling; shape (resamples, homes)."""
    return rng.multinomial(homes, np.full(homes, 1.0 / homes), size=resamples).astype(float)
