"""Whoever runs the centre sees what is wrong before staff or residents feel it; nobody is named."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from api.operation.metrics import Metrics
from api.operation.survey import KEEP_SECONDS, Survey
from api.services import Services
from api.settings import Settings
from tests.api.server import CentreProcess
from tests.api.support import SettableClock, add_alert, add_device, add_user
from tests.support.ports import free_port

ROOT = Path(__file__).parents[3]


def values(page: bytes) -> dict[tuple[str, frozenset[str]], float]:
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


async def surveyed(services: Services) -> dict[tuple[str, frozenset[str]], float]:
    await Survey(services.database, services.clock, services.metrics).look()
    return values(services.metrics.page())


async def test_requests_are_counted_by_route_and_never_by_what_they_named(
    client: httpx.AsyncClient, services: Services
) -> None:
    for path in (
        "/v1/alerts/17",
        "/v1/alerts/18",
        "/v1/homes/secret-home",
        "/alerts/19",
        "/odd-one",
    ):
        await client.get(path)
    page = services.metrics.page().decode()
    assert 'route="/v1/alerts/{alert}",status="401"} 2.0' in page
    assert 'route="/v1/homes/{home}",status="401"} 1.0' in page
    assert 'route="/alerts/{alert}"' in page
    for needle in ("/17", "/18", "/19", "secret-home", "odd-one"):
        assert needle not in page


async def test_what_hubs_send_and_what_of_it_is_refused_is_counted_without_their_words(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    device = await add_device(services)
    odd = {"seq": 2, "kind": "event", "body": {"Mrs Needle": 1}}
    strange = {"seq": 3, "kind": "needle-kind", "body": {"home": "x"}}
    other = {**device.event(4), "body": {**device.event(4)["body"], "home": "needle-home"}}
    answer = await client.post(
        f"/v1/hubs/{device.hub}/batches",
        content=device.batch_json([device.event(1), odd, strange, other]),
        headers={"Authorization": f"Bearer {device.token(clock.now)}"},
    )
    assert answer.status_code == 200
    told = values(services.metrics.page())
    assert told["telecare_api_ingest_batches_total", frozenset()] == 1
    assert told["telecare_api_ingest_records_total", frozenset()] == 4
    assert told["telecare_api_ingest_refused_total", frozenset({"event", "unreadable"})] == 1
    assert told["telecare_api_ingest_refused_total", frozenset({"event", "other_home"})] == 1
    assert b"eedle" not in services.metrics.page()


async def test_what_waits_too_long_is_told_by_priority_and_state(
    services: Services, clock: SettableClock
) -> None:
    device = await add_device(services)
    alert = await add_alert(services, device, 1, condition="help_button", severity="urgent")
    await add_alert(services, device, 2)
    clock.move(seconds=100)
    told = await surveyed(services)
    assert told["telecare_centre_alerts", frozenset({"urgent", "raised"})] == 1
    assert told["telecare_centre_alert_oldest_seconds", frozenset({"urgent", "raised"})] == 100
    assert told["telecare_centre_duties_missed", frozenset({"urgent", "1"})] == 1
    assert ("telecare_centre_duties_missed", frozenset({"urgent", "2"})) not in told
    assert told["telecare_centre_hubs", frozenset({"heard"})] == 1
    assert told["telecare_centre_migrations_missing", frozenset()] == 0
    await services.alerts.claim(alert, await add_user(services))
    clock.move(seconds=10)
    told = await surveyed(services)
    assert told["telecare_centre_alerts", frozenset({"urgent", "raised"})] == 0
    assert told["telecare_centre_alerts", frozenset({"urgent", "claimed"})] == 1
    assert ("telecare_centre_duties_missed", frozenset({"urgent", "1"})) not in told
    for needle in (device.home, device.hub, "ann", "uti_risk", "Everyone"):
        assert needle.encode() not in services.metrics.page()


@pytest.mark.parametrize("off_s", [660, -90])
async def test_a_machine_whose_clock_is_not_the_databases_is_told(
    services: Services, off_s: float
) -> None:
    machine = SettableClock(datetime.now(UTC) + timedelta(seconds=off_s))
    await Survey(services.database, services.clock, services.metrics, machine=machine).look()
    told = values(services.metrics.page())
    assert told["telecare_api_clock_ahead_seconds", frozenset()] == pytest.approx(off_s, abs=5)


async def test_figures_are_read_anew_though_the_clock_was_set_back(
    services: Services, clock: SettableClock
) -> None:
    passed_s = 0.0
    survey = Survey(services.database, clock, services.metrics, monotonic=lambda: passed_s)
    await survey.look()
    clock.move(hours=-2)
    await add_alert(services, await add_device(services))
    await survey.look()
    told = values(services.metrics.page())
    assert told["telecare_centre_alerts", frozenset({"advisory", "raised"})] == 0
    passed_s += KEEP_SECONDS
    await survey.look()
    told = values(services.metrics.page())
    assert told["telecare_centre_alerts", frozenset({"advisory", "raised"})] == 1
    assert told["telecare_api_survey_success_seconds", frozenset()] == clock().timestamp()


async def test_a_chore_that_fails_does_not_tell_that_it_was_done(clock: SettableClock) -> None:
    metrics = Metrics(clock)

    async def fail() -> None:
        raise ValueError("a mistake")

    async def succeed() -> None:
        return

    with pytest.raises(ValueError, match="a mistake"):
        await metrics.chore("watch", fail)()
    await metrics.chore("timers", succeed)()
    told = values(metrics.page())
    assert told["telecare_api_chore_success_seconds", frozenset({"watch"})] == 0
    assert told["telecare_api_chore_success_seconds", frozenset({"timers"})] == clock().timestamp()


async def test_while_the_database_is_away_the_page_is_there_and_says_since_when(
    tmp_path: Path, clock: SettableClock, app: FastAPI
) -> None:
    from api.app import create_services  # noqa: PLC0415 - only here

    away = create_services(
        Settings(database_url=f"postgresql://postgres@/postgres?host={tmp_path}"), clock
    )
    told = await surveyed(away)
    assert told["telecare_api_survey_success_seconds", frozenset()] == 0
    assert app.state.services.metrics is not away.metrics


@pytest.mark.network
async def test_prometheus_is_answered_on_a_door_of_its_own_and_staff_and_hubs_are_not(
    migrated_url: str, tmp_path: Path
) -> None:
    port = free_port()
    with CentreProcess(tmp_path, migrated_url, TELECARE_METRICS_PORT=str(port)) as centre:
        async with httpx.AsyncClient() as client:
            address = f"http://127.0.0.1:{port}"
            page = await client.get(f"{address}/metrics")
            assert page.status_code == 200
            assert values(page.content)["telecare_api_listening", frozenset()] == 1
            assert values(page.content)["telecare_api_pool_connections", frozenset({"most"})] == 10
            assert (await client.get(f"{address}/v1/alerts")).status_code == 404
            assert (await client.post(f"{address}/metrics")).status_code == 405
            assert (await client.get(f"{centre.url}/metrics")).status_code != 200
            # A centre whose page nobody can be given still serves.
            centre.environment["TELECARE_PORT"] = str(free_port())
        assert await asyncio.to_thread(centre.ready)


def documented() -> set[str]:
    guide = (ROOT / "docs/operations.md").read_text()
    return set(re.findall(r"^\| `(telecare_\w+)` \|", guide, re.MULTILINE))


def made(clock: SettableClock) -> set[str]:
    names = set()
    for family in Metrics(clock).registry.collect():
        names.add(family.name + ("_total" if family.type == "counter" else ""))
    return names


def test_every_metric_is_documented_and_no_other(clock: SettableClock) -> None:
    assert documented() == made(clock)
