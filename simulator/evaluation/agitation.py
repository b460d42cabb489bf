"""Agitation in the next six hours, from the labels of TIHM: ours beside each person's own rate.

Clinicians noted when somebody was agitated. At the start of each six hours of the local day, what
has been heard so far gives a chance of such a note within them; then it is learned whether there
was one. Nothing is known of anybody beforehand, and no hour is used before it is over. The baseline
is the person's own rate of notes so far: on these labels a score that knows nothing else looks good
by other measures, so both are judged by the area under precision and recall.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from contract import SensorEvent
from detectors.features.places import BATHROOM, PERSON_KINDS
from detectors.moment import Calendar
from simulator.evaluation.homes import Homes
from simulator.evaluation.summary import Figure, figure

LABEL = "Agitation"
ZONE = "Europe/London"
BLOCK_HOURS = 6
BLOCKS = 24 // BLOCK_HOURS
BELIEVED, WORTH = 0.01, 60.0
"""The rate believed of a person at first, and how many blocks that is worth."""
RATE = 0.02
DECAY = 1e-3
RESAMPLES = 500

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agitation:
    """What came of it.

    Attributes:
        people, blocks, notes: How many; `notes` counts the blocks with one.
        base: Share of blocks with a note, which a score of chance reaches.
        ours, baseline: Area under precision and recall.
        difference: Ours less the baseline's, over the same people drawn again.
    """

    people: int
    blocks: int
    notes: int
    base: float
    ours: Figure
    baseline: Figure
    difference: Figure


class Model:
    """Logistic regression, learned one block after another over all people together."""

    def __init__(self, size: int) -> None:
        self._weights = np.zeros(size)
        self._weights[0] = 1.0  # of the log odds of the person's own rate

    def score(self, features: Array) -> float:
        """The chance of a note."""
        return float(1 / (1 + np.exp(-np.clip(features @ self._weights, -30, 30))))

    def learn(self, features: Array, *, noted: bool) -> None:
        """Takes in whether there was one."""
        error = self.score(features) - float(noted)
        self._weights -= RATE * (error * features + DECAY * self._weights)


def read_notes(path: Path) -> dict[str, list[float]]:
    """When each person was noted to be agitated, in epoch seconds, by the home's name.

    Raises:
        OSError: The file cannot be read.
        KeyError: It is no `labels.csv` of TIHM.
    """
    found: defaultdict[str, list[float]] = defaultdict(list)
    with path.open(newline="") as lines:
        for row in csv.DictReader(lines):
            if row["type"] == LABEL:
                wall = datetime.fromisoformat(row["date"]).replace(tzinfo=ZoneInfo(ZONE))
                found[f"tihm-{row['patient_id']}"].append(wall.astimezone(UTC).timestamp())
    return dict(found)


def predict(homes: Homes, notes: Mapping[str, Sequence[float]], seed: int) -> Agitation:
    """Judges every block of every home, in order of time over all homes."""
    calendar = Calendar(ZONE)
    blocks = sorted(
        (start, home, row)
        for home, events in homes.items()
        for start, row in _blocks(events, calendar)
    )
    model = Model(len(blocks[0][2]) + 1)
    seen: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    found: list[tuple[str, bool, float, float]] = []
    for start, home, row in blocks:
        end = start + BLOCK_HOURS * 3600
        noted = any(start <= t < end for t in notes.get(home, ()))
        count, total = seen[home]
        rate = (count + BELIEVED * WORTH) / (total + WORTH)
        features = np.array([np.log(rate / (1 - rate)), *row])
        found.append((home, noted, model.score(features), rate))
        model.learn(features, noted=noted)
        seen[home] = [count + noted, total + 1]
    return _judged(found, np.random.default_rng(seed))


def area(noted: NDArray[np.bool_], scores: Array) -> float:
    """The area under precision and recall, in steps; ties count as one step. 0 without notes."""
    order = np.argsort(-scores, kind="stable")
    hits, ranked = np.cumsum(noted[order]), scores[order]
    last = np.append(ranked[1:] != ranked[:-1], True)
    hits, places = hits[last], (np.arange(len(ranked)) + 1)[last]
    if not len(hits) or not hits[-1]:
        return 0.0
    return float((np.diff(hits, prepend=0) * hits / places).sum() / hits[-1])


def _blocks(events: Sequence[SensorEvent], calendar: Calendar) -> list[tuple[float, list[float]]]:
    """The start of each block from the second day on, and what was unusual before it.

    How far the six hours before, and the day before, were from the same hours of the days so far,
    in standard deviations: of all activity, and of the bathroom.
    """
    first = calendar.moment(events[0].at.timestamp()).day
    last = calendar.moment(events[-1].at.timestamp()).day
    counts = np.zeros(((last - first + 1) * BLOCKS, 2))
    for event in events:
        moment = calendar.moment(event.at.timestamp())
        block = (moment.day - first) * BLOCKS + min(int(moment.hour) // BLOCK_HOURS, BLOCKS - 1)
        if event.kind in PERSON_KINDS:
            counts[block, 0] += 1
            counts[block, 1] += event.place in BATHROOM
    roots = np.sqrt(counts)
    found = []
    for block in range(2 * BLOCKS, len(roots)):
        row = [1.0]
        for column in range(2):
            off = _off(roots[:block, column])
            row += [off[-1], float(np.mean(off[-BLOCKS:]))]
        hour = block % BLOCKS
        row += [float(hour == part) for part in range(1, BLOCKS)]
        day = first + block // BLOCKS
        found.append((calendar.at(day, hour * BLOCK_HOURS), row))
    return found


def _off(past: Array) -> list[float]:
    """The last blocks against the same hours of earlier days, each within -3 to 3."""
    found = []
    for block in range(len(past) - BLOCKS, len(past)):
        same = past[block % BLOCKS : block : BLOCKS]
        spread = float(np.std(same)) if len(same) > 1 else 1.0
        off = (past[block] - float(np.mean(same))) / max(spread, 0.5) if len(same) else 0.0
        found.append(float(np.clip(off, -3, 3)))
    return found


def _judged(found: Sequence[tuple[str, bool, float, float]], rng: np.random.Generator) -> Agitation:
    people = sorted({home for home, *_ in found})
    noted = np.array([each[1] for each in found])
    scores = np.array([each[2:] for each in found])
    where = [np.flatnonzero([each[0] == home for each in found]) for home in people]
    draws = []
    for _ in range(RESAMPLES):
        drawn = np.concatenate([where[i] for i in rng.integers(len(people), size=len(people))])
        draws.append([area(noted[drawn], scores[drawn, side]) for side in (0, 1)])
    ours, baseline = area(noted, scores[:, 0]), area(noted, scores[:, 1])
    columns = np.array(draws)
    return Agitation(
        people=len(people),
        blocks=len(found),
        notes=int(noted.sum()),
        base=float(noted.mean()),
        ours=figure(ours, columns[:, 0]),
        baseline=figure(baseline, columns[:, 1]),
        difference=figure(ours - baseline, columns[:, 0] - columns[:, 1]),
    )
