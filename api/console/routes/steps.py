"""The steps with an alert that are not on its page: their forms, and what is posted."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import escape

from api.alerts.lifecycle import Action
from api.alerts.views import AlertSummary
from api.console.pages import Blank, Notice, go_to, page, texts
from api.console.views.steps import FORMS, steps_page
from api.identity.people import Member, Session
from api.identity.web import ActingUser, CurrentSession
from api.refusals import Conflict, Forbidden, Invalid, NotFound
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import AlertId, number

router = APIRouter(prefix="/alerts/{alert}/steps")

At = Annotated[Services, Depends(services)]

_MOST_MINUTES = 14 * 24 * 60
_TO_QUEUE = frozenset({Action.SUSPEND, Action.ESCALATE, Action.SHELVE})
"""Steps after which the alert is no longer in its holder's hands."""


@router.get("")
async def show(request: Request, alert: AlertId, session: CurrentSession, at: At) -> Response:
    """The forms of what may be done now."""
    return await _show(request, alert, session, at)


@router.post("/{action}")
async def take(  # noqa: PLR0917 - what FastAPI hands in
    request: Request,
    alert: AlertId,
    action: str,
    user: ActingUser,
    session: CurrentSession,
    at: At,
) -> Response:
    """Takes a step, or says why not and keeps what was typed."""
    typed = Blank(await read_form(request))
    try:
        step = Action(action)
    except ValueError as error:
        raise NotFound(f"There is no step {action}.") from error
    try:
        await _take(at, alert, step, user, typed)
    except (Conflict, Invalid, Forbidden) as error:
        if step not in FORMS:
            return go_to(request, f"/alerts/{alert}", notice="conflict")
        return await _show(request, alert, session, at, wrong=f"{error}", typed=typed)
    to = "/queue" if step in _TO_QUEUE else f"/alerts/{alert}"
    return go_to(request, to, notice="stepped")


async def _take(at: Services, alert: int, step: Action, by: Member, typed: Blank) -> AlertSummary:
    alerts, reason = at.alerts, typed["reason"]
    version, seen = _number(typed["version"]), _number(typed["seen"])
    with_reason = {Action.TAKEOVER: alerts.take_over, Action.ESCALATE: alerts.escalate}
    if step in with_reason:
        return await with_reason[step](alert, by, reason, version=version)
    if step is Action.OFFER:
        return await alerts.offer(alert, by, typed["to"], note=reason, version=version)
    if step is Action.SUSPEND:
        until = _until(typed, at.clock())
        return await alerts.suspend(alert, by, until, reason=reason, seen=seen, version=version)
    if step is Action.SHELVE:
        until = _until(typed, at.clock())
        return await alerts.shelve(alert, by, until, reason, seen=seen, version=version)
    if step is Action.CORRECT:
        return await alerts.correct(alert, by, typed["outcome"], reason, version=version)
    plain = {
        Action.ACCEPT: alerts.accept,
        Action.DECLINE: alerts.decline,
        Action.RESUME: alerts.resume,
        Action.UNSHELVE: alerts.unshelve,
    }
    if step not in plain:
        raise NotFound(f"There is no step {step} here.")
    return await plain[step](alert, by, version=version)


async def _show(
    request: Request,
    alert: int,
    session: Session,
    at: Services,
    *,
    wrong: str = "",
    typed: Blank | None = None,
) -> Response:
    text, me = texts(request), session.user
    shown = await at.alerts.one(me.reach, alert)
    return page(
        request,
        "steps",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=Notice("conflict", text("steps.not_done"), escape(wrong)) if wrong else None,
        section="queue",
        typed=typed or Blank(),
        page=steps_page(shown.alert, me, await at.alerts.colleagues(alert, me), text),
    )


def _number(typed: str) -> int | None:
    return number(typed)


def _until(typed: Blank, now: datetime) -> datetime:
    minutes = _number(typed["minutes"]) or 0
    return now + timedelta(minutes=min(minutes, _MOST_MINUTES + 1))
