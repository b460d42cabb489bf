"""The life of an alert at the centre, as one table after ISA-18.2: state x action -> state.

Whether what the hub observed still holds is another matter (`cleared_at`): an alert that cleared by
itself still wants somebody to have looked, and a resolved one may well still be observed. But where
somebody calls again, what was resolved is raised anew.
"""

from enum import StrEnum
from typing import NamedTuple

from contract import Outcome

__all__ = [
    "OVER",
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
    ESCALATED = "escalated"  # nobody has it, and a supervisor or the next level was called
    CLAIMED = "claimed"  # one member of staff has it, until the lease runs out
    SUSPENDED = "suspended"  # its holder waits for something, until a time
    SHELVED = "shelved"  # a nuisance, set aside until a time
    RESOLVED = "resolved"  # somebody said what it was
    WITHDRAWN = "withdrawn"  # the centre took it back: there is nothing left to look at


class Action(StrEnum):
    """What can be done to an alert."""

    CLAIM = "claim"  # take it, or, by its holder, look at it and renew the lease
    NOTE = "note"  # write something down
    ATTEMPT = "attempt"  # try a step of the plan; by the centre, a message to the person failed
    SUSPEND = "suspend"  # wait for something until a time
    RESUME = "resume"  # go on before that time
    OFFER = "offer"  # hand it over to a colleague, once that one accepts
    ACCEPT = "accept"  # take what was offered
    DECLINE = "decline"  # not take it; by its holder, offer it no longer
    TAKEOVER = "takeover"  # take it from its holder, with a reason
    RELEASE = "release"  # give it back
    ESCALATE = "escalate"  # call a supervisor, or the next level
    SHELVE = "shelve"  # set a nuisance aside, with a reason and until a time
    UNSHELVE = "unshelve"  # take it down before that time
    RESOLVE = "resolve"  # say what it turned out to be
    CORRECT = "correct"  # say that it turned out to be something else
    ASSIGN = "assign"  # give it to who has the home's other alerts
    LAPSE = "lapse"  # the lease ran out
    RETURN = "return"  # the time set has come, or the hub says something new
    WITHDRAW = "withdraw"  # the home's last hub was let go


class Actor(StrEnum):
    """Who acts, as seen from the alert."""

    HOLDER = "holder"  # who has it
    NAMED = "named"  # the colleague to whom it was offered
    OTHER = "other"  # any other member of staff
    CENTRE = "centre"  # the centre itself, by the clock or for another alert's sake


class Step(NamedTuple):
    """One entry of the table: where it leads, for whom, and on what condition."""

    to: AlertState
    by: frozenset[Actor]
    only: str = ""


OVER = frozenset({AlertState.RESOLVED, AlertState.WITHDRAWN})
"""States in which there is nothing for anybody to do."""

_STAFF = frozenset({Actor.HOLDER, Actor.NAMED, Actor.OTHER})
_HOLDER = frozenset({Actor.HOLDER})
_NAMED = frozenset({Actor.NAMED})
_NOT_HOLDER = frozenset({Actor.NAMED, Actor.OTHER})
_CENTRE = frozenset({Actor.CENTRE})

_S, _A = AlertState, Action
_FAILED = "where a message to the person failed"
_TRIED = "a step of the plan; by the centre " + _FAILED
_LET_GO = "by the centre where its holder was let go"
_LOOK_FIRST = "not while it, or a new report of its hub, is unseen"

TABLE: dict[tuple[AlertState, Action], Step] = {
    (_S.RAISED, _A.CLAIM): Step(_S.CLAIMED, _STAFF, "not where a colleague has the home's others"),
    (_S.RAISED, _A.NOTE): Step(_S.RAISED, _STAFF),
    (_S.RAISED, _A.ATTEMPT): Step(_S.RAISED, _CENTRE, _FAILED),
    (_S.RAISED, _A.ESCALATE): Step(
        _S.ESCALATED, _STAFF | _CENTRE, "by the centre once its duty is broken"
    ),
    (_S.RAISED, _A.SHELVE): Step(_S.SHELVED, _CENTRE, "while its like is shelved in this home"),
    (_S.RAISED, _A.ASSIGN): Step(_S.CLAIMED, _CENTRE),
    (_S.RAISED, _A.WITHDRAW): Step(_S.WITHDRAWN, _CENTRE),
    (_S.ESCALATED, _A.CLAIM): Step(_S.CLAIMED, _STAFF),
    (_S.ESCALATED, _A.NOTE): Step(_S.ESCALATED, _STAFF),
    (_S.ESCALATED, _A.ATTEMPT): Step(_S.ESCALATED, _CENTRE, _FAILED),
    (_S.ESCALATED, _A.ESCALATE): Step(_S.ESCALATED, _STAFF | _CENTRE, "to the next level"),
    (_S.ESCALATED, _A.ASSIGN): Step(_S.CLAIMED, _CENTRE),
    (_S.ESCALATED, _A.WITHDRAW): Step(_S.WITHDRAWN, _CENTRE),
    (_S.CLAIMED, _A.CLAIM): Step(_S.CLAIMED, _HOLDER, "looks at it and renews the lease"),
    (_S.CLAIMED, _A.NOTE): Step(_S.CLAIMED, _STAFF, "by its holder it renews the lease"),
    (_S.CLAIMED, _A.ATTEMPT): Step(_S.CLAIMED, _HOLDER | _CENTRE, _TRIED),
    (_S.CLAIMED, _A.SUSPEND): Step(_S.SUSPENDED, _HOLDER, "until a time, " + _LOOK_FIRST),
    (_S.CLAIMED, _A.OFFER): Step(_S.CLAIMED, _HOLDER, "to a colleague by name"),
    (_S.CLAIMED, _A.ACCEPT): Step(_S.CLAIMED, _NAMED),
    (_S.CLAIMED, _A.DECLINE): Step(
        _S.CLAIMED, _HOLDER | _NAMED | _CENTRE, "by the centre where the colleague was let go"
    ),
    (_S.CLAIMED, _A.TAKEOVER): Step(_S.CLAIMED, _NOT_HOLDER, "with a reason"),
    (_S.CLAIMED, _A.RELEASE): Step(
        _S.RAISED, _HOLDER | _CENTRE, "with the home's others; " + _LET_GO
    ),
    (_S.CLAIMED, _A.ESCALATE): Step(
        _S.ESCALATED, _HOLDER | _CENTRE, "by the centre where it stayed unseen beyond its duty"
    ),
    (_S.CLAIMED, _A.SHELVE): Step(
        _S.SHELVED, _HOLDER, "with a reason, never if urgent, over a day by a supervisor"
    ),
    (_S.CLAIMED, _A.RESOLVE): Step(_S.RESOLVED, _HOLDER, _LOOK_FIRST),
    (_S.CLAIMED, _A.ASSIGN): Step(_S.CLAIMED, _CENTRE, "with another alert of the home"),
    (_S.CLAIMED, _A.LAPSE): Step(_S.RAISED, _CENTRE),
    (_S.CLAIMED, _A.WITHDRAW): Step(_S.WITHDRAWN, _CENTRE),
    (_S.SUSPENDED, _A.NOTE): Step(_S.SUSPENDED, _STAFF),
    (_S.SUSPENDED, _A.ATTEMPT): Step(_S.SUSPENDED, _HOLDER | _CENTRE, _TRIED),
    (_S.SUSPENDED, _A.RESUME): Step(_S.CLAIMED, _HOLDER),
    (_S.SUSPENDED, _A.TAKEOVER): Step(_S.CLAIMED, _NOT_HOLDER, "with a reason"),
    (_S.SUSPENDED, _A.RELEASE): Step(
        _S.RAISED, _HOLDER | _CENTRE, "with the home's others; " + _LET_GO
    ),
    (_S.SUSPENDED, _A.ASSIGN): Step(_S.SUSPENDED, _CENTRE, "with another alert of the home"),
    (_S.SUSPENDED, _A.RETURN): Step(
        _S.CLAIMED, _CENTRE, "to its holder, at its time or with a new report"
    ),
    (_S.SUSPENDED, _A.WITHDRAW): Step(_S.WITHDRAWN, _CENTRE),
    (_S.SHELVED, _A.NOTE): Step(_S.SHELVED, _STAFF),
    (_S.SHELVED, _A.ATTEMPT): Step(_S.SHELVED, _CENTRE, _FAILED),
    (_S.SHELVED, _A.UNSHELVE): Step(_S.RAISED, _STAFF),
    (_S.SHELVED, _A.RETURN): Step(_S.RAISED, _CENTRE, "at its time, or once it is urgent"),
    (_S.SHELVED, _A.WITHDRAW): Step(_S.WITHDRAWN, _CENTRE),
    (_S.RESOLVED, _A.NOTE): Step(_S.RESOLVED, _STAFF),
    (_S.RESOLVED, _A.ATTEMPT): Step(_S.RESOLVED, _CENTRE, _FAILED),
    (_S.RESOLVED, _A.CORRECT): Step(_S.RESOLVED, _STAFF, "to another outcome, with a reason"),
    (_S.RESOLVED, _A.RETURN): Step(
        _S.RAISED, _CENTRE, "where it is urgent, holds, and its hub says something new"
    ),
    (_S.WITHDRAWN, _A.NOTE): Step(_S.WITHDRAWN, _STAFF),
    (_S.WITHDRAWN, _A.ATTEMPT): Step(_S.WITHDRAWN, _CENTRE, _FAILED),
}
"""Every step there is. What does not stand here cannot be done."""


def step(state: AlertState, action: Action, actor: Actor) -> AlertState | None:
    """Where `action` by `actor` leads from `state`, or None where it may not be done."""
    found = TABLE.get((state, action))
    return found.to if found and actor in found.by else None


def possible(state: AlertState, actor: Actor) -> list[Action]:
    """What `actor` may do in `state`, in the order of :class:`Action`."""
    return [action for action in Action if step(state, action, actor)]
