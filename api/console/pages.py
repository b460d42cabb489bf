"""Turns a template and what it shows into an answer."""

from datetime import datetime
from functools import cache, lru_cache
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from api.console import static_files
from api.console.text import Catalogue, catalogue
from api.console.views import menu, words
from api.console.views.queue import Card
from api.identity.people import Session
from api.refusals import Conflict
from api.services import Services, services

SEE_OTHER = 303
"""After a post the browser fetches the page anew, so that loading it again repeats nothing."""

_NOTICE = "telecare_notice"
_NOTICE_SECONDS = 30

_pages = Environment(
    loader=PackageLoader("api.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.globals.update(static=static_files.address, place=words.place, places_of=menu.places_of)


@cache
def _cards(text: Catalogue) -> Any:
    return _pages.get_template("queue_card.html").make_module({"t": text})


@lru_cache(maxsize=2048)
def drawn(text: Catalogue, card: Card, group: str, severity: str) -> Markup:
    """A card of the queue. The same is drawn once, whoever sees it and however often."""
    return Markup(_cards(text).card_of(card, group, severity))  # noqa: S704 - the template escapes


_pages.globals.update(drawn=drawn)


class Notice(NamedTuple):
    """What the last action did: `done`, or why not: `conflict`."""

    kind: str
    title: str
    text: Markup | None = None


class Blank(dict[str, str]):
    """Field values or errors by field name; a field that is not there is empty."""

    def __missing__(self, _: str) -> str:
        return ""


_DEFAULTS: dict[str, Any] = {"section": "", "exact": False, "errors": Blank(), "typed": Blank()}
"""What a page shows unless it says otherwise: no place in the menu, a form not yet filled in."""


def texts(_: Request) -> Catalogue:
    """The catalogue in the language of whoever asks. There is one language yet."""
    return catalogue("en")


def wants_part(request: Request) -> bool:
    """Whether a page that is already open asks for what has changed on it."""
    return request.headers.get("hx-request") == "true"


def page(
    request: Request,
    name: str,
    *,
    session: Session | None,
    status: int = 200,
    notice: Notice | None = None,
    **shown: Any,
) -> Response:
    """The page `name`, or the live part of it where that is asked for.

    The template sees what is in `shown`, who is signed in, and when the page was made.
    """
    part = wants_part(request)
    text = texts(request)
    made = _now(request)
    html = _pages.get_template(f"{name}_live.html" if part else f"{name}.html").render(
        t=text,
        session=session,
        notice=notice,
        fragment=part,
        demonstration=request.app.state.settings.demonstration == "yes",
        made_iso=made.isoformat("T", "milliseconds"),
        made=_to_the_second(made),
        **{**_DEFAULTS, "here": request.url.path, **shown},
    )
    response = HTMLResponse(html, status, headers={"Vary": "HX-Request"})
    if not part:
        response.delete_cookie(_NOTICE)
    return response


def go_to(request: Request, path: str, *, notice: str = "") -> Response:
    """Sends the browser on after a post; `notice` is a word that the next page explains once."""
    response = RedirectResponse(path, SEE_OTHER)
    if notice:
        response.set_cookie(
            _NOTICE,
            notice,
            max_age=_NOTICE_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return response


def status_for(error: Exception | None) -> int:
    """The status of a form's page, which says what was wrong with what was typed, if anything."""
    if error is None:
        return HTTPStatus.OK
    return HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY


def notice_word(request: Request) -> str:
    """The word that the last post left for this page, if any."""
    return "" if wants_part(request) else request.cookies.get(_NOTICE, "")


def _now(request: Request) -> datetime:
    at: Services = services(request)
    return at.clock()


def _to_the_second(at: datetime) -> Markup:
    """The browser writes it anew in its own zone; without the script it stays in UTC."""
    return Markup('<time datetime="{}" data-confirmed>{} UTC</time>').format(
        at.isoformat("T", "milliseconds"), f"{at:%H:%M:%S}"
    )
