"""Attempts on the steps of a plan, as steps of an alert's life; and the check list beside it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

import msgspec

from api.alerts.acting import Acting, Within
from api.alerts.lifecycle import Action
from api.alerts.standing import Deed
from api.alerts.views import AlertSummary
from api.audit.note import ALERT, note
from api.clock import Clock
from api.identity.people import Member
from api.outbox.worker import place_of_message
from api.refusals import Conflict, Invalid
from api.response.checklist import CheckList, Found, place_of_note, textable
from api.response.plan import ASKS, PlanStep, StepKind
from api.response.progress import BY_STAFF, Result, due_at
from api.response.sql import SQL
from api.response.views import AlertResponse, Plan
from api.store.columns import Version
from api.store.cover import Cover
from api.store.database import Connection, Database
from api.store.reach import Reach

MAX_NOTE = 4000
MESSAGE_LIFETIME = timedelta(minutes=1)
"""For so long at least a message is tried; a prompt that comes hours late asks of the past."""


_OF_MESSAGES = frozenset({Result.SENT, Result.DELIVERED, Result.FAILED})


class AttemptRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody tried.

    Attributes:
        version: The alert's version that was looked at.
        key: Chosen by who asks; the same again is the same attempt.
        step: Of the plan, from 1; left out of what was done beside the plan, which names its kind.
        kind: What was tried, where `step` is left out.
        contact: Whom, of several; 0 is the person where no contact is theirs.
        result: What came of it; left out, the centre sends the step's message.
        note: In one's own words.
    """

    version: Version
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    step: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None
    kind: StepKind | None = None
    contact: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None
    result: Result | None = None
    note: str = ""


class Attempts:
    """The plan beside an alert, and what was tried.

    Args:
        database: Where they are.
        clock: The centre's.
        acting: Makes each attempt a step of its alert.
        checklist: What is known of an alert's plan.
        cover: Seals notes and messages.
        channels: Names of the channels that can carry a message to one person.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        acting: Acting,
        checklist: CheckList,
        *,
        cover: Cover,
        channels: Sequence[str],
    ) -> None:
        self._database = database
        self._clock = clock
        self._acting = acting
        self._checklist = checklist
        self._cover = cover
        self._channels = list(channels)

    async def of_alert(self, by: Member, alert: int) -> AlertResponse:
        """The check list of an alert; without numbers for who may not call.

        Raises:
            NotFound: There is no such alert within reach.
        """
        async with self._database.transaction(by.reach) as connection:
            found = await self._checklist.find(connection, alert)
            safe = bool(await connection.fetchrow(SQL.key_safe, found.alert["home"]))
            now = self._clock()
            await note(connection, now, "response.read", ALERT, alert)
        return self._checklist.shown(found, by, now, safe=safe)

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
        """Writes down an attempt, or has the centre send a message; renews the claim.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such alert within reach.
            Conflict: They have not claimed it, somebody did something since `asked.version`, or the
                key was used for another attempt.
            Invalid: The plan has no such step, or there is no way to send.
        """
        _check(asked)
        made = Within(
            ahead=partial(self._repeated, alert, asked),
            behind=partial(self._write, by, alert, asked),
        )
        deed = Deed(action=Action.ATTEMPT, by=by, version=asked.version)
        return await self._acting.act(alert, deed, within=made)

    async def _repeated(self, alert: int, asked: AttemptRequest, connection: Connection) -> bool:
        row = await connection.fetchrow(SQL.attempt_by_key, alert, asked.key)
        if row is None:
            return False
        kind = asked.kind or row["kind"]
        sent = asked.result is None  # whatever has become of it since
        if (asked.step, kind) != (row["step"], row["kind"]) or not (
            (sent and row["result"] in _OF_MESSAGES) or asked.result == row["result"]
        ):
            raise Conflict("This key was used for another attempt on this alert.")
        return True

    async def _write(
        self, by: Member, alert: int, asked: AttemptRequest, connection: Connection, version: int
    ) -> str:
        await connection.execute(SQL.stay, alert)
        found = await self._checklist.find(connection, alert)
        step = _step(found.plan, asked.step)
        kind = step.kind if step else asked.kind
        assert kind is not None  # noqa: S101 - else it was refused
        if asked.contact is not None and asked.contact not in {c.contact for c in found.contacts}:
            raise Invalid(f"This home has no contact {asked.contact}.")
        to = _recipient(step, found) if asked.result is None else None
        now = self._clock()
        result = asked.result or Result.SENT
        text = asked.note.strip()
        number = await connection.fetchval(
            SQL.attempt_add, alert, found.alert["home"], version, asked.key, found.plan.plan,
            "" if found.plan.plan else found.plan.priority, asked.step, kind,
            (to[0] if to else asked.contact) or None, result,
            self._cover.words(text, place_of_note(alert)) if text else None, by.id, now,
            due_at(step, result, now),
        )  # fmt: skip
        if to is not None and step is not None:
            await self._send(connection, number, to[1], step, now)
        return f"{kind} {result}"

    async def _send(
        self, connection: Connection, attempt: int, to: str, step: PlanStep, now: datetime
    ) -> None:
        asks = step.kind in ASKS
        told = {"prompt": step.say} if asks else {"to": to, "text": step.say}
        words = msgspec.json.encode(told).decode()
        hidden = self._cover.secret(words, place_of_message(attempt))
        until = now + max(timedelta(seconds=step.wait_s), MESSAGE_LIFETIME)
        sql, which = (SQL.send_request, step.name) if asks else (SQL.send, self._channels)
        if not await connection.fetchval(sql, attempt, hidden, which, now, until):
            raise _no_way()


def _recipient(step: PlanStep | None, found: Found) -> tuple[int | None, str]:
    """Whom a message goes to: the contact, if it is one, and their number."""
    if step is not None and step.kind in ASKS and step.name in found.takers:
        return None, ""
    if step is None or step.kind is not StepKind.PROMPT_TEXT:
        raise Invalid("Say what came of it: the centre cannot do this step by itself.")
    if not found.sends:
        raise _no_way()
    to = textable(found.contacts)
    if to is None:
        raise Invalid("The person has no number that begins with + to send it to.")
    return to[0].contact, to[1]


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
