"""What sensors saw is stored once: a lost event hides an illness, a double one invents it."""

import asyncio
import itertools
from typing import Any

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.hubs.ingest import MAX_SEQ
from api.refusals import Invalid
from api.services import Services
from api.store.database import Connection
from api.store.reach import CENTRE
from contract import Batch, Gap, Record
from tests.api.support import NOON, Device, SettableClock, add_device

_examples = itertools.count()


async def stored(connection: Connection, device: Device) -> list[int]:
    rows = await connection.fetch("select seq from event where home = $1 order by seq", device.home)
    return [row["seq"] for row in rows]


async def counted(connection: asyncpg.Connection, device: Device) -> int:
    total = await connection.fetchval(
        "select sum(n) from hourly_counts where home = $1", device.home
    )
    return int(total or 0)


batches = st.lists(st.lists(st.integers(1, 30), max_size=12), min_size=1, max_size=8)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches)
async def test_batches_in_any_order_at_once_and_again_store_each_record_once(
    services: Services, connection: asyncpg.Connection, sent: list[list[int]]
) -> None:
    device = await add_device(services, f"example{next(_examples)}")
    made = [device.batch([device.event(seq) for seq in numbers]) for numbers in sent]
    receipts = await asyncio.gather(
        *(services.ingest.store(batch, device.home) for batch in (*made, *made))
    )
    everything = sorted({seq for numbers in sent for seq in numbers})
    assert await stored(connection, device) == everything
    assert await counted(connection, device) == len(everything)
    assert sum(receipt.stored for receipt in receipts) == len(everything)
    last = await services.ingest.store(device.batch([]), device.home)
    contiguous = next((n for n in range(32) if n + 1 not in everything), 0)
    assert last.contiguous == contiguous
    missing = set(range(1, max(everything, default=0))) - set(everything)
    assert {n for gap in last.gaps for n in range(gap.first, gap.last + 1)} == missing


async def test_a_receipt_never_runs_ahead_of_what_is_stored(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    made = [device.batch([device.event(seq)]) for seq in range(1, 41)]

    async def send(batch: Batch) -> None:
        receipt = await services.ingest.store(batch, device.home)
        async with services.database.transaction(CENTRE) as beside:
            there = set(await stored(beside, device))
        assert set(range(1, receipt.contiguous + 1)) <= there

    await asyncio.gather(*(send(batch) for batch in reversed(made)))
    assert await stored(connection, device) == list(range(1, 41))


async def test_a_new_card_in_the_hub_counts_from_one_again_and_nothing_is_taken_for_a_repeat(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    for epoch in ("first", "second"):
        receipt = await services.ingest.store(
            device.batch([device.event(1)], epoch=epoch), device.home
        )
        assert (receipt.epoch, receipt.contiguous, receipt.stored) == (epoch, 1, 1)
    assert await stored(connection, device) == [1, 1]


async def test_what_cannot_be_read_counts_as_received_and_is_kept_aside_with_its_reason(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    bad = {"seq": 2, "kind": "event", "body": {"home": device.home, "sensor": 5}}
    foreign = device.event(3, home="somebody-else")
    sent = device.batch([device.event(1), bad, foreign, device.event(4)])
    receipt = await services.ingest.store(sent, device.home)
    assert receipt.contiguous == 4
    assert [refusal.seq for refusal in receipt.refused] == [2, 3]
    rows = await connection.fetch("select seq, reason, body from refused_record order by seq")
    assert [row["seq"] for row in rows] == [2, 3]
    assert "somebody-else" in rows[1]["reason"]
    assert rows[0]["body"] == bytes(sent.records[1].body)
    again = await services.ingest.store(sent, device.home)
    assert (again.stored, again.contiguous) == (0, 4)
    assert await connection.fetchval("select count(*) from refused_record") == 2


async def test_a_kind_of_a_newer_hub_is_kept_as_it_came(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    sent = device.batch([{"seq": 1, "kind": "dream", "body": {"of": ["sheep", "\0"]}}])
    assert (await services.ingest.store(sent, device.home)).contiguous == 1
    row = await connection.fetchrow("select kind, body from other_record")
    assert row is not None
    assert (row["kind"], row["body"]) == ("dream", bytes(sent.records[0].body).decode())


async def test_fields_this_version_does_not_know_survive(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    sent = device.batch([device.event(1, from_the_future={"x": [1]}, seq=5)])
    await services.ingest.store(sent, device.home)
    body = await connection.fetchval("select body from event")
    assert body == bytes(sent.records[0].body).decode()


async def test_an_alert_is_only_ever_replaced_by_a_newer_version_of_itself(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)

    async def send(seq: int, version: int, **fields: Any) -> None:
        sent = device.batch([device.alert(seq, version=version, **fields)])
        await services.ingest.store(sent, device.home)

    await send(2, 2, text="second", updated_at=NOON.replace(hour=13).isoformat())
    await send(1, 1, text="first")
    found = (await services.alerts.queue(CENTRE)).advisory
    assert [(one.text, one.report_version, one.version) for one in found] == [("second", 2, 1)]
    await send(3, 3, text="third", phase="cleared", updated_at=NOON.replace(hour=14).isoformat())
    found = (await services.alerts.queue(CENTRE)).advisory
    assert [(one.text, one.version) for one in found] == [("third", 2)]
    assert found[0].cleared_at == NOON.replace(hour=14)
    versions = await connection.fetch("select version from alert_report order by version")
    assert [row["version"] for row in versions] == [1, 2, 3]


async def test_a_call_is_shown_though_the_hub_s_card_forgot_the_one_before(
    services: Services, connection: asyncpg.Connection
) -> None:
    """It counts versions from where it forgot: the second call bears the first one's number."""
    device = await add_device(services)

    async def send(epoch: str, seq: int, version: int, hour: int, text: str) -> None:
        at = NOON.replace(hour=hour).isoformat()
        record = device.alert(seq, version=version, text=text, updated_at=at)
        await services.ingest.store(device.batch([record], epoch=epoch), device.home)

    async def shown() -> tuple[str, int]:
        (one,) = (await services.alerts.queue(CENTRE)).advisory
        return one.text, one.report_version

    await send("one", 1, 1, 12, "pressed")
    await send("one", 2, 2, 13, "pressed again, and forgotten")
    await send("two", 1, 2, 13, "the same once more")
    assert await shown() == ("pressed again, and forgotten", 2)
    await send("two", 2, 2, 15, "pressed a third time")
    assert await shown() == ("pressed a third time", 4)
    await send("one", 3, 3, 14, "late from before the cut")
    assert await shown() == ("pressed a third time", 4)
    await send("two", 3, 3, 16, "all is well")
    assert await shown() == ("all is well", 5)
    versions = await connection.fetch("select version from alert_report order by version")
    assert len(versions) == 6


async def test_versions_of_one_alert_in_one_batch_end_at_the_highest(services: Services) -> None:
    device = await add_device(services)
    records = [device.alert(seq, version=seq, text=f"v{seq}") for seq in (1, 2, 3)]
    await services.ingest.store(device.batch(records), device.home)
    (one,) = (await services.alerts.queue(CENTRE)).advisory
    assert one.text == "v3"


async def test_two_homes_may_use_the_same_name_for_an_alert_and_neither_touches_the_other(
    services: Services,
) -> None:
    one, other = await add_device(services), await add_device(services)
    for device in (one, other):
        sent = device.batch([device.alert(1, id="same", text=device.home)])
        await services.ingest.store(sent, device.home)
    texts = {alert.home: alert.text for alert in (await services.alerts.queue(CENTRE)).advisory}
    assert texts == {one.home: one.home, other.home: other.home}


async def test_staff_see_when_a_hub_and_each_sensor_was_last_heard(
    services: Services, clock: SettableClock
) -> None:
    device = await add_device(services, label="Flat 12")
    clock.move(hours=1)
    records = [
        device.event(1, battery=80),
        device.event(2),
        device.event(3, at=NOON.isoformat(), battery=90, quality="late"),
        device.event(4, at=NOON.replace(hour=20).isoformat(), quality="replayed"),
        device.health(5, software="0.1.0", queued=7),
        device.health(6, at=NOON.replace(hour=11).isoformat(), queued=9),
    ]
    await services.ingest.store(device.batch(records), device.home)
    home = await services.homes.one(CENTRE, device.home)
    (sensor,) = home.sensors
    assert sensor.last_at == NOON.replace(minute=2)  # what was replayed is not the sensor speaking
    assert sensor.battery == 80
    (hub,) = home.hubs
    assert hub.last_seen_at == clock.now
    assert hub.reported is not None
    assert hub.reported.queued == 7  # the newest by its own time, whatever the order
    assert hub.missing == 0


async def test_staff_see_how_many_records_are_missing(services: Services) -> None:
    device = await add_device(services)
    records = [device.event(seq) for seq in (3, 4, 9)]
    receipt = await services.ingest.store(device.batch(records), device.home)
    assert receipt.gaps == [Gap(first=1, last=2), Gap(first=5, last=8)]
    (hub,) = (await services.homes.one(CENTRE, device.home)).hubs
    assert hub.missing == 6


@pytest.mark.parametrize(("epoch", "seq"), [("e\0", 1), ("e1", MAX_SEQ + 1)])
async def test_numbers_and_epochs_no_database_holds_are_refused_before_it_is_asked(
    services: Services, epoch: str, seq: int
) -> None:
    device = await add_device(services)
    with pytest.raises(Invalid):
        await services.ingest.store(device.batch([device.event(seq)], epoch), device.home)


async def test_nesting_deeper_than_the_database_can_read_is_refused(services: Services) -> None:
    device = await add_device(services)
    body = msgspec.Raw(b"[" * 100_000 + b"]" * 100_000)
    deep = Batch(hub=device.hub, epoch="e1", records=[Record(seq=1, kind="dream", body=body)])
    with pytest.raises(Invalid, match="nested too deeply"):
        await services.ingest.store(deep, device.home)
    assert (await services.ingest.store(device.batch([]), device.home)).contiguous == 0


async def test_a_journal_that_is_all_holes_cannot_fill_the_database(services: Services) -> None:
    device = await add_device(services)
    records = [device.event(seq) for seq in range(1, 20_002, 2)]
    full = [device.batch(records[at : at + 1000]) for at in range(0, 10_000, 1000)]
    for batch in full:
        await services.ingest.store(batch, device.home)
    with pytest.raises(Invalid, match="gaps"):
        await services.ingest.store(device.batch(records[10_000:]), device.home)
