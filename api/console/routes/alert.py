"""One alert: seeing it, and the four things staff do with it."""

from http import HTTPStatus
from secrets import token_hex
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup, escape

from api.alerts.lifecycle import Outcome
from api.alerts.service import MAX_NOTE
from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.text import Catalogue
from api.console.views.alert import AlertPage, alert_page
from api.console.views.response import RESULTS, notes, plan_panel
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import Conflict, Invalid
from api.response.attempts import AttemptRequest
from api.response.progress import Result
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import AlertId, number

router = APIRouter(prefix="/alerts/{alert}")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_ALERTS)]
Handler = Annotated[Member, acting(Permission.HANDLE_ALERTS)]

_DONE = frozenset({"claimed", "noted", "stepped", "attempted"})


@router.get("")
async def show(request: Request, alert: AlertId, session: Visit, at: At) -> Response:
    """The page of one alert, or its live part."""
    return await _show(request, alert, session, at)


@router.post("/claim")
async def claim(request: Request, alert: AlertId, user: Handler, at: At) -> Response:
    """Takes the alert; where somebody else has it, its page says who and since when."""
    try:
        await at.alerts.claim(alert, user)
    except Conflict:
        return go_to(request, f"/alerts/{alert}", notice="conflict")
    return go_to(request, f"/alerts/{alert}", notice="claimed")


@router.post("/release")
async def release(request: Request, alert: AlertId, user: Handler, at: At) -> Response:
    """Gives the alert back."""
    try:
        typed = Blank(await read_form(request))
        await at.alerts.release(alert, user, version=_number(typed["version"]))
    except Conflict:
        return go_to(request, f"/alerts/{alert}", notice="conflict")
    return go_to(request, "/queue", notice="released")


@router.post("/note")
async def note(request: Request, alert: AlertId, user: Handler, session: Visit, at: At) -> Response:
    """Writes a note, or says on the form why not."""
    typed = Blank(await read_form(request))
    error = _note_error(typed["note"], texts(request), needed=True)
    if error:
        return await _show(request, alert, session, at, errors=Blank(note=error), typed=typed)
    try:
        await at.alerts.note(alert, user, typed["note"], version=_number(typed["version"]))
    except Conflict:  # the note is kept: read what is new, and add it all the same
        return await _show(request, alert, session, at, typed=typed, word="conflict")
    return go_to(request, f"/alerts/{alert}", notice="noted")


@router.post("/attempts")
async def attempt(
    request: Request, alert: AlertId, user: Handler, session: Visit, at: At
) -> Response:
    """Writes down what was tried, or has the centre send the step's message."""
    typed = Blank(await read_form(request))
    typed["attempt_note"] = typed.pop("note", "")
    text = texts(request)
    if not typed["send"] and typed["result"] not in set(RESULTS):
        error = Blank(attempt=text("plan.result_missing"))
        return await _show(request, alert, session, at, errors=error, typed=typed)
    asked = AttemptRequest(
        version=_number(typed["version"]) or 0,
        key=typed["key"][:128] or token_hex(16),
        step=_number(typed["step"]) or 0,
        contact=_number(typed["contact"]),
        result=None if typed["send"] else Result(typed["result"]),
        note=typed["attempt_note"],
    )
    try:
        await at.response.attempts.record(alert, user, asked)
    except Conflict:  # what was typed is kept: look at what is new, and write it all the same
        return await _show(request, alert, session, at, typed=typed, word="conflict")
    except Invalid as error:
        wrong = Blank(attempt=escape(str(error)))
        return await _show(request, alert, session, at, errors=wrong, typed=typed)
    return go_to(request, f"/alerts/{alert}", notice="attempted")


@router.post("/resolve")
async def resolve(
    request: Request, alert: AlertId, user: Handler, session: Visit, at: At
) -> Response:
    """Ends the alert with what it turned out to be, or says on the form what is missing."""
    typed = Blank(await read_form(request))
    typed["resolve_note"] = typed.pop("note", "")
    text = texts(request)
    errors = Blank()
    if typed["outcome"] not in set(Outcome):
        errors["outcome"] = text("handle.outcome_missing")
    if long := _note_error(typed["resolve_note"], text):
        errors["resolve_note"] = long
    if errors:
        return await _show(request, alert, session, at, errors=errors, typed=typed)
    try:
        await at.alerts.resolve(
            alert,
            user,
            typed["outcome"],
            note=typed["resolve_note"],
            seen=_number(typed["seen"]),
            version=_number(typed["version"]),
        )
    except Conflict:  # what was typed is kept: read what is new, and end it all the same
        return await _show(request, alert, session, at, typed=typed, word="conflict")
    return go_to(request, "/queue", notice="resolved")


async def _show(
    request: Request,
    alert: int,
    session: Session,
    at: Services,
    *,
    errors: Blank | None = None,
    typed: Blank | None = None,
    word: str = "",
) -> Response:
    text, me, now = texts(request), session.user, at.clock()
    detail = await at.alerts.one(me.reach, alert)
    responding = await at.response.attempts.of_alert(me, alert)
    told = notes(responding.attempts, text)
    shown = alert_page(detail, me, now, text, attempts=told)
    typed = typed or Blank()
    if not shown.may_end and typed["resolve_note"]:  # its form is not there: a note may be written
        typed["note"] = typed["resolve_note"]
    return page(
        request,
        "alert",
        session=session,
        status=_status(errors, word),
        notice=_notice(word or notice_word(request), shown, text),
        errors=errors or Blank(),
        typed=typed,
        section="queue",
        here=f"/alerts/{alert}",
        page=shown,
        plan=plan_panel(responding, detail.alert, now, text, key=token_hex(16)),
        results=RESULTS,
        outcomes=list(Outcome),
        names=await at.people.reading.names(shown.home_id, session.user) if shown.home_id else [],
    )


def _status(errors: Blank | None, word: str) -> HTTPStatus:
    if word:
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


def _number(typed: str) -> int | None:
    return number(typed)


def _note_error(note: str, text: Catalogue, *, needed: bool = False) -> Markup | None:
    """What is wrong with a note, in the form's words; None where it will do."""
    if needed and not note.strip():
        return text("handle.note_missing")
    if len(note.strip()) > MAX_NOTE:
        return text("handle.note_long", most=MAX_NOTE, n=len(note.strip()))
    return text("handle.note_unreadable") if "\0" in note else None


def _notice(word: str, shown: AlertPage, text: Catalogue) -> Notice | None:
    """What became of the last post. Of a conflict it tells what is true now, not what was then."""
    if word in _DONE:
        return Notice("done", text(f"done.{word}"))
    if word != "conflict":
        return None
    if shown.resolved:
        name, when, _ = shown.resolved
        return Notice(
            "conflict",
            text("conflict.ended_title"),
            text("conflict.resolved", name=name, time=when),
        )
    if shown.handler is None:
        return Notice("conflict", text("conflict.not_yours_title"), text("conflict.nobody"))
    if shown.handler.mine:
        return Notice("conflict", text("conflict.changed_title"), text("conflict.changed"))
    told = text("conflict.theirs", name=shown.handler.name, time=shown.handler.since)
    return Notice("conflict", text("conflict.title"), told)
