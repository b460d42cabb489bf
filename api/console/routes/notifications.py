"""Notifications in the browsers of staff: each switches them on, tries them and switches them off.

Switching on needs the browser's own script; all else is plain forms.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, NamedTuple

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup, escape

from api.console.pages import Notice, go_to, notice_word, page, texts
from api.console.static_files import STATIC
from api.console.views.times import Clock
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import InPerson, acting, visiting
from api.push.service import Subscription
from api.refusals import Conflict
from api.services import Services, services
from api.web.parameters import Number

HERE = "/account/notifications"
router = APIRouter(prefix=HERE)

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_ALERTS)]
Actor = Annotated[Member, acting(Permission.READ_ALERTS)]
_DONE = ("off", "tested")


class BrowserRow(NamedTuple):
    """A browser that is notified."""

    id: int
    address: str
    name: str
    service: str
    since: Markup
    heard: Markup
    failing: Markup
    why: str


@router.get("")
async def show(request: Request, session: Visit, at: At) -> Response:
    """Whether this browser is notified, what it shows, and one's other browsers."""
    text, notice = texts(request), None
    if (word := notice_word(request)) in _DONE:
        notice = Notice("done", text(f"notifications.{word}_done"))
    return await _show(request, session, at, notice)


@router.get("/worker.js")
async def worker(request: Request) -> Response:
    """What shows them while no page is open. It stands below the page, and so controls none.

    For everybody: browsers come for it by themselves, also where nobody is signed in.
    """
    text = texts(request)
    words = {"stopped": text("notifications.stopped").unescape()}
    source = (STATIC / "js" / "notifications_worker.js").read_text("utf-8")
    script = f"const WORDS = {msgspec.json.encode(words).decode()};\n{source}"
    return Response(script, media_type="text/javascript")


@router.post("/{subscription}/test")
async def test(
    request: Request, subscription: Number, user: Actor, _: InPerson, session: Visit, at: At
) -> Response:
    """Sends one of one's own browsers a test."""
    try:
        await at.push.test(subscription, user)
    except Conflict as error:
        notice = Notice("conflict", texts(request)("account.not_done"), escape(f"{error}"))
        return await _show(request, session, at, notice, status=HTTPStatus.CONFLICT)
    return go_to(request, HERE, notice="tested")


@router.post("/{subscription}/off")
async def off(request: Request, subscription: Number, user: Actor, _: InPerson, at: At) -> Response:
    """Notifies one of one's own browsers no more."""
    await at.push.unsubscribe(subscription, user)
    return go_to(request, HERE, notice="off")


async def _show(
    request: Request,
    session: Session,
    at: Services,
    notice: Notice | None,
    status: int = HTTPStatus.OK,
) -> Response:
    key, no_key = "", ""
    try:
        key = (await at.push.key()).key
    except Conflict as error:
        no_key = f"{error}"
    clock = Clock(at.clock(), "UTC", texts(request))
    return page(
        request, "notifications", session=session, notice=notice, status=status, here=HERE,
        key=key, no_key=no_key, wired=await at.push.wired(session.user),
        rows=[_row(one, clock) for one in await at.push.of(session.user)],
    )  # fmt: skip


def _row(one: Subscription, clock: Clock) -> BrowserRow:
    def at(moment: datetime | None) -> Markup:
        return Markup() if moment is None else clock.stamp(moment)

    return BrowserRow(
        one.id, one.address, one.name, one.service, at(one.added_at), at(one.heard_at),
        at(one.failing_since), one.failing_why,
    )  # fmt: skip
