"""A key safe's code: shown on a deliberate act with a reason, hidden again, told to supervisors."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, page, texts
from api.console.views import words
from api.console.views.times import Clock
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import Conflict, Forbidden, Invalid, NotFound
from api.response.key_safe import SHOWN_FOR
from api.response.views import OpenedKeySafe
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import Name, number

router = APIRouter()

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.OPEN_KEY_SAFE)]
Opener = Annotated[Member, acting(Permission.OPEN_KEY_SAFE)]
Supervising = Annotated[Session, visiting(Permission.SET_RESPONSE)]
Supervisor = Annotated[Member, acting(Permission.SET_RESPONSE)]


@router.get("/key-safe/{home:path}")
async def ask(request: Request, home: Name, session: Visit, at: At) -> Response:
    """Asks for the reason. This address never shows a code, whoever goes back to it."""
    return await _show(request, home, session, at)


@router.post("/key-safe/{home:path}")
async def look(request: Request, home: Name, user: Opener, session: Visit, at: At) -> Response:
    """Shows the code in the answer to this post alone; the page leaves by itself."""
    typed = Blank(await read_form(request))
    try:
        opened = await at.response.key_safes.look(user, home, typed["reason"][:1000])
    except (Conflict, Forbidden, Invalid) as error:
        return await _show(request, home, session, at, typed=typed, wrong=str(error))
    shown = await _show(request, home, session, at, opened=opened)
    # Hidden again without a script, too; that the time ends is what the page is for.
    away = f"/key-safe/{quote(home, safe='')}"
    shown.headers["Refresh"] = f"{int(SHOWN_FOR.total_seconds())}; url={away}"
    return shown


@router.get("/key-safe-looks")
async def looks(request: Request, session: Supervising, at: At) -> Response:
    """Who looked at which code, and why."""
    text, now = texts(request), at.clock()
    found = [
        (one, words.home(one.label, one.home), Clock(now, one.time_zone, text).stamp(one.at))
        for one in await at.response.key_safes.looks(session.user)
    ]
    return page(request, "key_safe_looks", session=session, section="queue", found=found)


@router.post("/key-safe-looks")
async def seen(request: Request, user: Supervisor, at: At) -> Response:
    """Takes note of a look; where somebody was quicker, the list says so."""
    typed = Blank(await read_form(request))
    look = number(typed["look"])
    if look is None:
        raise NotFound("There is no such look.")
    try:
        await at.response.key_safes.take_note(user, look)
    except Conflict:
        return go_to(request, "/key-safe-looks")
    return go_to(request, "/key-safe-looks")


async def _show(
    request: Request,
    home: str,
    session: Session,
    at: Services,
    *,
    opened: OpenedKeySafe | None = None,
    typed: Blank | None = None,
    wrong: str = "",
) -> Response:
    text = texts(request)
    detail = await at.homes.one(session.user.reach, home, alerts=False)
    safe = await at.response.key_safes.of_home(session.user, home)
    return page(
        request, "key_safe", session=session, section="homes", home=home,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=Notice("conflict", text("key_safe.not_shown"), escape(wrong)) if wrong else None,
        home_name=words.home(detail.label, home), there=safe.there, opened=opened,
        typed=typed or Blank(),
        hides=Clock(at.clock(), detail.time_zone, text).stamp(opened.hide_at) if opened else "",
    )  # fmt: skip
