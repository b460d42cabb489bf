"""The evaluation as a report for people."""

from collections.abc import Sequence

from simulator.evaluation.agitation import Agitation
from simulator.evaluation.blocks import Block, Heading, Items, Table, Text
from simulator.evaluation.courses import DAY_S, NAMED
from simulator.evaluation.decoys.summary import Decoys, gap_rows, rows
from simulator.evaluation.measures import REASONS
from simulator.evaluation.plan import Found
from simulator.evaluation.results import Contest
from simulator.evaluation.subjects import SUBJECTS, Subject
from simulator.evaluation.summary import Figure, Sensitivity, Summary

HOURS = (1, 2, 4, 8, 12)


def blocks(all_found: Found, *, drawn: bool = False) -> list[Block]:
    """The report: a part for each subject that had homes, and for decoys and agitation.

    With `drawn` it has pictures, for which matplotlib must be there.
    """
    found: list[Block] = []
    for subject in SUBJECTS:
        if subject.name in all_found.results:
            found += _part(subject, all_found.results[subject.name], drawn=drawn)
    if all_found.decoys is not None:
        found += _decoys(all_found.decoys)
    if all_found.agitation is not None:
        found += _agitation(all_found.agitation)
    return found


def _part(subject: Subject, found: Contest, *, drawn: bool) -> list[Block]:
    default, first = next(iter(found.ours.items()))
    shown = _shown(list(first.sensitivity))
    scale = f"{first.homes} homes, {first.months:.0f} person-months, {first.episodes} episodes."
    part: list[Block] = [
        Heading(subject.name),
        Text(f"{subject.about} {scale}"),
        _ours(subject, found, shown),
    ]
    if drawn:
        part += _pictures(subject.name, found)
    if len(shown) < len(first.sensitivity):
        part += [Text("Sensitivity against severity:"), _severities(found)]
    if found.facts:
        part += [Text("The home in the middle:"), Items(_facts(found))]
    if found.bounds[default]:
        part += [Text(_BOUND), _bounds(found, default, shown)]
    if any(one.share.value < 1 for one in first.sensitivity.values()):
        part += [Text("Why the default missed what it missed:"), _missed(first, shown)]
    if any(found.against.values()):
        part += [Text(_floors_sentence(found)), _floors(subject, found, shown)]
    return part


def _pictures(name: str, found: Contest) -> Sequence[Block]:
    from simulator.evaluation.pictures import pictures  # noqa: PLC0415 - where it is fitted

    return pictures(name, found)


def _shown(severities: Sequence[str]) -> list[str]:
    """The severities that stand side by side."""
    return [name for name in severities if name in NAMED] or list(severities)


def _ours(subject: Subject, found: Contest, shown: list[str]) -> Table:
    by_hours = subject.unit[1] == "hours"
    heads = [f"within {hours} h" for hours in HOURS] if by_hours else shown
    head = ["budget", "false alerts / person-month", "of the budget", "worst home"]
    head += ["homes above 4 x (by chance)", "coverage"]
    head += [*(shown if by_hours and len(shown) > 1 else []), *heads, "chance", "where judged"]
    return Table(
        head, [_row(name, summary, found, subject, shown) for name, summary in found.ours.items()]
    )


def _row(
    name: str, summary: Summary, found: Contest, subject: Subject, shown: list[str]
) -> list[str]:
    unit, word = subject.unit
    row = [
        f"{summary.budget:g}{' (default)' if summary.default else ''}",
        figure(summary.false_alerts),
        f"{found.kept[name].ratio.value:.2f}, {found.kept[name].mean_home:.2f} a home",
        f"{summary.worst:.2f}",
        f"{found.kept[name].above} ({found.kept[name].above_by_chance:.1f})",
        f"{summary.coverage:.2f}, {summary.settled:.2f} after day 14",
    ]
    sensitivity = [summary.sensitivity[severity] for severity in shown]
    if not sensitivity:
        return [*row, *([""] * (len(HOURS) if word == "hours" else 0)), "", ""]
    middle = sensitivity[len(sensitivity) // 2]
    if word == "hours":
        row += [figure(one.share) for one in sensitivity] if len(sensitivity) > 1 else []
        row += [_within(sensitivity[0], hours * unit) for hours in HOURS]
    else:
        row += [f"{figure(one.share)}{_delay(one.delay, unit)}" for one in sensitivity]
    judged = f"{middle.judged_share.value:.2f} of {middle.judged}"
    return [*row, f"{middle.chance:.2f}", judged]


def _severities(found: Contest) -> Table:
    names = list(next(iter(found.ours.values())).sensitivity)
    head = ["budget", *(f"{name} ({found.sizes.get(name, '')})" for name in names)]
    rows = [
        [f"{one.budget:g}", *(f"{one.sensitivity[name].share.value:.2f}" for name in names)]
        for one in found.ours.values()
    ]
    return Table(head, rows)


def _facts(found: Contest) -> list[str]:
    return [f"* {name}: {value:.0f}" for name, value in found.facts.items()]


def _decoys(found: Decoys) -> list[Block]:
    part: list[Block] = [Heading("Decoys"), Text(_DECOYS), Table(*rows(found))]
    if found.gaps:
        part += [Text("Long gaps of the recordings, as they are:"), Table(*gap_rows(found))]
    return part


def _agitation(found: Agitation) -> list[Block]:
    words = (
        f"A note of agitation in the next six hours, of {found.people} people, {found.blocks:,} "
        f"times six hours and {found.notes} with a note. The area under precision and recall:"
    )
    rows_ = [
        ["activity and bathroom against the own usual, and the own rate", figure(found.ours)],
        ["baseline: the person's own rate of notes so far", figure(found.baseline)],
        ["difference, over the same people", signed(found.difference)],
        ["chance", f"{found.base:.3f}"],
    ]
    return [Heading("Agitation (TIHM)"), Text(words), Table(["score", "area"], rows_)]


_DECOYS = (
    "Each is set into a home as recorded, and everything that was raised is set beside the same "
    "home without it. Counted are the runs in which it caused an alert, by condition; unanswered "
    "is the share of advisory answers that became `blind` or `learning`."
)
_BOUND = (
    "Beside the bound (Lorden's) of the default's false alerts. The mean delay takes each miss as "
    "found at the end of its window."
)


def _bounds(found: Contest, default: str, shown: list[str]) -> Table:
    head = ["severity", "a day tells", "no sooner than", "measured", "efficiency", "homes within"]
    rows = [
        [
            severity,
            f"{one.a_day:.2f} nats",
            f"{one.days:.1f} d",
            f"{one.measured:.1f} d",
            f"{one.efficiency:.2f}",
            f"{one.within:.0%}",
        ]
        for severity, one in found.bounds[default].items()
        if severity in shown
    ]
    return Table(head, rows)


def _missed(first: Summary, shown: list[str]) -> Table:
    found = [(name, first.sensitivity[name]) for name in shown]
    rows = [
        [name, str(one.episodes), *(str(one.missed.get(reason, 0)) for reason in REASONS)]
        for name, one in found
    ]
    return Table(["severity", "episodes", *REASONS], rows)


def _floors_sentence(found: Contest) -> str:
    first = next(iter(found.ours.values()))
    return (
        f"At the false alerts of the default, {first.false_alerts.value:.2f} a person-month, each "
        "floor finds (and the default finds more by):"
    )


def _floors(subject: Subject, found: Contest, shown: list[str]) -> Table:
    default = next(iter(found.ours))
    lines = []
    for name, one in found.against[default].items():
        row = [name]
        for severity in shown:
            best = " (best floor)" if found.best_floor[default].get(severity) == name else ""
            delay = _delay(one.delay[severity], subject.unit[0])
            more = signed(one.difference[severity])
            row.append(f"{one.share[severity]:.2f}{delay}; {more}{best}")
        lines.append(row)
    return Table(["floor", *shown], lines)


def _within(one: Sensitivity, seconds: float) -> str:
    hits = sum(delay is not None and delay <= seconds for delay in one.delays)
    return f"{hits / max(len(one.delays), 1):.2f}"


def _delay(seconds: float | None, unit: float) -> str:
    return "" if seconds is None else f", {seconds / unit:.1f} {'d' if unit == DAY_S else 'h'}"


def figure(one: Figure) -> str:
    """A figure with its interval."""
    return f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})"


def signed(one: Figure) -> str:
    """A difference with its interval."""
    return f"{one.value:+.2f} ({one.low:+.2f} to {one.high:+.2f})"
