"""What an organisation was promised, as a form that is filled in and read."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from api.alerts.duties import Duty
from api.refusals import Invalid

ROWS: Final = (("urgent", 1), ("urgent", 2), ("advisory", 1), ("technical", 1))
"""Priorities with who is called once a promise is broken: 1 a supervisor, 2 who is on call."""
KINDS: Final = ("", "seconds", "same_day", "next_working_day")
_UNITS: Final[dict[str, int]] = {"s": 1, "min": 60, "h": 3600}


def form_of(duties: Sequence[Duty]) -> dict[str, str]:
    """The fields of the form, by name; those of a promise that was not made are empty."""
    typed: dict[str, str] = {}
    made: dict[tuple[str, int], Duty] = {(one.priority, one.level): one for one in duties}
    for priority, level in ROWS:
        row, one = f"{priority}_{level}", made.get((priority, level))
        if one is None:
            continue
        typed[f"kind_{row}"] = one.kind
        typed[f"share_{row}"] = f"{one.share * 100:g}"
        typed[f"escalates_{row}"] = "1" if one.escalates else ""
        if one.within_s is not None:
            unit = next(
                unit
                for unit, long in reversed(_UNITS.items())
                if one.within_s % long == 0 or long == 1
            )
            typed[f"within_{row}"] = f"{one.within_s / _UNITS[unit]:g}"
            typed[f"unit_{row}"] = unit
    return typed


def duties_of(typed: Mapping[str, str]) -> list[Duty]:
    """What a form promises.

    Raises:
        Invalid: A field has no number, or one that no promise can have; or nothing is promised.
    """
    found = []
    for priority, level in ROWS:
        row = f"{priority}_{level}"
        kind = typed.get(f"kind_{row}", "")
        if not kind:
            continue
        said: dict[str, object] = {
            "priority": priority,
            "level": level,
            "kind": kind,
            "share": _number(typed.get(f"share_{row}", "")) / 100,
            "escalates": kind == "seconds" and bool(typed.get(f"escalates_{row}", "")),
        }
        if kind == "seconds":
            unit = _UNITS.get(typed.get(f"unit_{row}", "s"), 1)
            said["within_s"] = _number(typed.get(f"within_{row}", "")) * unit
        try:
            found.append(msgspec.convert(said, Duty))
        except msgspec.ValidationError as error:
            raise Invalid(
                "A promise needs a time above 0 and of at most 7 days, and a share above 0 and of "
                "at most 100 per cent."
            ) from error
    if not found:
        raise Invalid("Promise something, or go back to the centre's usual promises.")
    return found


def _number(typed: str) -> float:
    try:
        return float(typed.replace(",", "."))
    except ValueError as error:
        raise Invalid(f"{typed or 'An empty field'} is not a number.") from error
