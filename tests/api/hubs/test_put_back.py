"""A data folder, or the centre, that is as it was before: no call for help is lost."""

import shutil
from pathlib import Path

import asyncpg
import msgspec
import pytest

from api.services import Services
from contract import Alert, Batch, Kind, SensorEvent, utc
from gateway.journal import Intake, Journal
from gateway.journal.turns import Turns
from gateway.uplink.answers import Answer, Received
from tests.api.support import Device, add_device, alert
from tests.gateway.uplink.sending import drain, sender

START = 1_790_000_000.0


def hear(journal: Journal, kind: Kind, after_s: float, count: int) -> None:
    events = [
        SensorEvent(
            home=journal.identity.home,
            sensor=kind,
            kind=kind,
            place="hall",
            at=utc(START + after_s + n),
            value=1.0,
        )
        for n in range(count)
    ]
    journal.write_intake(Intake(events=events), START + after_s)


async def send(services: Services, journal: Journal) -> None:
    """Sends what waits to the real centre, believing each receipt."""
    turns = Turns(journal.outbox)
    hub, home, _ = journal.identity
    while turns.more:
        records = turns.next(1000, 1 << 20)
        batch = Batch(hub=hub, epoch=turns.epoch, records=records, before=turns.before)
        receipt = await services.ingest.store(batch, home)
        assert not turns.is_beyond(receipt.contiguous)
        turns.received(receipt.contiguous, START)
    assert journal.outbox.waiting() == 0


@pytest.mark.parametrize("boots", [("one", "two", "three"), ("one", "one", "one")])
@pytest.mark.parametrize("at_work", [False, True], ids=["after a good end", "at work"])
async def test_a_press_after_a_copied_folder_was_put_back_is_at_the_centre(
    services: Services,
    connection: asyncpg.Connection,
    tmp_path: Path,
    boots: tuple[str, str, str],
    at_work: bool,
) -> None:
    device: Device = await add_device(services)
    hub, folder, image = device.batch([]).hub, tmp_path / "data", tmp_path / "image"
    folder.mkdir()
    path = folder / "journal.sqlite"
    with Journal.open(path, hub, device.home, boot=boots[0]) as journal:
        hear(journal, Kind.MOTION, 0, 5)
        await send(services, journal)
        if at_work:
            shutil.copytree(folder, image)
    if not at_work:
        shutil.copytree(folder, image)
    with Journal.open(path, hub, device.home, boot=boots[1]) as journal:
        hear(journal, Kind.MOTION, 100, 4)
        await send(services, journal)
    shutil.rmtree(folder)
    shutil.copytree(image, folder)
    with Journal.open(path, hub, device.home, boot=boots[2]) as journal:
        hear(journal, Kind.BUTTON, 200, 1)
        await send(services, journal)
        hear(journal, Kind.MOTION, 300, 6)
        await send(services, journal)
    query = "select kind, count(*) from event where home = $1 group by kind"
    rows = await connection.fetch(query, device.home)
    assert {row["kind"]: row["count"] for row in rows} == {"button": 1, "motion": 15}


@pytest.mark.parametrize("again", [False, True], ids=["the hub goes on", "the hub starts anew"])
async def test_a_press_that_a_restored_centre_has_forgotten_is_sent_again(
    services: Services, connection: asyncpg.Connection, tmp_path: Path, again: bool
) -> None:
    device: Device = await add_device(services)
    hub, path = device.batch([]).hub, tmp_path / "journal.sqlite"
    journal = Journal.open(path, hub, device.home, boot="one")
    hear(journal, Kind.MOTION, 0, 5)
    await send(services, journal)
    hear(journal, Kind.BUTTON, 100, 1)
    hear(journal, Kind.MOTION, 110, 3)
    await send(services, journal)
    await connection.execute("delete from event where at >= to_timestamp($1)", START + 100)
    await connection.execute("update journal set received = '{[1,6)}' where hub = $1", hub)
    if again:
        journal.close()
        journal = Journal.open(path, hub, device.home, boot="one")
    with journal:
        hear(journal, Kind.MOTION, 300, 2)
        await send(services, journal)
    query = "select kind, count(*) from event where home = $1 group by kind"
    rows = await connection.fetch(query, device.home)
    assert {row["kind"]: row["count"] for row in rows} == {"button": 1, "motion": 10}


class Line:
    """The way to the real centre, without HTTP."""

    date: float | None = None

    def __init__(self, services: Services, home: str) -> None:
        self._services, self._home = services, home

    async def send(self, batch: Batch, token: str) -> Answer:
        assert token
        return Received(await self._services.ingest.store(batch, self._home))


@pytest.mark.parametrize("again", [False, True], ids=["the hub goes on", "the hub starts anew"])
async def test_a_press_before_a_start_is_sent_again_though_a_later_alert_was_backed_up(
    services: Services, connection: asyncpg.Connection, tmp_path: Path, again: bool
) -> None:
    device: Device = await add_device(services)
    hub, path = device.batch([]).hub, tmp_path / "journal.sqlite"
    line = Line(services, device.home)
    with Journal.open(path, hub, device.home, boot="one") as journal:
        hear(journal, Kind.MOTION, 0, 5)
        hear(journal, Kind.BUTTON, 100, 1)
    journal = Journal.open(path, hub, device.home, boot="two")
    said = msgspec.convert(alert(device.home), Alert)
    journal.write_together([said], lambda _: None, START)
    uplink = sender(journal, line)
    await uplink.step()  # the alert goes ahead, and that is what the back-up has
    query = "select epoch, received from journal where hub = $1"
    backup = await connection.fetch(query, hub)
    hear(journal, Kind.MOTION, 200, 3)
    await drain(uplink)
    assert journal.outbox.waiting() == 0
    await connection.execute("delete from event where home = $1", device.home)
    await connection.execute("update journal set received = '{}' where hub = $1", hub)
    for row in backup:
        await connection.execute(
            "update journal set received = $3 where hub = $1 and epoch = $2", hub, *row
        )
    if again:
        journal.close()
        journal = Journal.open(path, hub, device.home, boot="two")
        uplink = sender(journal, line)
    with journal:
        hear(journal, Kind.MOTION, 300, 2)
        await drain(uplink)
        assert journal.outbox.waiting() == 0
    rows = await connection.fetch(
        "select kind, count(*) from event where home = $1 group by kind", device.home
    )
    assert {row["kind"]: row["count"] for row in rows} == {"button": 1, "motion": 10}
