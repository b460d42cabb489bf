"""Signing in and out."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views.times import in_words
from api.identity.second_factor import CodeNeeded
from api.identity.service import OIDC
from api.identity.web import InPerson, drop, keep, same_origin, session_token
from api.refusals import NotSignedIn, TooMany
from api.services import Services, services
from api.web.address import address
from api.web.forms import read_form

router = APIRouter()

AT_FIRST = "/queue"


@router.get("/")
async def start() -> Response:
    """The console begins with the queue."""
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": AT_FIRST})


@router.get("/sign-in")
async def form(request: Request, next: str = AT_FIRST) -> Response:  # noqa: A002  # its name in the address
    """The form."""
    text = texts(request)
    word = notice_word(request)
    known = {"ended": "done", "ended_oidc": "done", "chosen": "done", "first": "conflict"}
    said = text("sign_in.ended") if word == "ended_oidc" else None
    notice = Notice(known[word], said or text(f"sign_in.{word}")) if word in known else None
    return page(
        request,
        "sign_in",
        session=None,
        next=inside(next),
        notice=notice,
        provider=_provider(request),
        out=word == "ended_oidc",
    )


@router.post("/sign-in", dependencies=[Depends(same_origin)])
async def sign_in(request: Request, at: Annotated[Services, Depends(services)]) -> Response:
    """Opens a session, or says on the form what is wrong."""
    typed = Blank(await read_form(request))
    text = texts(request)
    errors = Blank(
        {
            name: text(f"sign_in.missing_{name}")
            for name in ("username", "password")
            if not typed[name].strip()
        }
    )
    if errors:
        return refuse_on_form(request, typed, errors, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        signed_in = await at.staff.sign_in(
            typed["username"],
            typed["password"],
            address(request),
            code=typed["code"],
            old_token=session_token(request),
        )
    except CodeNeeded as error:
        if error.extra.get("passkey"):
            needed = Blank(form=text("sign_in.needs_passkey"))
            return refuse_on_form(request, typed, needed, HTTPStatus.UNPROCESSABLE_ENTITY)
        asked = Blank(code=text("sign_in.wrong_code" if typed["code"] else "sign_in.missing_code"))
        return refuse_on_form(request, typed, asked, HTTPStatus.UNPROCESSABLE_ENTITY)
    except NotSignedIn:
        wrong = Blank(form=text("sign_in.wrong"))
        return refuse_on_form(request, typed, wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooMany as error:
        wait = in_words(max(60, error.retry_after), text)
        many = Blank(form=text("sign_in.too_many", minutes=wait))
        return refuse_on_form(request, typed, many, HTTPStatus.TOO_MANY_REQUESTS)
    response = go_to(request, inside(typed["next"]))
    keep(request, response, signed_in)
    return response


@router.post("/sign-out")
async def sign_out(
    request: Request, _: InPerson, at: Annotated[Services, Depends(services)]
) -> Response:
    """Ends the session."""
    token = session_token(request)
    by = await at.staff.sign_out(token) if token else ""
    response = go_to(request, "/sign-in", notice="ended_oidc" if by == OIDC else "ended")
    drop(request, response)
    return response


def refuse_on_form(request: Request, typed: Blank, errors: Blank, status: int) -> Response:
    """The form again, with what is wrong."""
    return page(
        request,
        "sign_in",
        session=None,
        status=status,
        next=inside(typed["next"]),
        typed=typed,
        errors=errors,
        provider=_provider(request),
        out=False,
    )


def _provider(request: Request) -> str:
    """What the provider is called that staff may sign in with; empty for none."""
    federation = services(request).federation
    return federation.provider.name if federation else ""


def inside(path: str) -> str:
    """A path of this console; anything that could lead elsewhere becomes the queue."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain else AT_FIRST
