"""Checks of the centre: whether it is reached, trusted, and takes this hub's token."""

import os
import sqlite3
import time
from contextlib import closing
from http import HTTPStatus

from contract import Batch, Receipt
from gateway.doctor.finding import Finding, note, ok, skipped, wrong
from gateway.errors import HubError
from gateway.journal import Journal, JournalError
from gateway.settings import Files, Settings
from gateway.uplink.answers import Answer, Away, Received, Refused, is_unknown
from gateway.uplink.asking import ask_as
from gateway.uplink.centre import Centre, ProxyError
from gateway.uplink.key import load_key
from gateway.uplink.keyring import Looking
from gateway.uplink.proxy import proxy_of
from gateway.uplink.token import Signer

OFF_S = 60.0
"""Seconds that hub and centre may differ before it is worth a word."""
_NO_EPOCH = "doctor"


async def check_centre(settings: Settings, files: Files) -> list[Finding]:
    """Sends a batch without records, as the hub does when it starts: it changes nothing."""
    if settings.centre is None:
        return [skipped("centre", "none in the settings; everything stays on this hub")]
    signer = _signer(settings, files)
    epoch, _ = _epoch(files)
    batch = Batch(hub=settings.hub.id, epoch=epoch, records=[])
    try:
        proxy = proxy_of(settings.centre, os.environ)
        async with Centre(settings.centre.url, files.ca, proxy) as centre:
            answer = await _sent(centre, batch, signer)
            theirs, now = centre.date, time.time()
    except ProxyError as error:
        return [wrong("centre", str(error), "mend HTTPS_PROXY, or set [centre] proxy")]
    except HubError as error:
        return [wrong("centre", str(error), "name the right file in [centre] ca_file")]
    found = [_answered(settings.centre.url, answer, claimed=signer is not None)]
    if isinstance(answer, Received):
        found += copied(answer.receipt, *_epoch(files))
    if theirs is not None:
        found.append(_clocks(now - theirs))
    return found


async def _sent(centre: Centre, batch: Batch, signer: Signer | None) -> Answer:
    if signer is None:
        return await centre.send(batch, "none")
    return await ask_as(signer, centre, lambda token: centre.send(batch, token), is_unknown)


def _signer(settings: Settings, files: Files) -> Signer | None:
    """What signs; None without a key, which `key` tells."""
    try:
        return Signer(settings.hub.id, load_key(files.key), Looking(files.key))
    except HubError:
        return None


def _epoch(files: Files) -> tuple[str, int]:
    """The journal's, and how many records it has in it.

    A hub that has none yet asks by a name that the centre stores nothing of.
    """
    try:
        with closing(Journal.open_read_only(files.journal)) as journal:
            newest = journal.outbox.epochs()[-1]
            return newest.name, journal.outbox.last - newest.base
    except (JournalError, sqlite3.DatabaseError):  # `journal` tells of it
        return _NO_EPOCH, 0


def copied(receipt: Receipt, epoch: str, count: int) -> list[Finding]:
    """Whether the centre has more of this journal than there is: it is an old copy."""
    if receipt.epoch != epoch or receipt.contiguous <= count:
        return []
    return [
        note(
            "old copy",
            f"the centre has {receipt.contiguous:,} records where this journal has {count:,}: it "
            "was put back from a copy",
            "start the hub: it goes on by new numbers; see that no other machine runs with a copy "
            "of this data folder",
        )
    ]


def _answered(url: str, answer: Answer, *, claimed: bool) -> Finding:
    match answer:
        case Received(receipt):
            return ok(
                "centre", f"{url}: takes this hub's token; has {receipt.contiguous:,} records"
            )
        case Away(why, untrusted=True):
            return wrong(
                "centre",
                f"{url}: its certificate is not trusted: {why}",
                "see the clock above; where the centre has its own authority, name its certificate "
                "in [centre] ca_file",
            )
        case Away(why):
            return wrong(
                "centre",
                f"{url}: cannot be reached: {why}",
                "see whether this machine is online and the address is right; nothing is lost "
                "meanwhile",
            )
        case Refused():
            return _refused(url, answer, claimed=claimed)
        case _:
            return wrong("centre", f"{url}: {answer.why}", "tell the centre; nothing is lost")


def _refused(url: str, answer: Refused, *, claimed: bool) -> Finding:
    if not claimed:
        return note(
            "centre",
            f"{url}: is there ({answer.status}); the hub has no key to show it",
            f"claim the hub: telecare-gateway claim CODE ({answer.why})",
        )
    if is_unknown(answer):
        return wrong(
            "centre",
            f"{url}: does not know this hub by its key: {answer.why}",
            "see [hub] id and the clock; else ask the centre for a code and claim the hub",
        )
    if answer.forget:
        return wrong(
            "centre",
            f"{url}: erased this home: {answer.why}",
            "disable and stop the hub, then delete what it keeps: telecare-gateway forget HUB",
        )
    away = answer.status == HTTPStatus.FORBIDDEN
    said = f"turns this hub away: {answer.why}" if away else answer.why
    return wrong("centre", f"{url}: {said}", "tell the centre; nothing is lost")


def _clocks(ahead: float) -> Finding:
    if abs(ahead) <= OFF_S:
        return ok("clock and centre", "agree within a minute")
    way = "ahead of" if ahead > 0 else "behind"
    return wrong(
        "clock and centre",
        f"this machine is {abs(ahead):,.0f} s {way} the centre",
        "let the machine reach a time server (timedatectl)",
    )
