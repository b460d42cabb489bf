"""Hands one alarm to a SCAIP receiver."""

import re
import secrets
import ssl
from pathlib import Path
from typing import Literal

import msgspec

from api.channels.protocol import BadSettings, GiveUp, Message, TryLater
from api.channels.scaip.codec import FORMAT_ERRORS, NOT_NOW, OK, Malformed, write_mrq
from api.channels.scaip.digest import CannotAnswer
from api.channels.scaip.exchange import Ended, Letter, send
from api.channels.scaip.link import Lost, open_link
from api.channels.scaip.mapping import NoIdentity, mrq_of

_WORD = re.compile(r"[A-Za-z0-9._~%+-]{1,64}")
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{0,255}")
_CID = re.compile(r"[0-9]{1,16}")
# Asking again as it is will not help: RFC 3261, 21.
_HOPELESS = frozenset({400, 405, 413, 414, 415, 416, 420, 484, 485, 488, 493, 501, 505, 513})


class ScaipSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where to, and how the receiver knows our homes.

    Attributes:
        host, port: The receiver's; 5060, or 5061 for TLS, if left out.
        transport: `udp`, `tcp` or `tls`.
        ca_file: Who vouches for the receiver, in PEM form; whom the system trusts, if left out.
        user, domain: Whom the alarm is for; `domain` is `host` if left out.
        from_user, from_domain: Who we are; our address if left out.
        username, password: Where the receiver asks for them.
        homes: The receiver's number (`cid`, 1 to 16 digits) of each home.
        centre: Its number of this centre, for heartbeats and what is about many homes.
        content_type: Of an alarm.
        answer_seconds: How long to wait for the receiver's own answer behind its 200 OK.
        t1_ms: Until the first repeat over UDP, in milliseconds.
    """

    host: str
    homes: dict[str, str]
    port: int = 0
    transport: Literal["udp", "tcp", "tls"] = "udp"
    ca_file: str = ""
    user: str = "alarm"
    domain: str = ""
    from_user: str = "telecare"
    from_domain: str = ""
    username: str = ""
    password: str = ""
    centre: str = ""
    content_type: str = "application/scaip+xml"
    answer_seconds: float = 5.0
    t1_ms: int = 500


def check(settings: ScaipSettings) -> None:
    """Raises :class:`BadSettings` for what no SIP address or SCAIP number can hold."""
    for name in ("user", "from_user"):
        if not _WORD.fullmatch(getattr(settings, name)):
            raise BadSettings(f"{name} must be letters, digits and ._~%+-")
    for name in ("host", "domain", "from_domain"):
        if not _HOST.fullmatch(getattr(settings, name)):
            raise BadSettings(f"{name} must be a host's name or address")
    if not settings.host or not 0 <= settings.port < 65536:  # noqa: PLR2004 - as told - ports
        raise BadSettings("host and port must be the receiver's")
    _check_numbers(settings)
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", settings.content_type, re.ASCII):
        raise BadSettings("content_type must be such as application/scaip+xml")
    if '"' in settings.username or not settings.username.isprintable():
        raise BadSettings("username must be printable, without quotes")
    if not (0 < settings.answer_seconds <= 30 and 1 <= settings.t1_ms <= 500):  # noqa: PLR2004 - as ALLOWED says
        raise BadSettings("answer_seconds is above 0 and at most 30, t1_ms from 1 to 500")


def _check_numbers(settings: ScaipSettings) -> None:
    for cid in (*settings.homes.values(), *([settings.centre] if settings.centre else [])):
        if not _CID.fullmatch(cid):
            raise BadSettings("each number of homes, and centre, must be 1 to 16 digits")
    if len(set(settings.homes.values())) < len(settings.homes):
        raise BadSettings("two homes have the same number: help would go to the wrong door")


async def deliver(message: Message, settings: ScaipSettings) -> None:
    """Sends the message; done once the receiver has said, by `snu` 0, that it took it."""
    try:
        mrq = mrq_of(message, settings.homes, settings.centre)
        letter = _letter(settings, write_mrq(mrq), mrq.ref)
    except (NoIdentity, Malformed) as error:
        raise GiveUp(str(error)) from error
    port = settings.port or (5061 if settings.transport == "tls" else 5060)
    try:
        async with open_link(
            settings.transport.upper(), settings.host, port, _trust(settings)
        ) as link:
            ended = await send(letter, link, lambda: secrets.token_hex(8))
    except (Lost, CannotAnswer) as error:
        raise TryLater(str(error)) from error
    _judge(ended)


def _letter(settings: ScaipSettings, body: bytes, ref: str) -> Letter:
    return Letter(
        uri=f"sip:{settings.user}@{settings.domain or settings.host}",
        user=settings.from_user, domain=settings.from_domain, kind=settings.content_type,
        body=body, ref=ref, username=settings.username, password=settings.password,
        t1=settings.t1_ms / 1000, patience=settings.answer_seconds,
    )  # fmt: skip


def _judge(ended: Ended) -> None:
    if ended.mrs is None:
        raise _unanswered(ended)
    snu = ended.mrs.snu
    if snu == OK:
        return
    if snu in FORMAT_ERRORS:
        raise GiveUp(f"the receiver refused it (snu {snu}): {FORMAT_ERRORS[snu]}")
    why = NOT_NOW.get(snu, "for a reason that it does not tell")
    raise TryLater(f"the receiver did not take it (snu {snu}): {why}", ended.retry_after)


def _unanswered(ended: Ended) -> TryLater | GiveUp:
    status = ended.status
    if status == 0:
        return TryLater("there was no answer in time")
    if status < 300:  # noqa: PLR2004 - SIP's class of success
        return TryLater(f"it answered {status}, but did not say in time whether it took the alarm")
    if status < 400:  # noqa: PLR2004 - SIP's class of redirection
        return GiveUp(f"it answered {status}, a redirect, which is not followed")
    if status in _HOPELESS or status > 600:  # noqa: PLR2004 - 600 is busy everywhere
        return GiveUp(f"it answered {status}")
    return TryLater(f"it answered {status}", ended.retry_after)


def _trust(settings: ScaipSettings) -> ssl.SSLContext | None:
    if settings.transport != "tls":
        return None
    if settings.ca_file and not Path(settings.ca_file).is_file():
        raise TryLater("this replica has no such ca_file")
    return ssl.create_default_context(cafile=settings.ca_file or None)
