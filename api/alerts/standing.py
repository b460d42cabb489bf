"""Where one alert stands with staff, and what each step makes of it. Pure.

The whole of it is read under the row's lock and written back at once: no step can lose another's.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields, replace
from datetime import datetime
from typing import Any

from api.alerts.lifecycle import Action, Actor, AlertState, Outcome
from api.identity.people import Member
from api.store.cover import kept_in

HIGHEST = 2
"""The highest level that can be called: 1 a supervisor, 2 who is on call above."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The columns of `alert` that staff and the clock change, in the order that `put` takes."""

    state: AlertState
    holder: int | None = None
    claimed_at: datetime | None = None
    lease_until: datetime | None = None
    lapsed_holder: int | None = None
    lapsed_at: datetime | None = None
    offered_to: int | None = None
    unseen_since: datetime | None = None
    waiting_since: datetime | None = None
    returns_at: datetime | None = None
    words: bytes | None = None
    shelved_by: int | None = None
    seen_version: int | None = None
    level: int = 0
    escalated_at: datetime | None = None
    resolved_by: int | None = None
    resolved_at: datetime | None = None
    outcome: Outcome | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Standing":
        """As a row has it."""
        found = {field.name: row[field.name] for field in fields(cls)}
        outcome = Outcome(found["outcome"]) if found["outcome"] else None
        state, words = AlertState(found["state"]), kept_in(row["reason"], row["words"])
        return cls(**{**found, "state": state, "words": words, "outcome": outcome})

    @property
    def columns(self) -> tuple[Any, ...]:
        """What is written back."""
        return astuple(self)


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What somebody does to an alert.

    Attributes:
        by: None where the centre does it.
        note: A note, or the reason.
        words: The same as it is kept, covered; whoever makes the step fills it in.
        seen: The `report_version` that was looked at.
        version: The alert's version that was looked at.
        until: When it comes back, of `suspend` and `shelve`.
        to: Who gets it, of `offer` and `assign`.
        level: Who is called, of `escalate`; the next level if left out.
    """

    action: Action
    by: Member | None
    outcome: Outcome | None = None
    note: str = ""
    words: bytes | None = None
    seen: int | None = None
    version: int | None = None
    until: datetime | None = None
    to: int | None = None
    level: int | None = None


def moved(  # noqa: PLR0911 - one way for each kind of step
    was: Standing, to: AlertState, deed: Deed, actor: Actor, *, now: datetime, until: datetime
) -> Standing:
    """What an alert is after a step of the table.

    Args:
        was: How it stood.
        to: Where the step leads.
        deed: What is done.
        actor: By whom, as seen from the alert.
        now: When.
        until: How long a lease holds that begins or is renewed now.
    """
    action, by = deed.action, deed.by.id if deed.by else None
    if action in {Action.NOTE, Action.ATTEMPT} or (
        action is Action.CLAIM and actor is Actor.HOLDER
    ):
        return _worked_on(was, deed, actor, until)
    if action in {Action.OFFER, Action.DECLINE}:
        kept = until if actor is Actor.HOLDER else was.lease_until
        return replace(was, offered_to=deed.to, lease_until=kept)
    if action is Action.ASSIGN:
        return _given(was, to, deed, now)
    if to is AlertState.CLAIMED:
        holder = was.holder if action in {Action.RESUME, Action.RETURN} else by
        since = was.claimed_at if holder == was.holder else now
        return Standing(state=to, holder=holder, claimed_at=since, lease_until=until)
    if to is AlertState.SUSPENDED:
        return replace(
            was, state=to, lease_until=None, offered_to=None, returns_at=deed.until,
            words=deed.words, seen_version=deed.seen,
        )  # fmt: skip
    if to is AlertState.SHELVED:
        return Standing(state=to, returns_at=deed.until, words=deed.words, shelved_by=by or deed.to)
    if to is AlertState.ESCALATED:
        level = deed.level or min(was.level + 1, HIGHEST)
        since = was.waiting_since if was.holder is None else now
        return Standing(
            state=to, level=level, escalated_at=now, words=deed.words, waiting_since=since
        )
    if to is AlertState.RESOLVED:
        ended = was if action is Action.CORRECT else Standing(
            state=to, claimed_at=was.claimed_at, resolved_by=by, resolved_at=now
        )  # fmt: skip
        return replace(ended, outcome=deed.outcome)
    if action is Action.LAPSE:
        return Standing(
            state=to, claimed_at=was.claimed_at, waiting_since=now,
            lapsed_holder=was.holder, lapsed_at=was.lease_until,
        )  # fmt: skip
    return Standing(state=to, waiting_since=now)  # given back, come back, or withdrawn


def _worked_on(was: Standing, deed: Deed, actor: Actor, until: datetime) -> Standing:
    """A note, or its holder looking: who has it keeps it for longer."""
    if actor is not Actor.HOLDER or was.state is not AlertState.CLAIMED:
        return was
    unseen = None if deed.action is Action.CLAIM else was.unseen_since
    return replace(was, lease_until=until, unseen_since=unseen)


def _given(was: Standing, to: AlertState, deed: Deed, now: datetime) -> Standing:
    if to is AlertState.SUSPENDED:  # goes on waiting, for its new holder
        return replace(was, holder=deed.to, claimed_at=now)
    return Standing(
        state=to, holder=deed.to, claimed_at=now, lease_until=deed.until, unseen_since=now
    )
