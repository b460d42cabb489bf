"""The evaluation in Markdown, for people, and in JSON, for programs."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from detectors.parameters import Parameters
from simulator.evaluation.measures import Figure, Sensitivity, Summary
from simulator.evaluation.subjects import SUBJECTS, Subject

HOURS = (1, 2, 4, 8, 12)
Results = Mapping[str, Mapping[str, Summary]]
"""By subject and contender."""


def as_json(results: Results, parameters: Mapping[str, Parameters], about: dict[str, Any]) -> Any:
    """All figures, and the parameters they were found with, by the home they were used on."""
    return {
        "about": about,
        "results": {
            subject: {name: asdict(summary) for name, summary in found.items()}
            for subject, found in results.items()
        },
        "parameters": {home: found.caution for home, found in sorted(parameters.items())},
    }


def as_markdown(results: Results) -> str:
    """A section for each subject that had homes."""
    sections = [_section(one, results[one.name]) for one in SUBJECTS if one.name in results]
    return "\n\n".join(sections) + "\n"


def _section(subject: Subject, found: Mapping[str, Summary]) -> str:
    first = next(iter(found.values()))
    severities = list(first.sensitivity)
    by_hours = subject.delays_in[1] == "hours"
    heads = [f"within {hours} h" for hours in HOURS] if by_hours else severities
    head = ["detector", "false alerts / person-month", "p90 home", "coverage", *heads]
    head.append(f"chance {'' if by_hours else '(moderate)'}".strip())
    rows = [_row(name, summary, subject, severities) for name, summary in found.items()]
    lines = [_line(head), _line(["---"] * len(head)), *(_line(row) for row in rows)]
    scale = (
        f"{first.homes} homes, {first.months:.0f} person-months judged, {first.episodes} episodes."
    )
    return "\n".join([f"### {subject.name}", "", f"{subject.about} {scale}", "", *lines])


def _row(name: str, summary: Summary, subject: Subject, severities: list[str]) -> list[str]:
    unit, word = subject.delays_in
    row = [name, _figure(summary.false_alerts), f"{summary.worst:.2f}", f"{summary.coverage:.2f}"]
    found = [summary.sensitivity[severity] for severity in severities]
    if word == "hours":
        row += [_within(found[0], hours * unit) for hours in HOURS]
    else:
        row += [f"{_figure(one.share)}{_delay(one, unit)}" for one in found]
    row.append(f"{found[len(found) // 2].chance:.2f}" if found else "")
    return row


def _within(one: Sensitivity, seconds: float) -> str:
    hits = sum(delay is not None and delay <= seconds for delay in one.delays)
    return f"{hits / max(len(one.delays), 1):.2f}"


def _delay(one: Sensitivity, unit: float) -> str:
    return "" if one.delay is None else f", {one.delay / unit:.1f} d"


def _figure(figure: Figure) -> str:
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
