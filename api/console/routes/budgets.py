"""How many false alerts are borne: by home, and for all of an organisation's at once."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, notice_word, page, status_for, texts
from api.console.views import words
from api.console.views.budgets import (
    budget_of,
    form_of,
    home_lines,
    later_lines,
    rows_of,
    rows_of_all,
)
from api.console.views.dry_runs import panel
from api.console.views.hub import standing_line
from api.console.views.times import Clock
from api.console.views.typed import organisation_of
from api.downlink.budgets import MOST_SHOWN
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import Conflict, Invalid
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import Name

HERE = "/budgets"
_TRY = "try"
"""What the form asks for that has hubs work out what the numbers would have made of the past."""
router = APIRouter(prefix=HERE)

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.PUT_CONFIGURATION)]
Setter = Annotated[Member, acting(Permission.PUT_CONFIGURATION)]
After = Annotated[str, Query(max_length=200)]


@router.get("")
async def show(
    request: Request, session: Visit, at: At, organisation: str = "", after: After = ""
) -> Response:
    """An organisation's homes, the first one's if not said."""
    known = await at.organisations.all(session.user.reach)
    chosen = organisation or (f"{known[0].organisation}" if known else "")
    return await _all(request, session, at, Blank(organisation=chosen), after=after)


@router.post("")
async def put_all(request: Request, session: Visit, user: Setter, at: At) -> Response:
    """Chooses for all homes of an organisation."""
    typed, text = Blank(await read_form(request)), texts(request)
    try:
        organisation = organisation_of(typed["organisation"])
        made = await at.budgets.put_all(user, organisation, budget_of(typed))
    except (Conflict, Invalid) as error:
        return await _all(request, session, at, typed, error=error)
    if made.left:
        notice = Notice("conflict", text("budgets.more"), text("budgets.left", n=made.left))
        return await _all(request, session, at, typed, notice=notice)
    return go_to(request, f"{HERE}?organisation={typed['organisation']}", notice="kept")


@router.get("/{home:path}")
async def one(
    request: Request, home: Name, session: Visit, at: At, tried: Literal["", "yes"] = ""
) -> Response:
    """One home's; its form as it was `tried`, where it was."""
    return await _one(request, session, at, home, tried=bool(tried))


@router.post("/{home:path}")
async def put(request: Request, home: Name, session: Visit, user: Setter, at: At) -> Response:
    """Chooses for one home."""
    typed = Blank(await read_form(request))
    seen = int(typed["seen"][:9]) if typed["seen"].isdecimal() else 0
    try:
        if typed["do"] == _TRY:
            await at.dry_runs.ask(home, budget_of(typed), user)
            return go_to(request, f"{HERE}/{home}?tried=yes", notice=_TRY)
        await at.configurations.put_budget(home, budget_of(typed), user, seen=seen)
    except (Conflict, Invalid) as error:
        return await _one(request, session, at, home, (typed, error))
    return go_to(request, f"{HERE}/{home}", notice="kept")


async def _all(
    request: Request,
    session: Session,
    at: Services,
    typed: Blank,
    *,
    after: str = "",
    error: Exception | None = None,
    notice: Notice | None = None,
) -> Response:
    text, found, later = texts(request), [], {}
    if typed["organisation"]:
        number = organisation_of(typed["organisation"])
        found = await at.budgets.of(session.user, number, after=after)
        later = await at.budgets.of_all(session.user, number)
    return page(
        request, "budgets", session=session, status=status_for(error), section="organisations",
        here=HERE, notice=notice or _notice(request, error), typed=typed,
        known=await at.organisations.all(session.user.reach), rows=rows_of_all(typed, text),
        homes=home_lines(found, text), later=later_lines(later, text),
        more=found[-1].home if len(found) == MOST_SHOWN else "",
    )  # fmt: skip


async def _one(
    request: Request,
    session: Session,
    at: Services,
    home: str,
    turned_down: tuple[Blank, Exception] | None = None,
    *,
    tried: bool = False,
) -> Response:
    """One home's form, or why what was chosen was turned down."""
    typed, error = turned_down or (None, None)
    text, user = texts(request), session.user
    now = await at.configurations.of(user.reach, home)
    detail, found = await at.homes.one(user.reach, home), await at.dry_runs.newest(home, user)
    budget: dict[str, Any] = (now.settings.budget if now.settings else None) or {}
    if tried and found:
        budget = max(found, key=lambda line: line.command.issued_at).asked.change.budget or {}
    filled = typed or Blank(form_of(budget), seen=f"{now.edition}")
    return page(
        request, "budget", session=session, status=status_for(error), section="organisations",
        here=f"{HERE}/{home}", notice=_notice(request, error), home=home,
        label=words.home(detail.label, home), typed=filled, rows=rows_of(budget, filled, text),
        hubs=[(hub.hub, standing_line(hub, now.version, text)) for hub in now.hubs],
        tried=[panel(line, Clock(at.clock(), detail.time_zone, text)) for line in found],
    )  # fmt: skip


def _notice(request: Request, error: Exception | None) -> Notice | None:
    text = texts(request)
    if error is not None:
        return Notice("conflict", text("budgets.not_kept"), escape(f"{error}"))
    word = notice_word(request)
    if word == _TRY:
        return Notice("done", text("dry_run.is_asked"))
    return Notice("done", text("budgets.kept")) if word == "kept" else None
