"""Hands one text message to a gateway."""

import base64
import re
from typing import Any, Literal

import msgspec

from api.channels.http import Request, check_url, send
from api.channels.protocol import BadSettings, GiveUp, Message, TryLater
from api.channels.sms.template import NAMES, as_form, as_json, fill, fill_url
from api.channels.words import paragraphs, shortened

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class SmsSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where to, and what the gateway wants to be asked.

    Attributes:
        url: The gateway's; may hold `{to}` and the like.
        to: The telephone number, `+` and the country's code first. May be left out of a
            destination that sends prompts alone, each of which names its own.
        format: Whether `fields` go as a form, as JSON, or not at all (`query`: all is in `url`).
        fields: What the gateway calls what, such as `{"To": "{to}", "Body": "{text}"}`.
        headers: Such as `{"authorization": "Bearer {secret}"}`.
        username: With `secret` it makes `{basic}`.
        secret: The gateway's key or password.
        accepted: Words that an answer of success must hold; any will do if left out.
        full: Whether to tell the home's name and what was observed. Lock screens show it.
        link: The console's address; empty for no link.
        longest: Characters of a text at most.
        allow_private: Whether addresses inside our own networks, and plain HTTP, will do.
    """

    url: str
    to: str = ""
    format: Literal["form", "json", "query"] = "form"
    fields: dict[str, Any] = {}
    headers: dict[str, str] = {}
    username: str = ""
    secret: str = ""
    accepted: str = ""
    full: bool = False
    link: str = ""
    longest: int = 459
    allow_private: bool = False


def check(settings: SmsSettings) -> None:
    """Raises :class:`BadSettings` for an address, a number or a template that will not do."""
    if settings.to and not _NUMBER.fullmatch(settings.to):
        raise BadSettings("to must be a telephone number such as +447700900123")
    if settings.longest < 40:  # noqa: PLR2004 - room for the headline
        raise BadSettings("longest must be 40 at least")
    dry = dict.fromkeys(NAMES, "x")
    check_url(fill_url(settings.url, dry), allow_private=settings.allow_private)
    fill([settings.fields, settings.headers], dry)
    if "{text}" not in f"{settings.url}{settings.fields}":
        raise BadSettings("neither url nor fields hold {text}")


async def deliver(message: Message, settings: SmsSettings) -> None:
    """Sends the message; done once the gateway has said that it took it."""
    if not settings.to:
        raise GiveUp("neither the destination nor the message names a number")
    said = await send(_request(message, settings))
    if settings.accepted not in said:
        raise TryLater("it answered with success, but not with the words that mean it")


def _request(message: Message, settings: SmsSettings) -> Request:
    values = _values(message, settings)
    headers = {str(name).lower(): value for name, value in fill(settings.headers, values).items()}
    content, method = b"", "POST"
    if settings.format == "form":
        content = as_form(fill(settings.fields, values))
        headers.setdefault("content-type", "application/x-www-form-urlencoded")
    elif settings.format == "json":
        content = as_json(fill(settings.fields, values))
        headers.setdefault("content-type", "application/json")
    else:
        method = "GET"
    url = fill_url(settings.url, values)
    return Request(url, content, headers, method, allow_private=settings.allow_private)


def _values(message: Message, settings: SmsSettings) -> dict[str, str]:
    text = "\n".join(paragraphs(message.told, full=settings.full, link=settings.link))
    return {
        "to": settings.to,
        "text": shortened(text, settings.longest),
        "key": message.key,
        "secret": settings.secret,
        "basic": base64.b64encode(f"{settings.username}:{settings.secret}".encode()).decode(),
    }
