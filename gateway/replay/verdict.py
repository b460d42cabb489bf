"""What a dry run found, in plain English: a few lines for each home."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contract import Alert
from gateway.replay.comparison import Comparison, Counts, Found, Match

_LONGEST_TEXT = 90
_SLIGHT = timedelta(seconds=30)


def told(comparison: Comparison, days: int) -> Iterator[str]:
    """One home: what the change would have come to, the counts, and each alert."""
    zone = ZoneInfo(comparison.time_zone)
    yield f"{comparison.home}: {_span(comparison, zone)}"
    yield f"  {_verdict(comparison, days)}"
    yield from (
        f"  {name} bears {changed:.2g} false alarms a month instead of {now:.2g}"
        for name, (now, changed) in comparison.budgets.items()
    )
    yield from (
        f"  {name} cannot say on {_many(one.changed, 'day')} instead of {one.now}"
        for name, one in comparison.doubts.items()
    )
    if comparison.matches:
        yield ""
        yield f"  {'':<18} {'now':>5} {'changed':>8}"
        yield from (
            f"  {name:<18} {one.now:>5} {one.changed:>8}" for name, one in _rows(comparison)
        )
        yield ""
        yield from (f"  {_line(one, comparison, zone)}" for one in comparison.matches)


def in_all(comparisons: Sequence[Comparison], days: int) -> str:
    """All homes together, in one sentence."""
    total = [one.raised() for one in comparisons]
    now, changed = sum(one.now for one in total), sum(one.changed for one in total)
    homes = _many(len(comparisons), "home")
    return (
        f"{homes} over {_many(days, 'day')}: alerts {_times(changed)} with the change, "
        f"{_times(now)} without"
    )


def _span(comparison: Comparison, zone: ZoneInfo) -> str:
    """Which days are counted, and what was learned before them."""
    first = max(comparison.since, comparison.recorded_since)
    span = f"{_date(first, zone)} to {_date(comparison.until, zone)}"
    before = (comparison.since - comparison.recorded_since).days
    if before < 0:
        held = (comparison.until - comparison.recorded_since).days
        return f"{span}; only {_many(held, 'day')} recorded, the first of them for learning"
    return f"{span}, after {_many(before, 'day')} to learn from"


def _verdict(comparison: Comparison, days: int) -> str:
    raised, before = comparison.raised(), comparison.stood_open()
    said = f"would have alerted {_times(raised.changed)} in {_many(days, 'day')}"
    if all(one.found is Found.BOTH and not one.sooner for one in comparison.matches):
        said += ", as it does now"
    else:
        said += f"; as it stands, {_times(raised.now)}"
    if any(before):
        said += f" ({_standing(before)} when they began)"
    return said


def _standing(before: Counts) -> str:
    if before.now == before.changed:
        return f"besides {_many(before.now, 'alert')} open"
    return f"besides {before.changed} open with the change, {before.now} without"


def _rows(comparison: Comparison) -> Iterator[tuple[str, Counts]]:
    """The count of each condition, in which any alert was raised."""
    for condition in sorted({one.alert.condition for one in comparison.matches}):
        yield condition, comparison.raised(condition)
    yield "together", comparison.raised()


def _line(match: Match, comparison: Comparison, zone: ZoneInfo) -> str:
    alert = match.changed or match.alert
    subject = f" {alert.subject}" if alert.subject else ""
    when = f"{alert.raised_at.astimezone(zone):%Y-%m-%d %H:%M}"
    text = alert.text if len(alert.text) <= _LONGEST_TEXT else alert.text[: _LONGEST_TEXT - 1] + "…"
    return f"{_kind(match, comparison):<17} {when}  {alert.condition}{subject}: {text}"


def _kind(match: Match, comparison: Comparison) -> str:
    if match.found is Found.BOTH:
        moved = match.sooner
        shift = f"{_length(abs(moved))} {'sooner' if moved > _SLIGHT else 'later'}"
        kind = shift if abs(moved) > _SLIGHT else "as now"
    else:
        kind = "new" if match.found is Found.ONLY_CHANGED else "no longer"
    return f"{kind}, open" if _all_before(match, comparison) else kind


def _all_before(match: Match, comparison: Comparison) -> bool:
    """Whether whatever there is of it stood open before the days."""
    there: list[Alert] = [alert for alert in (match.now, match.changed) if alert is not None]
    return not any(comparison.counts(alert) for alert in there)


def _length(moved: timedelta) -> str:
    if moved >= timedelta(days=1):
        return f"{moved / timedelta(days=1):.1f} days"
    if moved >= timedelta(hours=2):
        return f"{moved / timedelta(hours=1):.1f} hours"
    return f"{moved / timedelta(minutes=1):.0f} min"


def _date(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
