"""Whether an answer is well formed and says what was observed, never what someone has."""

import re
from math import isfinite

from contract import Assessment, Evidence, State, decode, encode

DIAGNOSES = re.compile(
    r"\b(detected|diagnos\w*|suffer\w*|confirmed|has (a|an) (uti|infection)|is dehydrated"
    r"|is ill|has fallen|infection found|dementia|infected)\b",
    re.IGNORECASE,
)
MOST_DAYS = 31


def problems(answer: Assessment, home: str, condition: str) -> list[str]:
    """What is wrong with an answer, one sentence each; empty if all is well."""
    found = [
        (answer.home == home, f"it speaks of home {answer.home!r}, not of {home!r}"),
        (answer.condition == condition, f"it answers for {answer.condition!r}"),
        (answer.state in set(State), f"{answer.state!r} is no state"),
        (isfinite(answer.score) and 0 <= answer.score <= 1, f"its score is {answer.score}"),
        (bool(answer.text), "it says nothing in words"),
        (decode(encode(answer), Assessment) == answer, "it does not survive its JSON form"),
    ]
    if answer.state == State.RAISED:
        found += _raised(answer)
    if answer.state in {State.BLIND, State.LEARNING}:
        found.append((bool(answer.reason), f"{answer.state} without a reason"))
        found.append((answer.score == 0, f"{answer.state} with a score"))
    found += [
        (not (bad := DIAGNOSES.search(text)), f"it says {bad and bad[0]!r}: {text}")
        for text in _texts(answer)
    ]
    return [sentence for good, sentence in found if not good]


def _raised(answer: Assessment) -> list[tuple[bool, str]]:
    figures = [item for item in answer.evidence if item.value is not None]
    return [
        (bool(figures), "raised without a figure"),
        (any(item.usual is not None for item in figures), "raised without what is usual"),
        (all(item.text for item in answer.evidence), "raised with evidence that has no sentence"),
        (bool(answer.prompt), "raised without a prompt"),
        (answer.text.endswith("."), "its text is no sentence"),
        (all(_days_in_order(item) for item in answer.evidence), "days out of order, or too many"),
    ]


def _days_in_order(item: Evidence) -> bool:
    days = [day.day for day in item.days]
    return days == sorted(set(days)) and len(days) <= MOST_DAYS


def _texts(answer: Assessment) -> list[str]:
    evidence = [text for item in answer.evidence for text in (item.label, item.text)]
    return [answer.text, answer.prompt, answer.reason, *answer.excluded, *evidence]
