"""Leaves out figures that few homes or people stand behind: such a number points at somebody."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from api.reports.views import CallFigures, ConditionFigures, OutcomeFigures, RoleLoad

FEWEST_HOMES = 5
"""Homes that a figure about people needs behind it."""
FEWEST_STAFF = 3
"""People of one role that a figure about their work needs behind it."""

T = TypeVar("T")


def conditions(rows: Sequence[ConditionFigures]) -> list[ConditionFigures]:
    """Those of too few homes without their numbers."""
    few = too_few(rows, lambda one: one.homes or 0, FEWEST_HOMES)
    nothing = dict.fromkeys(
        ("alerts", "homes", "confirmed", "not_confirmed", "unknown", "open", "taken_back",
         "further", "predictive_value", "false_per_month"),
    )  # fmt: skip
    return [
        msgspec.structs.replace(one, **nothing, withheld=True) if hidden else one
        for one, hidden in zip(rows, few, strict=True)
    ]


def outcomes(rows: Sequence[OutcomeFigures]) -> list[OutcomeFigures]:
    """Those of too few homes without their numbers, within each priority."""
    few = [False] * len(rows)
    for priority in {one.priority for one in rows}:
        at = [index for index, one in enumerate(rows) if one.priority == priority]
        found = too_few([rows[index] for index in at], lambda one: one.homes or 0, FEWEST_HOMES)
        for index, hidden in zip(at, found, strict=True):
            few[index] = hidden
    return [
        msgspec.structs.replace(one, alerts=None, homes=None, withheld=True) if hidden else one
        for one, hidden in zip(rows, few, strict=True)
    ]


def calls(rows: Sequence[CallFigures]) -> list[CallFigures]:
    """Those of too few homes without their numbers."""
    few = too_few(rows, lambda one: one.homes or 0, FEWEST_HOMES)
    return [
        msgspec.structs.replace(one, calls=None, homes=None, withheld=True) if hidden else one
        for one, hidden in zip(rows, few, strict=True)
    ]


def roles(rows: Sequence[RoleLoad]) -> list[RoleLoad]:
    """Those of too few people without their numbers. Never shown, to whomever."""
    few = too_few(rows, lambda one: one.people or 0, FEWEST_STAFF)
    return [
        msgspec.structs.replace(one, people=None, steps=None, resolved=None) if hidden else one
        for one, hidden in zip(rows, few, strict=True)
    ]


def too_few(rows: Sequence[T], behind: Callable[[T], int], fewest: int) -> list[bool]:
    """Which rows are to be withheld.

    Where one alone would be, its number could be had from the total. So the next smallest goes
    with it.
    """
    hidden = [behind(one) < fewest for one in rows]
    shown = [index for index, one in enumerate(hidden) if not one]
    if sum(hidden) == 1 and shown:
        hidden[min(shown, key=lambda index: behind(rows[index]))] = True
    return hidden
