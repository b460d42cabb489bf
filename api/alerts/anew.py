"""What a hub says that is new, of an alert that staff have resolved. Pure.

Somebody who pressed for help, was helped, and presses again is calling again. A longer silence, or
the same in other words, is what staff knew when they resolved it.
"""

from collections.abc import Iterable

from contract import Alert, Evidence, Phase

COUNTED = frozenset({"presses"})
"""Measures that count what a person does: each one more asks for somebody anew."""
MOST = 1000
"""Characters of a hub's words that go into an alert's history; all of them stay in its report."""


def first_news(known: Alert | None, said: Iterable[Alert]) -> str:
    """What is new in any of the reports that came since, the oldest first; see :func:`news`.

    One by one, for a hub that was cut off tells at once of a call and of its end.
    """
    for report in said:
        if new := news(known, report):
            return new
        if report.phase == Phase.CLEARED:
            known = report
    return ""


def news(known: Alert | None, said: Alert) -> str:
    """What is new in an urgent report, in the hub's words; empty where it repeats what was known.

    New is a call that was pressed again, evidence of another kind (as where a second condition
    joins the first), that it became urgent, and that what had ended holds again.

    Args:
        known: The newest report that staff had seen; None where that is not known, and then
            whatever is said may be new.
        said: A newer one.
    """
    if said.phase == Phase.CLEARED:
        return ""
    if known is None or known.phase == Phase.CLEARED or known.severity != said.severity:
        return said.text
    before = {one.measure: one.value for one in known.evidence}
    return " ".join(_words(one) for one in said.evidence if _is_new(one, before))


def brief(words: str, most: int = MOST) -> str:
    """A hub's words for people, seen to be cut where they are."""
    return words if len(words) <= most else words[: most - 1] + "…"


def _is_new(one: Evidence, before: dict[str, float | None]) -> bool:
    # A hub that forgot counts presses from one again: also fewer of them is another press.
    risen = one.measure in COUNTED and one.value != before.get(one.measure)
    return risen or one.measure not in before


def _words(one: Evidence) -> str:
    if one.text or one.value is None:
        return one.text or f"{one.label}."
    return f"{one.label}: {one.value:g} {one.unit}."
