"""Alerts for programs; the console has pages of its own over the same service."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request

from api.alerts.views import AlertDetail, AlertSummary
from api.alerts.views import Queue as QueueView
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import acting, reading
from api.services import Services, services
from api.store.columns import Version
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body
from api.web.parameters import AlertId

router = APIRouter(prefix="/v1/alerts", tags=["alerts"])
At = Annotated[Services, Depends(services)]
Reader = Annotated[Member, reading(Permission.READ_ALERTS)]
Handler = Annotated[Member, acting(Permission.HANDLE_ALERTS)]

_CHANGED = answers(AlertSummary, "The alert as it now is.")


class SeenRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A step that needs no more than the alert's `version` that was looked at.

    Where anybody else has done something since, it is not made, and the answer says who did what.
    """

    version: Version


class NoteRequest(SeenRequest, frozen=True, kw_only=True):
    """Something to write down."""

    text: str


class ReasonRequest(SeenRequest, frozen=True, kw_only=True):
    """A step that needs a reason."""

    reason: str


class OfferRequest(SeenRequest, frozen=True, kw_only=True):
    """To whom an alert is to be handed over, by username, and what they should know."""

    to: str
    note: str = ""


class SuspendRequest(SeenRequest, frozen=True, kw_only=True):
    """Until when an alert waits, and for what.

    Attributes:
        until: With its offset from UTC; at most a day ahead, or 30 minutes where it is urgent.
        seen: The `report_version` that was looked at.
    """

    until: datetime
    reason: str = ""
    seen: Version


class ShelveRequest(SeenRequest, frozen=True, kw_only=True):
    """Until when a nuisance is set aside, and why.

    Attributes:
        until: With its offset from UTC; at most 14 days ahead, for operators one.
        seen: The `report_version` that was looked at.
    """

    until: datetime
    reason: str
    seen: Version


class CorrectRequest(ReasonRequest, frozen=True, kw_only=True):
    """What an alert turned out to be after all, and why it was said otherwise.

    Attributes:
        outcome: One of :class:`api.alerts.lifecycle.Outcome`.
    """

    outcome: str


class ResolveRequest(SeenRequest, frozen=True, kw_only=True):
    """What an alert turned out to be.

    Attributes:
        outcome: One of :class:`api.alerts.lifecycle.Outcome`.
        note: More, in one's own words.
        seen: The `report_version` that was looked at; where the hub has said something new since,
            the alert is not resolved.
    """

    outcome: str
    note: str = ""
    seen: Version


MESSAGES = (
    SeenRequest, NoteRequest, ReasonRequest, OfferRequest, SuspendRequest, ShelveRequest,
    ResolveRequest, CorrectRequest, AlertDetail, AlertSummary, QueueView,
)  # fmt: skip
"""What the routes take and answer."""


@router.get("", responses=answers(QueueView, "What is not resolved, by lane."))
async def queue(at: At, user: Reader, limit: Annotated[int, Query(ge=1, le=1000)] = 200) -> Json:
    """The queue: urgent, advisory, technical; in each the longest waiting first."""
    return Json(await at.alerts.queue(user.reach, limit=limit))


@router.get("/{alert}", responses=answers(AlertDetail, "The alert with its evidence."))
async def one(alert: AlertId, at: At, user: Reader) -> Json:
    """One alert with its evidence, its history and the home's other alerts."""
    return Json(await at.alerts.one(user.reach, alert))


@router.post("/{alert}/claim", responses=_CHANGED)
async def claim(alert: AlertId, at: At, user: Handler) -> Json:
    """Takes an alert with its home's others, or looks at one's own; 409 says who has it.

    It needs no version: who gets the alert is shown what was done.
    """
    return Json(await at.alerts.claim(alert, user))


@router.post("/{alert}/release", openapi_extra=body(SeenRequest), responses=_CHANGED)
async def release(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Gives one's claim, with the home's others, back to the queue."""
    asked = await read_json(request, SeenRequest)
    return Json(await at.alerts.release(alert, user, version=asked.version))


@router.post("/{alert}/note", openapi_extra=body(NoteRequest), responses=_CHANGED)
async def note(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Writes something down in the alert's history."""
    asked = await read_json(request, NoteRequest)
    return Json(await at.alerts.note(alert, user, asked.text, version=asked.version))


@router.post("/{alert}/suspend", openapi_extra=body(SuspendRequest), responses=_CHANGED)
async def suspend(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Has one's alert wait until a time, at which it is one's own to act on again."""
    asked = await read_json(request, SuspendRequest)
    return Json(
        await at.alerts.suspend(
            alert, user, asked.until, reason=asked.reason, seen=asked.seen, version=asked.version
        )
    )


@router.post("/{alert}/resume", openapi_extra=body(SeenRequest), responses=_CHANGED)
async def resume(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Goes on with one's suspended alert before its time."""
    asked = await read_json(request, SeenRequest)
    return Json(await at.alerts.resume(alert, user, version=asked.version))


@router.post("/{alert}/offer", openapi_extra=body(OfferRequest), responses=_CHANGED)
async def offer(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Offers one's alert to a colleague; it is theirs once they accept."""
    asked = await read_json(request, OfferRequest)
    return Json(
        await at.alerts.offer(alert, user, asked.to, note=asked.note, version=asked.version)
    )


@router.post("/{alert}/accept", openapi_extra=body(SeenRequest), responses=_CHANGED)
async def accept(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Takes what a colleague offers, with the home's others."""
    asked = await read_json(request, SeenRequest)
    return Json(await at.alerts.accept(alert, user, version=asked.version))


@router.post("/{alert}/decline", openapi_extra=body(SeenRequest), responses=_CHANGED)
async def decline(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Does not take what is offered; by its holder, offers it no longer."""
    asked = await read_json(request, SeenRequest)
    return Json(await at.alerts.decline(alert, user, version=asked.version))


@router.post("/{alert}/takeover", openapi_extra=body(ReasonRequest), responses=_CHANGED)
async def take_over(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Takes an alert, with the home's others, from whoever has it."""
    asked = await read_json(request, ReasonRequest)
    return Json(await at.alerts.take_over(alert, user, asked.reason, version=asked.version))


@router.post("/{alert}/escalate", openapi_extra=body(ReasonRequest), responses=_CHANGED)
async def escalate(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Calls a supervisor, or the next level."""
    asked = await read_json(request, ReasonRequest)
    return Json(await at.alerts.escalate(alert, user, asked.reason, version=asked.version))


@router.post("/{alert}/shelve", openapi_extra=body(ShelveRequest), responses=_CHANGED)
async def shelve(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Sets a nuisance aside, with its like in the home, until a time."""
    asked = await read_json(request, ShelveRequest)
    return Json(
        await at.alerts.shelve(
            alert, user, asked.until, asked.reason, seen=asked.seen, version=asked.version
        )
    )


@router.post("/{alert}/unshelve", openapi_extra=body(SeenRequest), responses=_CHANGED)
async def unshelve(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Takes a nuisance, with its like in the home, off the shelf before its time."""
    asked = await read_json(request, SeenRequest)
    return Json(await at.alerts.unshelve(alert, user, version=asked.version))


@router.post("/{alert}/correct", openapi_extra=body(CorrectRequest), responses=_CHANGED)
async def correct(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Says that an alert that is ended turned out to be something else than was said."""
    asked = await read_json(request, CorrectRequest)
    corrected = await at.alerts.correct(
        alert, user, asked.outcome, asked.reason, version=asked.version
    )
    return Json(corrected)


@router.post("/{alert}/resolve", openapi_extra=body(ResolveRequest), responses=_CHANGED)
async def resolve(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Says what one's claimed alert turned out to be."""
    asked = await read_json(request, ResolveRequest)
    resolved = await at.alerts.resolve(
        alert, user, asked.outcome, note=asked.note, seen=asked.seen, version=asked.version
    )
    return Json(resolved)
