"""The life of an alert at the centre, as one table: state x action -> state.

Whether what the hub observed still holds is another matter (`cleared_at`): an alert that cleared by
itself still wants somebody to have looked, and a resolved one may well still be observed.
"""

from enum import StrEnum
from typing import NamedTuple

from contract import Outcome

__all__ = [
    "TABLE",
    "Action",
    "Actor",
    "AlertState",
    "Outcome",
    "Step",
    "possible",
    "step",
]


class AlertState(StrEnum):
    """Where an alert stands with staff."""

    RAISED = "raised"  # nobody has it
    CLAIMED = "claimed"  # one member of staff has it, until the lease runs out
    RESOLVED = "resolved"  # somebody said what it was


class Action(StrEnum):
    """What can be done to an alert."""

    CLAIM = "claim"  # take it, or, by its holder, renew the lease
    RELEASE = "release"  # give it back
    NOTE = "note"  # write something down
    RESOLVE = "resolve"  # say what it turned out to be
    LAPSE = "lapse"  # the lease ran out


class Actor(StrEnum):
    """Who acts, as seen from the alert."""

    HOLDER = "holder"  # who has claimed it
    OTHER = "other"  # any other member of staff
    CENTRE = "centre"  # the centre itself, by the clock


class Step(NamedTuple):
    """One entry of the table: where it leads, and for whom."""

    to: AlertState
    by: frozenset[Actor]


_STAFF = frozenset({Actor.HOLDER, Actor.OTHER})
_HOLDER = frozenset({Actor.HOLDER})
_CENTRE = frozenset({Actor.CENTRE})

TABLE: dict[tuple[AlertState, Action], Step] = {
    (AlertState.RAISED, Action.CLAIM): Step(AlertState.CLAIMED, _STAFF),
    (AlertState.RAISED, Action.NOTE): Step(AlertState.RAISED, _STAFF),
    (AlertState.CLAIMED, Action.CLAIM): Step(AlertState.CLAIMED, _HOLDER),
    (AlertState.CLAIMED, Action.RELEASE): Step(AlertState.RAISED, _HOLDER),
    (AlertState.CLAIMED, Action.NOTE): Step(AlertState.CLAIMED, _STAFF),
    (AlertState.CLAIMED, Action.RESOLVE): Step(AlertState.RESOLVED, _HOLDER),
    (AlertState.CLAIMED, Action.LAPSE): Step(AlertState.RAISED, _CENTRE),
    (AlertState.RESOLVED, Action.NOTE): Step(AlertState.RESOLVED, _STAFF),
}
"""Every step there is. What does not stand here cannot be done."""


def step(state: AlertState, action: Action, actor: Actor) -> AlertState | None:
    """Where `action` by `actor` leads from `state`, or None where it may not be done."""
    found = TABLE.get((state, action))
    return found.to if found and actor in found.by else None


def possible(state: AlertState, actor: Actor) -> list[Action]:
    """What `actor` may do in `state`, in the order of :class:`Action`."""
    return [action for action in Action if step(state, action, actor)]
