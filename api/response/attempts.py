"""Attempts on the steps of a plan, as steps of an alert's life; and the check list beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from api.alerts.acting import Acting
from api.alerts.lifecycle import Action
from api.alerts.standing import Deed
from api.alerts.views import AlertSummary
from api.audit.note import ALERT, note
from api.clock import Clock
from api.identity.people import Member, User
from api.outbox.worker import place_of_message
from api.refusals import Conflict, Invalid, NotFound
from api.response.contacts import Contacts, people, shown
from api.response.cover import Cover
from api.response.plan import PlanStep, StepKind
from api.response.plans import Plans, built_in
from api.response.progress import BY_STAFF, Proposal, Result, Tried, due_at, propose
from api.response.sql import SQL
from api.response.views import AlertResponse, Attempt, Contact, Plan, StepLine
from api.store.database import Connection, Database
from api.store.reach import Reach

MAX_NOTE = 4000
TEXT_LIFETIME = timedelta(minutes=1)
"""For so long at least a text message is tried; a prompt that comes hours late asks of the past."""


class AttemptRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody tried.

    Attributes:
        version: The alert's version that was looked at.
        key: Chosen by who asks; the same again is the same attempt.
        step: Of the plan, from 1; left out of what was done beside the plan, which names its kind.
        kind: What was tried, where `step` is left out.
        contact: Whom, of several.
        result: What came of it; left out, the centre sends the step's text message.
        note: In one's own words.
    """

    version: int
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    step: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None
    kind: StepKind | None = None
    contact: Annotated[int, msgspec.Meta(ge=1, le=2**53)] | None = None
    result: Result | None = None
    note: str = ""


@dataclass(frozen=True)
class _Found:
    """What is known of an alert at one moment, in one transaction."""

    alert: Mapping[str, Any]
    plan: Plan
    in_force: Plan
    contacts: list[Contact]
    attempts: list[Mapping[str, Any]]
    sends: bool


class Attempts:
    """The plan beside an alert, and what was tried.

    Args:
        database: Where they are.
        clock: The centre's.
        acting: Makes each attempt a step of its alert.
        plans: Which plan holds.
        contacts: Who can be called.
        cover: Seals notes and messages.
        channels: Names of the channels that can carry a message to one person.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        acting: Acting,
        plans: Plans,
        contacts: Contacts,
        *,
        cover: Cover,
        channels: Sequence[str],
    ) -> None:
        self._database = database
        self._clock = clock
        self._acting = acting
        self._plans = plans
        self._contacts = contacts
        self._cover = cover
        self._channels = list(channels)

    async def of_alert(self, by: Member, alert: int) -> AlertResponse:
        """The check list of an alert; without numbers for who may not call.

        Raises:
            NotFound: There is no such alert within reach.
        """
        async with self._database.transaction(by.reach) as connection:
            found = await self._find(connection, alert)
            safe = bool(await connection.fetchrow(SQL.key_safe, found.alert["home"]))
            now = self._clock()
            await note(connection, now, "response.read", ALERT, alert)
        return self._shown(found, by, now, safe=safe)

    async def calling(self, reach: Reach) -> dict[int, bool]:
        """Open alerts whose plan asks for something now; true where a message failed."""
        async with self._database.transaction(reach) as connection:
            rows = await connection.fetch(SQL.calling)
        now = self._clock()
        return {
            row["alert"]: row["result"] == Result.FAILED
            for row in rows
            if row["result"] == Result.FAILED or (row["due_at"] and row["due_at"] <= now)
        }

    async def record(self, alert: int, by: Member, asked: AttemptRequest) -> AlertSummary:
        """Writes down an attempt, or has the centre send a text message; renews the claim.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such alert within reach.
            Conflict: They have not claimed it, somebody did something since `asked.version`, or the
                key was used for another attempt.
            Invalid: The plan has no such step, or there is no way to send.
        """
        _check(asked)
        made = _Making(self, by, alert, asked)
        deed = Deed(action=Action.ATTEMPT, by=by, version=asked.version)
        return await self._acting.act(alert, deed, within=made)

    async def _find(self, connection: Connection, alert: int) -> _Found:
        row = await connection.fetchrow(SQL.alert, alert)
        if row is None:
            raise NotFound(f"There is no alert {alert}.")
        attempts = await connection.fetch(SQL.attempts, alert)
        in_force = await self._plans.in_force(connection, row)
        sends = await connection.fetchval(SQL.sends, row["organisation"], self._channels)
        now = self._clock()
        return _Found(
            alert=row,
            plan=await self._begun(connection, attempts) or in_force,
            in_force=in_force,
            contacts=await self._contacts.read(connection, row["home"], now) if row["home"] else [],
            attempts=attempts,
            sends=bool(sends) and self._cover.sealing,
        )

    async def _begun(
        self, connection: Connection, attempts: Sequence[Mapping[str, Any]]
    ) -> Plan | None:
        """The plan that the first attempt went by: numbers of steps are that plan's."""
        for one in attempts:
            if one["plan"]:
                return await self._plans.one(connection, one["plan"])
            if one["built_in"]:
                return built_in(one["built_in"])
        return None

    def _shown(self, found: _Found, by: Member, now: datetime, *, safe: bool) -> AlertResponse:
        attempts = [self._attempt(row, found) for row in found.attempts]
        following = proposal(found.plan, attempts, found.contacts)
        waits = following.not_before if following else None
        lines = [
            StepLine(
                number=number,
                step=step,
                sends=sends(step, found.contacts, ready=found.sends),
                people=shown(people(step, found.contacts), by),
                results=[one.result for one in attempts if one.step == number],
            )
            for number, step in enumerate(found.plan.steps, start=1)
        ]
        return AlertResponse(
            alert=found.alert["id"], version=found.alert["version"], plan=found.plan,
            newer=_which(found.plan) != _which(found.in_force), steps=lines,
            attempts=attempts, next=following,
            due=following is not None and (waits is None or waits <= now), key_safe=safe,
        )  # fmt: skip

    def _attempt(self, row: Mapping[str, Any], found: _Found) -> Attempt:
        who = next((one.name for one in found.contacts if one.contact == row["contact"]), "")
        by = None
        if row["staff"] is not None:
            by = User(
                id=row["staff"], username=row["username"], name=row["display_name"],
                role=row["role"],
            )  # fmt: skip
        return Attempt(
            attempt=row["attempt"], version=row["version"], step=row["step"],
            kind=StepKind(row["kind"]), contact=row["contact"], who=who,
            result=Result(row["result"]), reason=row["reason"],
            note=self._cover.opened(row["note"], _place(row["alert"])), by=by, at=row["at"],
            due_at=row["due_at"],
        )  # fmt: skip

    async def _repeated(self, connection: Connection, alert: int, asked: AttemptRequest) -> bool:
        row = await connection.fetchrow(SQL.attempt_by_key, alert, asked.key)
        if row is None:
            return False
        kind = asked.kind or row["kind"]
        sent = asked.result is None  # whatever has become of it since
        if (asked.step, kind) != (row["step"], row["kind"]) or not (
            sent or asked.result == row["result"]
        ):
            raise Conflict("This key was used for another attempt on this alert.")
        return True

    async def _write(
        self, connection: Connection, by: Member, version: int, alert: int, asked: AttemptRequest
    ) -> str:
        found = await self._find(connection, alert)
        step = _step(found.plan, asked.step)
        kind = step.kind if step else asked.kind
        assert kind is not None  # noqa: S101 - else it was refused
        if asked.contact is not None and asked.contact not in {c.contact for c in found.contacts}:
            raise Invalid(f"This home has no contact {asked.contact}.")
        to = _recipient(step, kind, found) if asked.result is None else None
        now = self._clock()
        result = asked.result or Result.SENT
        text = asked.note.strip()
        number = await connection.fetchval(
            SQL.attempt_add, alert, found.alert["home"], version, asked.key, found.plan.plan,
            "" if found.plan.plan else found.plan.priority, asked.step, kind,
            to[0].contact if to else asked.contact, result,
            self._cover.words(text, _place(alert)) if text else None, by.id, now,
            due_at(step, result, now),
        )  # fmt: skip
        if to is not None and step is not None:
            await self._send(connection, number, to[1], step, now)
        return f"{kind} {result}"

    async def _send(
        self, connection: Connection, attempt: int, to: str, step: PlanStep, now: datetime
    ) -> None:
        told = msgspec.json.encode({"to": to, "text": step.say}).decode()
        hidden = self._cover.secret(told, place_of_message(attempt))
        until = now + max(timedelta(seconds=step.wait_s), TEXT_LIFETIME)
        if not await connection.fetchval(SQL.send, attempt, hidden, self._channels, now, until):
            raise _no_way()


class _Making:
    """What an attempt adds to the step of its alert, in the same transaction."""

    def __init__(self, room: Attempts, by: Member, alert: int, asked: AttemptRequest) -> None:
        self._room = room
        self._by = by
        self._alert = alert
        self._asked = asked

    async def ahead(self, connection: Connection) -> bool:
        """Whether it was made before."""
        return await self._room._repeated(connection, self._alert, self._asked)  # noqa: SLF001

    async def behind(self, connection: Connection, version: int) -> str:
        """Writes it down; in the audit log's words."""
        return await self._room._write(connection, self._by, version, self._alert, self._asked)  # noqa: SLF001


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


def sends(step: PlanStep, contacts: Sequence[Contact], *, ready: bool) -> bool:
    """Whether the centre itself can carry a step out."""
    return ready and step.kind is StepKind.PROMPT_TEXT and textable(contacts) is not None


def textable(contacts: Sequence[Contact]) -> tuple[Contact, str] | None:
    """The person, and the first of their numbers that a gateway takes: with its country's code."""
    for one in contacts:
        for number in one.numbers if one.person else ():
            if number.startswith("+"):
                return one, "+" + "".join(each for each in number if each.isdigit())
    return None


def _recipient(step: PlanStep | None, kind: StepKind, found: _Found) -> tuple[Contact, str]:
    """Who a text message goes to."""
    if step is None or kind is not StepKind.PROMPT_TEXT:
        raise Invalid("Say what came of it: the centre sends the text messages of a plan alone.")
    if not found.sends:
        raise _no_way()
    to = textable(found.contacts)
    if to is None:
        raise Invalid("The person has no number that begins with + to send it to.")
    return to


def _no_way() -> Invalid:
    return Invalid("Nothing here sends text messages. Ask the person another way, and say how.")


def _step(plan: Plan, number: int | None) -> PlanStep | None:
    if number is None:
        return None
    if number > len(plan.steps):
        raise Invalid(f"This alert's plan has {len(plan.steps)} steps.")
    return plan.steps[number - 1]


def _check(asked: AttemptRequest) -> None:
    if (asked.step is None) == (asked.kind is None):
        raise Invalid("Name a step of the plan, or what kind of thing was done beside it.")
    if asked.result is not None and asked.result not in BY_STAFF:
        raise Invalid(f"The result must be one of {', '.join(BY_STAFF)}.")
    if len(asked.note.strip()) > MAX_NOTE:
        raise Invalid(f"A note holds at most {MAX_NOTE} characters.")
    if "\0" in asked.note + asked.key:
        raise Invalid("A note cannot hold a NUL character.")


def _which(plan: Plan) -> tuple[int | None, str]:
    return plan.plan, plan.priority


def _place(alert: int) -> str:
    return f"attempt/{alert}"
