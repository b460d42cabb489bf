"""All checks in the order in which one leads to the next."""

import math
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from itertools import chain
from pathlib import Path

from gateway.doctor.broker import check_broker, check_link
from gateway.doctor.centre import check_centre
from gateway.doctor.finding import Finding, ok
from gateway.doctor.machine import check_machine
from gateway.doctor.secrets import check_secrets
from gateway.doctor.sensors import check_sensors
from gateway.doctor.service import check_service
from gateway.doctor.standing import check_standing
from gateway.doctor.store import check_store
from gateway.errors import HubError
from gateway.health import machine_health
from gateway.journal import Journal, JournalError
from gateway.settings import Files, Settings
from gateway.settings.secrets import broker_password

LATELY_S = 3600.0


async def examine(
    path: Path,
    settings: Settings,
    files: Files,
    *,
    variables: Mapping[str, str],
    now: float,
    listen_s: float,
    root: Path = machine_health.ROOT,
) -> AsyncIterator[Finding]:
    """Looks a hub over, beside it while it runs.

    Args:
        path: The settings file, in which nothing was wrong.
        settings: What it says.
        files: The files it names.
        variables: The environment, which may hold the broker's password.
        now: The hub's clock, in epoch seconds.
        listen_s: Seconds to listen to the broker.
        root: Of the file system in which the machine tells of itself.

    Yields:
        What each check comes to, as soon as it is known.
    """
    count = len(settings.sensors)
    yield ok(
        "settings", f"{path}: hub {settings.hub.id} of home {settings.hub.home}, {count} sensors"
    )
    for one in check_machine(machine_health.look(root), files.journal.parent):
        yield one
    for one in check_secrets(settings, files, variables):
        yield one
    for one in check_service(files.journal):
        yield one
    for one in check_store(settings, files, now):
        yield one
    for one in check_standing(settings, files, now):
        yield one
    try:
        password = broker_password(files, variables)
    except HubError:  # `password` has told
        password = None
    for one in await check_broker(settings, password, listen_s, _heard_lately(files, now)):
        yield one
    for one in chain(check_link(settings, files), check_sensors(settings, files, now)):
        yield one
    for one in await check_centre(settings, files):
        yield one


def _heard_lately(files: Files, now: float) -> bool:
    """Whether anything came, also from strangers, and what could not be used."""
    try:
        with closing(Journal.open_read_only(files.journal)) as journal:
            heard = [one.at for one in journal.quarantine()]
            if (received := journal.clock().received) is not None:
                heard.append(received)
    except (JournalError, sqlite3.DatabaseError):  # `journal` tells of it
        return False
    return now - max(heard, default=-math.inf) < LATELY_S
