"""Alerts for programs; the console has pages of its own over the same service."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request

from api.alerts.views import AlertDetail, AlertSummary
from api.alerts.views import Queue as QueueView
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import acting, reading
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body
from api.web.parameters import AlertId

router = APIRouter(prefix="/v1/alerts", tags=["alerts"])
At = Annotated[Services, Depends(services)]
Reader = Annotated[Member, reading(Permission.READ_ALERTS)]
Handler = Annotated[Member, acting(Permission.HANDLE_ALERTS)]

_CHANGED = answers(AlertSummary, "The alert as it now is.")


class NoteRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Something to write down."""

    text: str


class ResolveRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert turned out to be.

    Attributes:
        outcome: One of :class:`api.alerts.lifecycle.Outcome`.
        note: More, in one's own words.
        seen: The `report_version` that was looked at; where the hub has said something new since,
            the alert is not resolved.
    """

    outcome: str
    note: str = ""
    seen: int | None = None


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
    """Takes an alert or renews one's claim; 409 says who has it and since when."""
    return Json(await at.alerts.claim(alert, user))


@router.post("/{alert}/release", responses=_CHANGED)
async def release(alert: AlertId, at: At, user: Handler) -> Json:
    """Gives one's claim back to the queue."""
    return Json(await at.alerts.release(alert, user))


@router.post("/{alert}/note", openapi_extra=body(NoteRequest), responses=_CHANGED)
async def note(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Writes something down in the alert's history."""
    asked = await read_json(request, NoteRequest)
    return Json(await at.alerts.note(alert, user, asked.text))


@router.post("/{alert}/resolve", openapi_extra=body(ResolveRequest), responses=_CHANGED)
async def resolve(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Says what one's claimed alert turned out to be."""
    asked = await read_json(request, ResolveRequest)
    resolved = await at.alerts.resolve(alert, user, asked.outcome, note=asked.note, seen=asked.seen)
    return Json(resolved)
