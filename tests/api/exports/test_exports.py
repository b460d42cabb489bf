"""What was taken out is what is there, of whom it should be, and no more than fits in memory."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.exports import datasets, rows
from api.exports.datasets import DATASETS, Column
from api.exports.formats import PAGES, to_csv, to_parquet
from api.refusals import Invalid, NotAllowed, NotFound
from api.services import Services
from contract import Outcome
from tests.api.support import (
    NOON,
    PASSWORD,
    SettableClock,
    add_alert,
    add_device,
    add_user,
    agree,
)

pytestmark = pytest.mark.network
pa = pytest.importorskip("pyarrow", reason="the extra `exports`")
parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `exports`")
DOCS = Path(__file__).parent.parent.parent.parent / "docs" / "exports.md"


@pytest.fixture
async def boss(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> httpx.AsyncClient:
    """An administrator of organisation 1, in which and beside which two homes have lived."""
    other = await services.organisations.add("Others")
    keeper = await add_user(services, "boss", role="administrator", organisations=[1])
    for home, organisation in (("ours", 1), ("our2", 1), ("theirs", other.organisation)):
        device = await add_device(services, home, label=f"Flat {home}", organisation=organisation)
        await agree(services, keeper, home)
        same = NOON.isoformat()  # all of one moment, so that only the number tells them apart
        warm = {"kind": "temperature", "sensor": "t", "at": same}
        records = [device.event(seq, value=seq, **warm) for seq in range(1, 8)]
        yesterday = (NOON - timedelta(days=1)).isoformat()
        records += [device.event(seq, at=yesterday, place="=1+1") for seq in range(8, 11)]
        await services.ingest.store(device.batch(records), home)
        alert = await add_alert(services, device, 20)
        if home == "ours":
            await services.alerts.claim(alert, keeper)
            await services.alerts.resolve(alert, keeper, Outcome.FALSE_ALARM)
    clock.move(minutes=1)
    await client.post("/v1/session", json={"username": "boss", "password": PASSWORD})
    return client


async def table(client: httpx.AsyncClient, file: str) -> list[dict[str, str]]:
    answer = await client.get(f"/v1/organisations/1/exports/{file}")
    assert answer.status_code == httpx.codes.OK, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_every_row_of_the_organisation_is_taken_once_and_names_nobody(
    boss: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PAGES, "csv", 3)
    events = await table(boss, "events.csv")
    assert len(events) == 20
    assert len({(one["patient"], one["at"], one["value"]) for one in events}) == 2 * (7 + 1)
    assert {one["place"] for one in events} == {"bathroom", "'=1+1"}
    counts = await table(boss, "daily_counts.csv")
    assert [(one["day"], one["count"]) for one in counts] == [("2026-03-09", "3")] * 2
    alerts = await table(boss, "alerts.csv")
    assert [one["outcome"] for one in alerts] == ["false_alarm", ""]
    assert alerts[0]["looked_at"] == "2026-03-10T12:00:00Z"
    assert {one["patient"] for one in alerts} == {one["patient"] for one in events}
    told = f"{events}{counts}{alerts}"
    for secret in ("ours", "our2", "theirs", "Flat", "bathroom-pir"):
        assert secret not in told
    user = (await services.staff.sign_in("boss", PASSWORD, "192.0.2.1")).session.user
    log = await services.audit.newest(user.reach, 1, [1], before=2**63 - 1, limit=10)
    assert ("export.take", "events.csv") in {(one.action, one.detail) for one in log}


async def test_parquet_has_the_same_with_its_types_and_words(boss: httpx.AsyncClient) -> None:
    for name in DATASETS:
        where = f"/v1/organisations/1/exports/{name}"
        answer = await boss.get(f"{where}.parquet?identified=true")
        made = parquet.read_table(io.BytesIO(answer.content))
        plain = await table(boss, f"{name}.csv?identified=true")
        assert made.num_rows == len(plain) > 0
        assert made.column_names == list(plain[0])
        assert made.schema.field("patient").metadata[b"description"]
        assert {row["home"] for row in plain} == {"ours", "our2"}
    assert made.schema.field("raised_at").type == pa.timestamp("us", tz="UTC")


async def test_days_that_are_asked_for_are_the_days_one_gets(boss: httpx.AsyncClient) -> None:
    one = await table(boss, "events.csv?since=2026-03-10&until=2026-03-10")
    assert len(one) == 14
    assert len(await table(boss, "events.csv?until=2026-03-09")) == 6
    for wrong in ("events.csv?since=2026-03-02&until=2026-03-01", "events.csv?since=0001-01-01"):
        answer = await boss.get(f"/v1/organisations/1/exports/{wrong}")
        assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    for nowhere in ("1/exports/events.xlsx", "2/exports/events.csv"):
        answer = await boss.get(f"/v1/organisations/{nowhere}")
        assert answer.status_code == httpx.codes.NOT_FOUND


async def test_who_may_not_takes_nothing_out(services: Services, boss: httpx.AsyncClient) -> None:
    del boss
    ann = await add_user(services, "ann", organisations=[1])
    sue = await add_user(services, "sue", role="supervisor", organisations=[1])
    with pytest.raises(NotAllowed):
        await services.exports.take(ann, 1, "alerts.csv")
    with pytest.raises(NotAllowed):
        await services.exports.take(sue, 1, "alerts.csv", identified=True)
    with pytest.raises(NotFound):
        await services.exports.take(sue, 2, "alerts.csv")
    with pytest.raises(Invalid):
        await services.exports.take(sue, 1, "alerts.csv", until=date(9999, 12, 31))


def _row(number: int) -> dict[str, Any]:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    return {"pseudonym": f"p{number % 97}", "home": "h", "at": at, "sensor": "s", "kind": "motion",
            "place": f"r{number * 7919 % 1_000_003}", "value": 1.0, "quality": "ok"}  # fmt: skip


async def _pages(pages: int, size: int) -> AsyncIterator[list[rows.Row]]:
    for page in range(pages):
        yield [_row(number) for number in range(page * size, page * size + size)]


@pytest.mark.parametrize("write", [to_csv, to_parquet])
async def test_a_long_export_holds_a_page_and_never_the_whole(write: Any) -> None:
    columns: list[Column] = DATASETS["events"].shown(identified=False)
    sizes, held = [], []
    async for part in write(columns, _pages(25, 2000)):
        sizes.append(len(part))
        held.append(pa.total_allocated_bytes())
    assert sum(sizes) > 10 * max(sizes), "no part is a large share of the whole"
    assert max(held[15:]) < 2 * max(held[:5]) + 100_000, "what is held does not grow"


def test_the_documented_dictionary_is_the_one_in_force() -> None:
    assert datasets.table() in DOCS.read_text(), "run python -m api.exports.datasets"
