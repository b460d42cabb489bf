"""Whoever was invited chooses a password. The link's secret never comes by an address."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.console.pages import Blank, go_to, page, texts
from api.console.views.times import in_words
from api.identity.administration import PAGE
from api.identity.new_passwords import PasswordChoice
from api.identity.web import same_origin
from api.refusals import Invalid, NotFound, TooMany
from api.services import Services, services
from api.web.address import address
from api.web.forms import read_form

router = APIRouter(prefix=PAGE)


@router.get("")
async def form(request: Request) -> Response:
    """The form. What stands in the link behind `#` is filled in by the page itself."""
    return _form(request, Blank(), Blank(), HTTPStatus.OK)


@router.post("", dependencies=[Depends(same_origin)])
async def choose(request: Request, at: Annotated[Services, Depends(services)]) -> Response:
    """Sets the password and goes to the sign-in, or says on the form what is wrong."""
    typed = Blank(await read_form(request))
    text = texts(request)
    if typed["password"] != typed["again"]:
        wrong = Blank(form=text("account.differ"))
        return _form(request, typed, wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
    asked = PasswordChoice(invitation=typed["invitation"], password=typed["password"])
    try:
        await at.new_passwords.choose(asked, address(request))
    except (Invalid, NotFound) as error:
        wrong = Blank(form=f"{error}")
        return _form(request, typed, wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooMany as error:
        wait = in_words(max(60, error.retry_after), text)
        many = Blank(form=text("sign_in.too_many", minutes=wait))
        return _form(request, typed, many, HTTPStatus.TOO_MANY_REQUESTS)
    return go_to(request, "/sign-in", notice="chosen")


def _form(request: Request, typed: Blank, errors: Blank, status: int) -> Response:
    return page(
        request, "invitation", session=None, status=status, errors=errors,
        code=typed["invitation"],
    )  # fmt: skip
