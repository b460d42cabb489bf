"""The report in words and tables: plain for the terminal, Markdown for the documentation."""

from collections.abc import Iterable, Sequence

from simulator.realism.classifier import Tell, Verdict
from simulator.realism.compare import Row
from simulator.realism.report import Account, Findings, Report, outside_by_chance

_HEADS = (
    "measure",
    "unit",
    "real",
    "made up",
    "within",
    "unseen",
    "apart (95 %)",
    "chance",
    "KS",
    "p",
)


def as_text(report: Report) -> str:
    """For the terminal."""
    parts = [*_summary(report), ""]
    table = [list(_HEADS), *(_cells(row, report) for row in report.all.rows)]
    parts += _aligned(table)
    for title, tells in _tables_of_tells(report.all):
        parts += ["", title, *_aligned(_tell_cells(tells))]
    return "\n".join(parts) + "\n"


def as_markdown(report: Report, figures: Sequence[str] = ()) -> str:
    """For the documentation; `figures` are file names, one a family of measures."""
    parts = ["\n".join(f"* {line}" for line in _summary(report))]
    parts += [f"![by hour]({name})" for name in figures if name.endswith("by-hour.svg")]
    for family in dict.fromkeys(row.family for row in report.all.rows):
        parts.append(f"### {family.capitalize()}")
        parts += [
            f"![{family}]({name})" for name in figures if name.endswith(f"{_slug(family)}.svg")
        ]
        rows = [row for row in report.all.rows if row.family == family]
        parts.append(_piped([list(_HEADS), *(_cells(row, report) for row in rows)]))
        parts.append("\n".join(f"* {why}" for why in _reasons(rows)))
    for title, tells in _tables_of_tells(report.all):
        parts += [f"### {title}", _piped(_tell_cells(tells))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _slug(family: str) -> str:
    return family.replace(" ", "-")


def _summary(report: Report) -> Iterable[str]:
    """What matters first, a sentence a line."""
    if report.real is not None:
        yield f"real: {_counted(report.real)}"
    if report.simulated is not None:
        yield f"made up: {_counted(report.simulated)}"
    yield from report.notes
    if report.all.untold:
        yield f"not told by both sides: {', '.join(report.all.untold)}"
    for findings in filter(None, (report.all, report.unseen)):
        yield from _about(findings)
    if report.chance is not None:
        low, high = report.chance.aucs[0], report.chance.aucs[-1]
        mean = sum(report.chance.aucs) / len(report.chance.aucs)
        one, two = report.chance.homes
        yield (
            f"the same learner on real against real ({one} and {two} homes, "
            f"{len(report.chance.aucs)} splits): AUC {mean:.2f} ({low:.2f} to {high:.2f})"
        )
        inside = report.chance.inside
        yield (
            f"the same measures on real against real: {sum(inside) / len(inside):.0%} of the "
            f"medians of one half lie within the quartiles of the other ({inside[0]:.0%} to "
            f"{inside[-1]:.0%})"
        )


def _counted(account: Account) -> str:
    least, median, most = account.days
    return (
        f"{account.counted} of {account.homes} homes have days enough; {least} to {most} days "
        f"count (median {median}), {account.left_out} do not"
    )


def _about(findings: Findings) -> Iterable[str]:
    rows, outside = findings.rows, len(findings.outside())
    few, told = outside_by_chance(rows)
    yield (
        f"{findings.about}: {len(rows) - outside} of {len(rows)} made-up medians lie within the "
        f"real quartiles; {few} of {told} differ by p < 0.05, of which chance would give "
        f"{0.05 * told:.0f}"
    )
    if findings.verdict is not None:
        yield f"{findings.about}: {_verdict(findings.verdict)}"


def _verdict(verdict: Verdict) -> str:
    low, high = verdict.auc_interval
    real, made_up = verdict.homes
    return (
        f"made-up days are told from real ones with AUC {verdict.auc:.2f} ({low:.2f} to {high:.2f})"
        f", homes with {verdict.home_auc:.2f} ({real} real and {made_up} made-up homes, "
        f"{verdict.days} days each, {verdict.features} features, dealt {verdict.seeds} times)"
    )


def _cells(row: Row, report: Report) -> list[str]:
    low, middle, high = (_figure(value) for value in row.real.quartiles)
    apart = _figure(row.distance)
    if row.distance_interval is not None:
        apart += f" ({_figure(row.distance_interval[0])} to {_figure(row.distance_interval[1])})"
    return [
        row.name,
        row.unit,
        f"{middle} ({low} to {high})",
        _figure(row.simulated.median),
        _place(row),
        _unseen(row, report.unseen),
        apart,
        _figure(row.chance),
        f"{row.ks:.2f}",
        "" if row.p is None else f"{row.p:.3f}",
    ]


def _unseen(row: Row, unseen: Findings | None) -> str:
    found = [other for other in unseen.rows if other.name == row.name] if unseen else []
    return _place(found[0]) if found else ""


def _place(row: Row) -> str:
    return "in" if row.inside else "OUT"


def _figure(value: float | None) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return "-"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2  # noqa: PLR2004 (three figures are shown)
    return f"{value:.{digits}f}"


def _tables_of_tells(findings: Findings) -> Iterable[tuple[str, list[Tell]]]:
    if findings.tells:
        yield "What the learner goes by", findings.tells
        yield "What tells most by itself", findings.alone


def _tell_cells(tells: Iterable[Tell]) -> list[list[str]]:
    cells = [["feature of a day", "importance", "AUC alone", "real", "made up"]]
    for tell in tells:
        importance = "" if tell.importance != tell.importance else f"{tell.importance:.4f}"
        medians = [_figure(tell.real), _figure(tell.simulated)]
        cells.append([tell.feature, importance, f"{tell.alone:.2f}", *medians])
    return cells


def _reasons(rows: Iterable[Row]) -> Iterable[str]:
    """Each reason once, with the first measure that has it."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        reasons.setdefault(row.why, []).append(row.name)
    return [
        f"{names[0]}{' and more' if len(names) > 1 else ''}: {why}."
        for why, names in reasons.items()
    ]


def _aligned(table: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def _piped(table: list[list[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in table]
    return "\n".join([lines[0], "|" + " --- |" * len(table[0]), *lines[1:]])
