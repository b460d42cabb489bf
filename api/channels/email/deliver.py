"""Hands one e-mail to an SMTP server."""

import asyncio
import re
import ssl
from contextlib import suppress
from pathlib import Path
from typing import Literal

import aiosmtplib
import msgspec

from api.channels.email.letter import write
from api.channels.protocol import BadSettings, GiveUp, Message, TryLater

TIMEOUT = 15.0
"""Seconds for each step of the dialogue."""
PARTING = 2.0
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_PERMANENT = range(500, 600)


class EmailSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where to, and by which server.

    Attributes:
        host, port: The server's.
        security: `starttls` or `tls`; `none` only where the server is on this machine or line.
        ca_file: Who vouches for the server, in PEM form; whom the system trusts, if left out.
        username, password: If the server wants them.
        sender, to: Addresses, without names.
        full: Whether to tell the home's name and what was observed. Mail is read by many.
        link: The console's address, such as `https://centre.example`; empty for no link.
    """

    host: str
    sender: str
    to: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: str = ""
    username: str = ""
    password: str = ""
    full: bool = False
    link: str = ""


def check(settings: EmailSettings) -> None:
    """Raises :class:`BadSettings` for addresses or a combination that will not do."""
    for name in ("sender", "to"):
        if not _ADDRESS.fullmatch(getattr(settings, name)):
            raise BadSettings(f"{name} must be one e-mail address, without a name")
    if not settings.host or not 0 < settings.port < 65536:  # noqa: PLR2004 - TCP's ports
        raise BadSettings("host and port must be the server's")
    if settings.password and settings.security == "none":
        raise BadSettings("a password is never sent without TLS: set security")


async def deliver(message: Message, settings: EmailSettings) -> None:
    """Sends the message; done once the server has taken it over."""
    letter = write(
        message, sender=settings.sender, to=settings.to, full=settings.full, link=settings.link
    )
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        username=settings.username or None,
        password=settings.password or None,
        use_tls=settings.security == "tls",
        start_tls=settings.security == "starttls",
        tls_context=_trust(settings),
        timeout=TIMEOUT,
    )
    try:
        await client.connect()
        await client.send_message(letter)
        await _part(client)
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _answered(error.recipients[0].code) from error
    except (aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPConnectError) as error:
        # Either may be mended at the server while we try.
        raise TryLater(f"it could not be used ({type(error).__name__})") from error
    except aiosmtplib.SMTPResponseException as error:
        raise _answered(error.code) from error
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        # The server's words may name an address, so they are not repeated.
        raise TryLater(f"it could not be used ({type(error).__name__})") from error
    finally:
        client.close()  # at once, also when called off: the library's own way says QUIT first


async def _part(client: aiosmtplib.SMTP) -> None:
    """Takes leave; the message is theirs by now, whatever comes of that."""
    with suppress(aiosmtplib.SMTPException, OSError):
        async with asyncio.timeout(PARTING):
            await client.quit()


def _answered(code: int) -> TryLater | GiveUp:
    if code in _PERMANENT:
        return GiveUp(f"it answered {code}")
    return TryLater(f"it answered {code}" if code > 0 else "its answer was no SMTP")


def _trust(settings: EmailSettings) -> ssl.SSLContext | None:
    if settings.security == "none":
        return None
    if settings.ca_file and not Path(settings.ca_file).is_file():
        raise TryLater("this replica has no such ca_file")
    return ssl.create_default_context(cafile=settings.ca_file or None)
