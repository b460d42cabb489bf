"""What an organisation was promised: seen by who handles alerts, set by who answers for them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views.duties import KINDS, ROWS, duties_of, form_of
from api.console.views.typed import organisation_of
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import Conflict, Invalid
from api.services import Services, services
from api.web.forms import read_form

router = APIRouter(prefix="/duties")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.SET_DUTIES)]
Setter = Annotated[Member, acting(Permission.SET_DUTIES)]


@router.get("")
async def show(request: Request, session: Visit, at: At, organisation: str = "") -> Response:
    """The promises to an organisation, to the first one if not said; or what to do first."""
    known = await at.organisations.all(session.user.reach)
    if not known:
        return await _form(request, session, at, Blank(), own=False)
    chosen = organisation or f"{known[0].organisation}"
    duties = await at.duties.of(session.user.reach, organisation_of(chosen))
    typed = Blank(form_of(duties.duties), organisation=chosen, version=duties.version)
    return await _form(request, session, at, typed, own=duties.own)


@router.post("")
async def put(request: Request, user: Setter, session: Visit, at: At) -> Response:
    """Makes other promises; or says why not, with what was typed."""
    typed = Blank(await read_form(request))
    organisation = organisation_of(typed["organisation"])
    try:
        duties = [] if typed["do"] == "usual" else duties_of(typed)
        await at.duties.put(user, organisation, duties, version=typed["version"])
    except (Conflict, Invalid) as error:
        own = (await at.duties.of(session.user.reach, organisation)).own
        return await _form(request, session, at, typed, own=own, wrong=f"{error}")
    return go_to(request, f"/duties?organisation={organisation}", notice="kept")


async def _form(
    request: Request, session: Session, at: Services, typed: Blank, *, own: bool, wrong: str = ""
) -> Response:
    text, notice = texts(request), None
    if wrong:
        notice = Notice("conflict", text("duties.not_kept"), escape(wrong))
    elif notice_word(request) == "kept":
        notice = Notice("done", text("duties.kept"))
    return page(
        request, "duties", session=session, section="shift", typed=typed, own=own,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK, notice=notice,
        known=await at.organisations.all(session.user.reach), rows=ROWS, kinds=KINDS,
    )  # fmt: skip
