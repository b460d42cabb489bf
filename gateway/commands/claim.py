"""`telecare-gateway claim`: the centre learns this hub's key by a one-time code."""

import argparse
import asyncio
import os
from http import HTTPStatus

import httpx
import msgspec

from gateway.commands.common import add_settings, fail, say, with_settings
from gateway.errors import HubError
from gateway.settings import Centre as CentreSettings
from gateway.settings import Files, Settings
from gateway.uplink.centre import Centre, problem
from gateway.uplink.key import load_or_make_key, public_text
from gateway.uplink.proxy import proxy_of

_EPILOG = """\
The hub makes its own key, which never leaves it. Claiming again with the same code is harmless.

example
  telecare-gateway claim 7KQ2-M4TX-9WHD --settings hub.toml
"""
_REMEDIES: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "the code is unknown or has expired; ask the centre for a new one",
    HTTPStatus.CONFLICT: "the code was used by another hub; ask the centre for a new one",
}


class _Claimed(msgspec.Struct):
    hub: str
    home: str


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("code", metavar="CODE", help="the one-time code the centre gave")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Claims."""
    return with_settings(args.settings, lambda settings, files: _claim(args.code, settings, files))


def _claim(code: str, settings: Settings, files: Files) -> int:
    if settings.centre is None:
        return fail("the settings name no centre; add [centre] with its url", code=2)
    try:
        public = public_text(load_or_make_key(files.key))
        response = asyncio.run(_ask(settings.centre, files, code, public))
    except HubError as error:
        return fail(error)
    except httpx.HTTPError as error:
        return fail(f"{settings.centre.url}: the centre cannot be reached: {error}")
    if response.status_code not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        return fail(_REMEDIES.get(response.status_code, problem(response)))
    return _conclude(response, settings)


async def _ask(where: CentreSettings, files: Files, code: str, public: str) -> httpx.Response:
    async with Centre(where.url, files.ca, proxy_of(where, os.environ)) as centre:
        return await centre.claim(code, public)


def _conclude(response: httpx.Response, settings: Settings) -> int:
    """Says who the hub is now, and whether its settings agree."""
    try:
        claimed = msgspec.json.decode(response.content, type=_Claimed)
    except msgspec.DecodeError as error:
        return fail(f"{response.url}: the answer is no claim: {error}")
    if (claimed.hub, claimed.home) != (settings.hub.id, settings.hub.home):
        return fail(
            "claimed; but the settings name another hub or home. Put this into [hub]:\n"
            f'id = "{claimed.hub}"\nhome = "{claimed.home}"'
        )
    say(f"claimed: this is hub {claimed.hub} of home {claimed.home}")
    return 0
