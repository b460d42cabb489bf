"""`telecare-gateway rotate-key`: the hub makes a new key, and the centre takes it."""

import argparse
import asyncio
import os
from base64 import urlsafe_b64encode
from http import HTTPStatus

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.keys import key_statement
from gateway.commands.common import add_settings, fail, say, with_settings
from gateway.errors import HubError
from gateway.settings import Files, Settings
from gateway.uplink.asking import ask_as
from gateway.uplink.centre import Centre, problem
from gateway.uplink.key import load_key, public_text
from gateway.uplink.keyring import Looking, alone, make_following, settle
from gateway.uplink.proxy import proxy_of
from gateway.uplink.token import Signer

_EPILOG = """\
Do it when somebody may have had the memory card in their hands. The old key vouches for the new one
and from then on opens nothing. The running hub goes on with the new one by itself. Where it was cut
off, nothing is lost: whichever key the centre knows, the hub has. Run it again to finish.

example
  telecare-gateway rotate-key --settings hub.toml
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Changes the key."""
    return with_settings(args.settings, _rotate)


def _rotate(settings: Settings, files: Files) -> int:
    if settings.centre is None:
        return fail("the settings name no centre; add [centre] with its url", code=2)
    try:
        old = load_key(files.key)
        with alone(files.key):
            new = make_following(files.key)
            response = asyncio.run(_told(settings, files, old, new))
            if response.status_code == HTTPStatus.OK:
                settle(files.key, new)
    except HubError as error:
        return fail(error)
    except OSError as error:
        return fail(f"{files.key}: the new key cannot be put in its place: {error.strerror}")
    except httpx.HTTPError as error:
        return fail(
            f"{settings.centre.url}: the centre cannot be reached: {error}; the key is as it was, "
            "run this again"
        )
    if response.status_code != HTTPStatus.OK:
        return fail(f"the key is as it was: {problem(response)}")
    say(f"the centre knows this hub by a new key: {public_text(new)}")
    return 0


async def _told(
    settings: Settings, files: Files, old: Ed25519PrivateKey, new: Ed25519PrivateKey
) -> httpx.Response:
    """Tells the centre with a token of the old key, and where it has taken the new one, of that."""
    assert settings.centre is not None  # noqa: S101 - looked at above
    hub = settings.hub.id
    said = _statement(hub, old, new)
    async with Centre(settings.centre.url, files.ca, proxy_of(settings.centre, os.environ)) as to:
        return await ask_as(
            Signer(hub, old, Looking(files.key)),
            to,
            lambda token: to.rotate(hub, token, said),
            lambda response: response.status_code == HTTPStatus.UNAUTHORIZED,
        )


def _statement(hub: str, old: Ed25519PrivateKey, new: Ed25519PrivateKey) -> dict[str, str]:
    public = public_text(new)
    said = key_statement(hub, public)
    signatures = {"by_old": old.sign(said), "by_new": new.sign(said)}
    return {
        "public_key": public,
        **{name: _text(signature) for name, signature in signatures.items()},
    }


def _text(signature: bytes) -> str:
    return urlsafe_b64encode(signature).rstrip(b"=").decode()
