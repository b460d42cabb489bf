"""Holds the newest weeks of a programme against its first ones, and says what may be considered.

It never decides: it says in which measures daily living is away from the start by more than the
days differ among themselves, and which way that points.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from math import sqrt
from statistics import fmean, variance

from api.reablement.days import MEASURES, SEEN, LocalDay
from api.reablement.views import Advice, Comparison, Week

FIRST_WEEKS = 2
"""Weeks at the start that later ones are held against."""
LAST_WEEKS = 2
FEWEST_DAYS = 8
"""Days that must have been seen, of each two weeks."""
FEWEST_WEEK_DAYS = 4
NOTABLE = 0.15
"""A change by a smaller part is none, however sure."""
ERRORS = 2.0
"""Standard errors that a change must exceed."""
FEWEST_MEASURES = 2

_BETTER = {"kitchen": 1, "transit": -1, "out": 1, "rest": 1}
"""Which way is more able. More bathroom visits may be either, and are only shown."""
_NAMED = {
    "bathroom": ("Bathroom visits", "a day"),
    "kitchen": ("Use of kettle and kitchen", "a day"),
    "transit": ("Ways from room to room", "s"),
    "out": ("Time out", "min a day"),
    "rest": ("Rest at night", "min a night"),
}


def weeks(days: Sequence[LocalDay], starts: date) -> list[Week]:
    """The whole weeks of a programme, the first one first."""
    found = []
    for number in range(len(days) // 7):
        within = days[number * 7 : number * 7 + 7]
        seen = [one for one in within if one.seen]
        values = {name: _mean(seen, name) for name in MEASURES}
        found.append(
            Week(
                week=number + 1,
                begins=starts + timedelta(days=7 * number),
                days_seen=len(seen),
                **values,
            )
        )
    return found


def advise(days: Sequence[LocalDay], *, ended: bool = False) -> Advice:
    """What the newest two whole weeks say, held against the first two.

    Args:
        days: Of the programme so far, the first one first.
        ended: No more are to come.
    """
    whole = days[: len(days) // 7 * 7]
    first, last = whole[: FIRST_WEEKS * 7], whole[-LAST_WEEKS * 7 :]
    if len(whole) < (FIRST_WEEKS + LAST_WEEKS) * 7:
        return Advice(says="cannot_say", why=[_too_few(len(whole) // 7, ended)], compared=[])
    seen = [sum(one.seen for one in part) for part in (first, last)]
    if min(seen) < FEWEST_DAYS:
        return Advice(
            says="cannot_say", why=[_unseen(*seen), *_not_at_home(first, last)], compared=[]
        )
    compared = [one for name in MEASURES if (one := _compare(name, first, last)) is not None]
    judged = [one for one in compared if one.way in {"better", "worse", "same"}]
    why = [*(one.text for one in compared), *_not_at_home(first, last)]
    if len(judged) < FEWEST_MEASURES:
        return Advice(
            says="cannot_say",
            why=["The home's sensors tell of too few measures that point either way.", *why],
            compared=compared,
        )
    return Advice(says=_says(judged), why=why, compared=compared)


def _says(judged: Sequence[Comparison]) -> str:
    better = sum(one.way == "better" for one in judged)
    worse = sum(one.way == "worse" for one in judged)
    if worse >= FEWEST_MEASURES and not better:
        return "step_up"
    if better >= FEWEST_MEASURES and not worse:
        return "step_down"
    return "no_change"


def _compare(name: str, first: Sequence[LocalDay], last: Sequence[LocalDay]) -> Comparison | None:
    before = [one.values[name] for one in first if one.seen and name in one.values]
    after = [one.values[name] for one in last if one.seen and name in one.values]
    if min(len(before), len(after)) < FEWEST_DAYS:
        return None
    was, now = fmean(before), fmean(after)
    error = sqrt(variance(before) / len(before) + variance(after) / len(after))
    change = now - was
    sure = abs(change) > ERRORS * error and abs(change) >= NOTABLE * max(was, now)
    way = "same" if not sure else _way(name, change)
    return Comparison(measure=name, first=was, last=now, way=way, text=_text(name, was, now, way))


def _way(name: str, change: float) -> str:
    if name not in _BETTER:
        return "more" if change > 0 else "less"
    return "better" if change * _BETTER[name] > 0 else "worse"


def _text(name: str, was: float, now: float, way: str) -> str:
    label, unit = _NAMED[name]
    said = {
        "same": "as at the start",
        "better": "more able than at the start",
        "worse": "less able than at the start",
        "more": "more than at the start; look why",
        "less": "less than at the start; look why",
    }[way]
    return f"{label}: {now:.1f} {unit}, at first {was:.1f}: {said}."


def _mean(days: Sequence[LocalDay], name: str) -> float | None:
    found = [one.values[name] for one in days if name in one.values]
    return fmean(found) if len(found) >= FEWEST_WEEK_DAYS else None


def _too_few(past: int, ended: bool) -> str:
    left = FIRST_WEEKS + LAST_WEEKS - past
    then = f"it ended {left} too early" if ended else f"{left} more to come"
    return f"The first two weeks are held against two later ones: {then}."


def _unseen(first: int, last: int) -> str:
    return (
        f"Too little was heard: {first} days of the first two weeks and {last} of the last two; "
        f"{FEWEST_DAYS} are needed of each."
    )


def _not_at_home(first: Sequence[LocalDay], last: Sequence[LocalDay]) -> list[str]:
    """Why days are missing of which the sensors told."""
    away = [sum(one.away for one in part) for part in (first, last)]
    empty = [
        sum(one.coverage >= SEEN and not one.lived and not one.away for one in part)
        for part in (first, last)
    ]
    return [
        f"{said}: {_days(first)} of the first two weeks and {_days(last)} of the last two; "
        "nothing is said of these."
        for said, (first, last) in (
            ("Away or paused, as on record", away), ("Nothing told of anybody at home", empty),
        )
        if first or last
    ]  # fmt: skip


def _days(number: int) -> str:
    return f"{number} day{'s' * (number != 1)}"
