"""The evaluation in Markdown, for people, and in JSON, for programs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from detectors.parameters import Parameters
from simulator.evaluation.contest import Result
from simulator.evaluation.measures import Figure, HomeResult, Sensitivity, Summary, summarise
from simulator.evaluation.subjects import SUBJECTS, Subject

HOURS = (1, 2, 4, 8, 12)
Results = Mapping[str, Mapping[str, Summary]]
"""By subject and contender."""


def collect(results: Iterable[Result], seed: int) -> Results:
    """Adds up the homes of each contest, contender by contender."""
    found: defaultdict[str, defaultdict[str, list[HomeResult]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for result in results:
        for name, home in result.homes.items():
            found[result.subject][name].append(home)
    return {
        subject: {
            name: summarise(homes, np.random.default_rng(seed)) for name, homes in by_name.items()
        }
        for subject, by_name in found.items()
    }


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
    by_hours = subject.unit[1] == "hours"
    heads = [f"within {hours} h" for hours in HOURS] if by_hours else severities
    head = ["detector", "false alerts / person-month", "p90 home", "coverage", *heads]
    head.append(f"chance {'' if by_hours else '(moderate)'}".strip())
    rows = [_row(name, summary, subject, severities) for name, summary in found.items()]
    lines = [_line(head), _line(["---"] * len(head)), *(_line(row) for row in rows)]
    scale = f"{first.homes} homes, {first.months:.0f} person-months, {first.episodes} episodes."
    return "\n".join([f"### {subject.name}", "", f"{subject.about} {scale}", "", *lines])


def _row(name: str, summary: Summary, subject: Subject, severities: list[str]) -> list[str]:
    unit, word = subject.unit
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


def as_python(parameters: Parameters) -> str:
    """The parameters as the module that detectors read."""
    caution = "".join(f'        "{k}": {v},\n' for k, v in parameters.caution.items())
    usual = "".join(
        f'        "{k}": Usual({v.level}, {v.dispersion}),\n' for k, v in parameters.usual.items()
    )
    return (
        '"""The parameters in use, made by `telecare-simulator evaluate --learn`."""\n\n'
        "from detectors.parameters import Parameters, Usual\n\n"
        f"LEARNED = Parameters(\n    caution={{\n{caution}    }},\n"
        f"    usual={{\n{usual}    }},\n)\n"
    )
