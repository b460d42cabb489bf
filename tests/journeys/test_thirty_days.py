"""A hub that was cut off for a month catches up, and a call for help meanwhile does not queue."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import aiomqtt
import asyncpg
import pytest

from contract import SensorEvent
from contract.recordings import write_recording
from gateway.journal import Journal
from tests.api.server import CentreProcess
from tests.gateway.household import Household
from tests.support.broker import Mosquitto
from tests.support.program import run

pytestmark = [pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(240)]

DAYS = 30
A_DAY = 400
CATCH_UP_S = 30.0
URGENT_S = 2.0

PENDANT = '[[sensors]]\nname = "pendant"\nkind = "button"\nplace = "pendant"\n'


def month() -> Iterator[SensorEvent]:
    """A person's days until an hour ago, some 400 events each."""
    end = datetime.now(UTC) - timedelta(hours=1)
    start = (end - timedelta(days=DAYS)).replace(microsecond=0)
    for number in range(DAYS * A_DAY):
        at = start + timedelta(days=number / A_DAY)
        door = number % 40 == 0
        yield SensorEvent(
            home="h1",
            sensor="front-door" if door else "bathroom-motion",
            kind="opening" if door else "motion",
            place="front_door" if door else "bathroom",
            at=at,
            value=1,
        )


async def count(database_url: str, query: str) -> int:
    connection = await asyncpg.connect(database_url)
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()


async def until(database_url: str, query: str, least: int, seconds: float) -> float:
    """Waits until a count is reached; how long that took."""
    started = monotonic()
    while await count(database_url, query) < least:
        assert monotonic() - started < seconds, f"after {seconds:g} s: {query}"
        await asyncio.sleep(0.02)
    return monotonic() - started


async def test_a_month_offline_is_caught_up_and_a_call_for_help_meanwhile_comes_at_once(
    tmp_path: Path, broker: Mosquitto, database_url: str
) -> None:
    centre = CentreProcess(tmp_path, database_url)
    centre.start()
    added = run("telecare-api", "add-hub", "--home", "h1", environment=centre.environment)
    hub = re.findall(r"hub-\w+", added.stderr)[0]
    home = Household(tmp_path / "hub", port=broker.port, centre=centre.url, clock="wall")
    home.path.write_text(home.path.read_text().replace("hub-1", hub) + PENDANT)
    run("telecare-gateway", "claim", added.stdout.strip(), "--settings", home.path)
    centre.stop()
    recording = tmp_path / "month.jsonl.gz"
    write_recording(recording, list(month()))
    run("telecare-gateway", "import", recording, "--settings", home.path)
    with Journal.open_read_only(home.journal_path) as journal:
        waiting = journal.outbox.waiting()
    assert waiting >= DAYS * A_DAY
    home.program.start()
    try:
        await asyncio.sleep(3)  # cut off, and trying
        centre.start()
        received = "select coalesce(sum(upper(r) - lower(r)), 0) from journal, unnest(received) r"
        await until(database_url, received, 1, 90)
        began = monotonic()
        async with aiomqtt.Client(broker.host, broker.port) as devices:
            await devices.publish("zigbee2mqtt/pendant", b'{"action":"single"}', qos=1)
        left = waiting - await count(database_url, received)
        called = await until(
            database_url, "select count(*) from alert where condition = 'help_button'", 1, 60
        )
        await until(database_url, received, waiting, 120)
        caught_up = monotonic() - began
        assert await count(database_url, "select count(*) from event") >= DAYS * A_DAY
    finally:
        home.program.stop()
        centre.stop()
    print(  # noqa: T201 - the figures are what the test is for
        f"\n{waiting:,} records of {DAYS} days caught up in {caught_up:.1f} s; "
        f"with {left:,} of them still to come, a call for help arrived after {called:.2f} s"
    )
    assert caught_up < CATCH_UP_S
    assert called < URGENT_S
