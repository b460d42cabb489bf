"""How soon a message is safe on the hub's disk, and an urgent alert at the centre.

Hub, broker, centre and database are the real programs on one machine; the centre has an alert when
its database shows it to another connection.
"""

import asyncio
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from tests.benchmarks.hub import Fitted, settings
from tests.benchmarks.table import Row, said
from tests.support.broker import Mosquitto
from tests.support.database import Postgres
from tests.support.ports import free_port
from tests.support.program import Program, run, wait_until

A_SECOND, SECONDS = 200, 10
PRESSES = 100
LOOK_S = 0.001
PATIENCE_S = 20.0


def rows(broker: Mosquitto, folder: Path) -> Iterator[Row]:
    """The figures, as they come."""
    with Fitted(folder / "journalled", broker, 5) as hub:
        hub.start()
        found = _journalled(hub)
    yield Row(f"publish to journalled, {A_SECOND} messages a second", said(found), "p99 < 50 ms")
    with (
        TemporaryDirectory(prefix="telecare-postgres-") as name,
        Postgres(Path(name) / "data") as postgres,
        Fitted(folder / "urgent", broker, 5) as hub,
    ):
        found, resident = _at_the_centre(hub, broker, folder, postgres.create_database())
    yield Row("press of the help button to the alert at the centre", said(found), "p99 < 300 ms")
    yield Row("hub with a centre: resident", f"{resident / 2**20:.0f} MiB", "under 120 MiB")


def _journalled(hub: Fitted) -> list[float]:
    """Seconds from each publish until the journal counts its event."""
    published: list[float] = []
    seen: list[float] = []
    total = A_SECOND * SECONDS
    with closing(sqlite3.connect(f"file:{hub.journal}?mode=ro", uri=True)) as journal:
        begun = time.perf_counter()
        while len(seen) < total:
            now = time.perf_counter()
            assert now - begun < SECONDS + PATIENCE_S, f"{len(seen)} of {total} journalled"
            if len(published) < total and now >= begun + len(published) / A_SECOND:
                hub.publish("sensor-0", "motion", 1.0)
                published.append(now)
            (count,) = journal.execute(
                "select coalesce(max(count), 0) from counters where name = 'events'"
            ).fetchone()
            seen += [time.perf_counter()] * (count - len(seen))
            time.sleep(LOOK_S)
    return [there - here for here, there in zip(published, seen, strict=True)]


def _at_the_centre(
    hub: Fitted, broker: Mosquitto, folder: Path, database_url: str
) -> tuple[list[float], int]:
    """Seconds from each press to its alert, and the memory of a hub with a centre."""
    port = free_port()
    environment = {"DATABASE_URL": database_url, "TELECARE_PORT": str(port)}
    centre = Program(["telecare-api", "serve"], folder / "centre.log", environment)
    centre.start()
    try:
        wait_until(lambda: "the centre is at" in centre.said(), 60, "the centre listens")
        added = run("telecare-api", "add-hub", "--home", "bench", environment=environment)
        name = re.findall(r"hub-\w+", added.stderr)[0]
        path = folder / "urgent" / "hub.toml"
        sensors = [("pendant", "button", "pendant"), *hub.sensors]
        path.write_text(
            settings(broker, hub.journal.parent, sensors, name)
            + f'\n[centre]\nurl = "http://127.0.0.1:{port}"\n'
        )
        run("telecare-gateway", "claim", added.stdout.strip(), "--settings", path)
        hub.start()
        return asyncio.run(_pressed(hub.publish, database_url)), hub.resident()
    finally:
        centre.stop()


async def _pressed(publish: Callable[[str, str, float], None], database_url: str) -> list[float]:
    found: list[float] = []
    connection = await asyncpg.connect(database_url)
    try:
        for number in range(1, PRESSES + 2):
            pressed = time.perf_counter()
            publish("pendant", "button", 1.0)
            while await _raised(connection) < number:
                assert time.perf_counter() - pressed < PATIENCE_S, f"press {number} went unheard"
                await asyncio.sleep(LOOK_S)
            found.append(time.perf_counter() - pressed)
            publish("pendant", "button", 0.0)
            await asyncio.sleep(0.2)
    finally:
        await connection.close()
    return found[1:]  # the first finds the centre's connections yet to be made


async def _raised(connection: asyncpg.Connection) -> int:
    return int(
        await connection.fetchval("select count(*) from alert where condition = 'help_button'")
    )
