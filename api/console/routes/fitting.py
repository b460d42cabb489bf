"""The fitting of a home, made for a telephone held in one hand."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views.certificate import certificate_page
from api.console.views.fitting import END_MINUTES, MINUTES, fitting_page
from api.downlink.commands import IssueRequest
from api.fitting.listing import listed, wish
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import Conflict, Forbidden, Invalid, NotFound
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import VERSION, Name, number
from contract import CommandKind

router = APIRouter(prefix="/fitting")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.ADD_HUBS)]
Hub = Annotated[str, Query(max_length=128, pattern=r"^[^\x00-\x1f]*$")]
Number = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
Fitter = Annotated[Member, acting(Permission.ADD_HUBS)]


@router.get("/{home}/certificate")
async def certificate(
    request: Request, home: Name, session: Visit, at: At, number: Number = None
) -> Response:
    """A sign-off to print: the newest of the home, or by its number."""
    text = texts(request)
    signed = await at.fittings.certificate(session.user, home, number)
    return page(
        request,
        "fitting_certificate",
        session=session,
        section="homes",
        here=f"/fitting/{quote(home)}/certificate?number={signed.fitting}",
        page=certificate_page(signed, text),
    )


@router.get("/{home:path}")
async def show(request: Request, home: Name, session: Visit, at: At, hub: Hub = "") -> Response:
    """How far the fitting has come, or the page's live part."""
    return await _show(request, home, hub, session, at)


@router.post("/{home:path}")
async def act(request: Request, home: Name, user: Fitter, session: Visit, at: At) -> Response:
    """Takes one step of the fitting, or says why not."""
    typed = Blank(await read_form(request))
    hub = typed["hub"]
    found = await at.fittings.of(user, home, hub)
    if found.hub is None:
        raise NotFound(f"Home {home} has no hub.")
    work = _WORK.get(typed["do"])
    if work is None:
        return go_to(request, _address(home, hub))
    try:
        await work(at, home, typed, user)
    except (Conflict, Forbidden, Invalid) as error:
        return await _show(request, home, hub, session, at, wrong=f"{error}", typed=typed)
    return go_to(request, _address(home, hub), notice=typed["do"])


async def _walk(at: Services, _: str, typed: Mapping[str, str], by: Member) -> None:
    chosen = next((n for n in (*MINUTES, END_MINUTES) if typed["minutes"] == f"{n}"), MINUTES[0])
    asked = IssueRequest(
        kind=CommandKind.WALK_TEST, body={"minutes": chosen}, id=typed["id"] or None
    )
    await at.commands.issue(typed["hub"], asked, by)


async def _test(at: Services, _: str, typed: Mapping[str, str], by: Member) -> None:
    asked = IssueRequest(kind=CommandKind.TEST, id=typed["id"] or None)
    await at.commands.issue(typed["hub"], asked, by)


async def _call(at: Services, home: str, typed: Mapping[str, str], by: Member) -> None:
    await at.fittings.called(by, home, key=typed["id"], answered=typed["answered"])


async def _sensor(at: Services, home: str, typed: Mapping[str, str], by: Member) -> None:
    asked = wish(typed["name"], typed["kind"], typed["place"], typed["entry"])
    found = await at.fittings.of(by, home, typed["hub"])
    if found.listed is None:
        raise Conflict("The sensors of this home are listed in its hub's own file.")
    seen = number(typed["seen"], VERSION) or 0
    await at.configurations.put_sensors(home, lambda now: listed(now, asked), by, seen=seen)


async def _sign(at: Services, home: str, typed: Mapping[str, str], by: Member) -> None:
    if typed["sure"] != "yes":
        raise Invalid("Tick the box that says that the home is fitted as it stands here.")
    await at.fittings.sign(by, home, typed["hub"], key=typed["id"], why=typed["why"])


_WORK: dict[str, Callable[[Services, str, Mapping[str, str], Member], Awaitable[None]]] = {
    "sensor": _sensor, "walk": _walk, "end": _walk, "test": _test, "call": _call, "sign": _sign,
}  # fmt: skip
"""What the page's forms ask for; each tells the next page what was done by the same word."""


def _address(home: str, hub: str) -> str:
    return f"/fitting/{quote(home)}?hub={quote(hub)}"


async def _show(
    request: Request,
    home: str,
    hub: str,
    session: Session,
    at: Services,
    *,
    wrong: str = "",
    typed: Blank | None = None,
) -> Response:
    text = texts(request)
    found = await at.fittings.of(session.user, home, hub)
    configuration = await at.configurations.of(session.user.reach, home)
    word, notice = notice_word(request), None
    if wrong:
        notice = Notice("conflict", text("fitting.not_done"), escape(wrong))
    elif word in _WORK:
        notice = Notice("done", text(f"fitting.did_{word}"))
    return page(
        request,
        "fitting",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=notice,
        section="homes",
        here=_address(home, hub) if hub else f"/fitting/{quote(home)}",
        page=fitting_page(found, configuration, at.clock(), text),
        typed=typed or Blank(),
        once=lambda: secrets.token_hex(16),
    )
