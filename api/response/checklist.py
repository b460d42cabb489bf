"""The plan beside an alert as a check list: whom to call, what was tried, what is next."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.clock import Clock
from api.identity.people import Member, User
from api.refusals import NotFound
from api.response.contacts import Contacts, gone, people, shown
from api.response.plan import ASKS, PlanStep, StepKind
from api.response.plans import Plans, built_in
from api.response.progress import Proposal, Result, Tried, propose
from api.response.sql import SQL
from api.response.views import AlertResponse, Attempt, Contact, Plan, StepLine
from api.store.cover import Cover
from api.store.database import Connection

_ABROAD = re.compile(r"\+[0-9][0-9 ()-]+[0-9]")


@dataclass(frozen=True)
class Found:
    """What is known of an alert at one moment, in one transaction."""

    alert: Mapping[str, Any]
    plan: Plan
    in_force: Plan
    contacts: list[Contact]
    attempts: list[Mapping[str, Any]]
    sends: bool
    takers: frozenset[str]


class CheckList:
    """Puts the check list of an alert together.

    Args:
        clock: Decides who is available and what is due.
        plans: Which plan holds.
        contacts: Who can be called.
        cover: Opens notes.
        channels: Names of the channels that can carry a message to one person.
    """

    def __init__(
        self,
        clock: Clock,
        plans: Plans,
        contacts: Contacts,
        *,
        cover: Cover,
        channels: Sequence[str],
    ) -> None:
        self._clock = clock
        self._plans = plans
        self._contacts = contacts
        self._cover = cover
        self._channels = list(channels)

    async def find(self, connection: Connection, alert: int) -> Found:
        """What is known of an alert, in a transaction within reach.

        Raises:
            NotFound: There is no such alert within reach.
        """
        row = await connection.fetchrow(SQL.alert, alert)
        if row is None:
            raise NotFound(f"There is no alert {alert}.")
        attempts = await connection.fetch(SQL.attempts, alert)
        in_force = await self._plans.in_force(connection, row)
        sends = await connection.fetchval(SQL.sends, row["organisation"], self._channels)
        now = self._clock()
        return Found(
            alert=row,
            plan=await self._begun(connection, attempts) or in_force,
            in_force=in_force,
            contacts=await self._contacts.read(connection, row["home"], now) if row["home"] else [],
            attempts=attempts,
            sends=bool(sends) and self._cover.sealing,
            takers=await self._takers(connection, row["organisation"]),
        )

    async def _takers(self, connection: Connection, organisation: int) -> frozenset[str]:
        if not self._cover.sealing:
            return frozenset()
        rows = await connection.fetch(SQL.takers, organisation)
        return frozenset(row["name"] for row in rows)

    def shown(self, found: Found, by: Member, now: datetime, *, safe: bool) -> AlertResponse:
        """The check list as somebody may see it."""
        attempts = [self._attempt(row, found) for row in found.attempts]
        pairs = zip(attempts, found.attempts, strict=True)
        counted = [one for one, row in pairs if row["counts"]]
        following = proposal(found.plan, counted, found.contacts)
        waits = following.not_before if following else None
        lines = [
            StepLine(
                number=number,
                step=step,
                sends=sends(step, found),
                people=shown(people(step, found.contacts), by),
                results=[one.result for one in counted if one.step == number],
                gone=gone(step, found.contacts),
            )
            for number, step in enumerate(found.plan.steps, start=1)
        ]
        return AlertResponse(
            alert=found.alert["id"], version=found.alert["version"], plan=found.plan,
            newer=_which(found.plan) != _which(found.in_force), steps=lines,
            attempts=attempts, next=following,
            due=following is not None and (waits is None or waits <= now), key_safe=safe,
        )  # fmt: skip

    async def _begun(
        self, connection: Connection, attempts: Sequence[Mapping[str, Any]]
    ) -> Plan | None:
        """The plan that the first attempt went by: numbers of steps are that plan's."""
        for one in attempts:
            if not one["counts"]:
                continue
            if one["plan"]:
                return await self._plans.one(connection, one["plan"])
            if one["built_in"]:
                return built_in(one["built_in"])
        return None

    def _attempt(self, row: Mapping[str, Any], found: Found) -> Attempt:
        by = None
        if row["staff"] is not None:
            by = User(
                id=row["staff"], username=row["username"], name=row["display_name"],
                role=row["role"],
            )  # fmt: skip
        return Attempt(
            attempt=row["attempt"], version=row["version"], step=row["step"],
            kind=StepKind(row["kind"]), contact=row["contact"],
            who=self._contacts.name(row["called"], found.alert["home"]),
            result=Result(row["result"]), reason=row["reason"],
            note=self._cover.opened(row["note"], place_of_note(row["alert"])), by=by, at=row["at"],
            due_at=row["due_at"],
        )  # fmt: skip


def proposal(
    plan: Plan, attempts: Sequence[Attempt], contacts: Sequence[Contact]
) -> Proposal | None:
    """What is next by a plan."""
    tried = [
        Tried(step=one.step, contact=one.contact, result=one.result, due_at=one.due_at)
        for one in attempts
    ]

    def candidates(step: PlanStep) -> list[int]:
        return [one.contact for one in people(step, contacts) if one.available or one.person]

    return propose(plan.steps, tried, candidates)


def sends(step: PlanStep, found: Found) -> bool:
    """Whether the centre itself can carry a step out."""
    if step.kind in ASKS:
        return step.name in found.takers
    return (
        found.sends and step.kind is StepKind.PROMPT_TEXT and textable(found.contacts) is not None
    )


def textable(contacts: Sequence[Contact]) -> tuple[Contact, str] | None:
    """The person, and the first of their numbers that a gateway takes: with its country's code.

    Their numbers are those on record with the residents; those of their entry among the contacts
    where none is.
    """
    for one in contacts:
        for number in one.numbers if one.person else ():
            if _ABROAD.fullmatch(number):
                return one, "+" + "".join(each for each in number if each.isdigit())
    return None


def place_of_note(alert: int) -> str:
    """What the notes of an alert's attempts are sealed to."""
    return f"attempt/{alert}"


def _which(plan: Plan) -> tuple[int | None, str]:
    return plan.plan, plan.priority
