"""A month without a line to the centre: how soon it is caught up, and what a call for help waits.

Hub, broker, centre and database are the real programs on one machine.
"""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple

import aiomqtt
import asyncpg

from contract import SensorEvent
from contract.recordings import write_recording
from gateway.journal import Journal
from tests.api.server import CentreProcess
from tests.benchmarks.table import Row
from tests.gateway.household import Household
from tests.support.broker import Mosquitto
from tests.support.database import Postgres
from tests.support.program import run

DAYS, A_DAY = 30, 400
MOST_CATCHING_UP_S, MOST_URGENT_S = 30.0, 2.0

_PENDANT = '[[sensors]]\nname = "pendant"\nkind = "button"\nplace = "pendant"\n'
_RECEIVED = "select coalesce(sum(upper(r) - lower(r)), 0) from journal, unnest(received) r"
_CALLED = "select count(*) from alert where condition = 'help_button'"
_EVENTS = "select count(*) from event"
_LOOK_S = 0.02


class Caught(NamedTuple):
    """What a month offline came to.

    Attributes:
        waiting: Records that the hub had for the centre.
        events: Of them and the call, events that the centre's database holds in the end.
        left: Records that were still to come when the button was pressed.
        called_s: From the press to its alert in the centre's database.
        caught_up_s: From the first receipt to the last.
    """

    waiting: int
    events: int
    left: int
    called_s: float
    caught_up_s: float


def rows(broker: Mosquitto, folder: Path) -> Iterator[Row]:
    """The figures, as they come."""
    with (
        TemporaryDirectory(prefix="telecare-postgres-") as name,
        Postgres(Path(name) / "data") as postgres,
    ):
        found = measure(broker, folder, postgres.create_database())
    yield Row(
        f"{DAYS} days offline, {found.waiting:,} records: caught up after",
        f"{found.caught_up_s:.1f} s",
        f"under {MOST_CATCHING_UP_S:g} s",
    )
    yield Row(
        f"press of the help button with {found.left:,} of them to come: the alert at the centre",
        f"{found.called_s:.2f} s",
        f"under {MOST_URGENT_S:g} s",
    )


def measure(broker: Mosquitto, folder: Path, database_url: str) -> Caught:
    """Cuts a hub off for a month, lets it come back, and presses its help button meanwhile.

    Raises:
        AssertionError: If the centre has not got all of it after two minutes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    centre = CentreProcess(folder, database_url)
    try:
        return asyncio.run(_lived(broker, folder, centre, database_url))
    finally:
        centre.stop()


def _month() -> Iterator[SensorEvent]:
    """A person's days until an hour ago."""
    start = (datetime.now(UTC) - timedelta(days=DAYS, hours=1)).replace(microsecond=0)
    for number in range(DAYS * A_DAY):
        door = number % 40 == 0
        yield SensorEvent(
            home="h1",
            sensor="front-door" if door else "bathroom-motion",
            kind="opening" if door else "motion",
            place="front_door" if door else "bathroom",
            at=start + timedelta(days=number / A_DAY),
            value=1,
        )


async def _lived(
    broker: Mosquitto, folder: Path, centre: CentreProcess, database_url: str
) -> Caught:
    home, waiting = _cut_off(broker, folder, centre)
    home.program.start()
    database = await asyncpg.connect(database_url)
    try:
        await asyncio.sleep(3)  # cut off, and trying
        centre.start()
        await _until(database, _RECEIVED, 1, 90)
        back = monotonic()
        async with aiomqtt.Client(broker.host, broker.port) as devices:
            await devices.publish("zigbee2mqtt/pendant", b'{"action":"single"}', qos=1)
        left = waiting - await database.fetchval(_RECEIVED)
        called_s = await _until(database, _CALLED, 1, 60)
        await _until(database, _RECEIVED, waiting, 120)
        caught_up_s = monotonic() - back
        events = await database.fetchval(_EVENTS)
    finally:
        home.program.stop()
        await database.close()
    return Caught(waiting, events, int(left), called_s, caught_up_s)


def _cut_off(broker: Mosquitto, folder: Path, centre: CentreProcess) -> tuple[Household, int]:
    """A home whose hub was claimed and then lived a month by itself; what it has to send."""
    centre.start()
    added = run("telecare-api", "add-hub", "--home", "h1", environment=centre.environment)
    (hub,) = re.findall(r"hub-\w+", added.stderr)[:1]
    home = Household(folder / "hub", port=broker.port, centre=centre.url, clock="wall")
    home.path.write_text(home.path.read_text().replace("hub-1", hub) + _PENDANT)
    run("telecare-gateway", "claim", added.stdout.strip(), "--settings", home.path)
    centre.stop()
    recording = folder / "month.jsonl.gz"
    write_recording(recording, list(_month()))
    run("telecare-gateway", "import", recording, "--send", "--settings", home.path)
    with Journal.open_read_only(home.journal_path) as journal:
        return home, journal.outbox.waiting()


async def _until(database: asyncpg.Connection, query: str, least: int, seconds: float) -> float:
    """Waits until a count is reached; how long that took."""
    started = monotonic()
    while await database.fetchval(query) < least:
        assert monotonic() - started < seconds, f"after {seconds:g} s: {query}"
        await asyncio.sleep(_LOOK_S)
    return monotonic() - started
