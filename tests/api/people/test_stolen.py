"""A stolen disk, and rows moved on it, tell nothing that staff wrote; a lost key hides no alert."""

import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.services import Services
from api.settings import Settings
from api.store.cover import SHUT
from api.store.reach import CENTRE
from tests.api.conftest import QUICK
from tests.api.people.conftest import app, desk
from tests.api.people.marked import HOME, Desk, Marks, fill, step
from tests.api.people.test_erasure import copied, traces
from tests.api.support import NOON, SettableClock, add_alert, add_device

__all__ = ["app", "desk"]

NAME = "Zebedee"
ASIDE = {
    "why", "software", "s", "refusal", "ignored", "walked", "place", "other", "refused", "sensor",
    "unknown", "text", "prompt", "subject", "answer", "alert",  # a hub's own words
    "label", "label again", "rule", "x", "command",  # what homes, rules and commands are called
}  # fmt: skip


@pytest.fixture
async def lost(migrated_url: str, clock: SettableClock, tmp_path: Path) -> AsyncIterator[FastAPI]:
    """The same centre with another key, for its own was lost."""
    file = tmp_path / "another"
    file.write_text(base64.b64encode(b"x" * 32).decode())
    settings = Settings(database_url=migrated_url, secret_key_file=str(file))
    app = create_app(settings, clock=clock, passwords=QUICK)
    yield app
    await app.state.services.database.close()


async def written(desk: Desk, alert: int) -> list[str]:
    """What the history of an alert says."""
    history = (await desk("GET", f"/v1/alerts/{alert}"))["history"]
    return [one["note"] for one in history if one["note"]]


async def test_a_stolen_disk_tells_nothing_that_staff_wrote_down(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> None:
    mark = Marks(NAME)
    await fill(desk, services, await add_device(services, HOME), mark)
    aside = tuple(f"{NAME}-{about}-" for about in ASIDE)
    typed = [needle for needle in mark.made if not needle.startswith(aside)]
    steps = ("note", "suspend", "offer", "escalate", "takeover", "shelve", "resolve", "called")
    for about in (*steps, "tried", "task", "look", "name"):
        assert any(needle.startswith(f"{NAME}-{about}-") for needle in typed), about
    assert traces(typed, await copied(connection)) == []


async def test_what_staff_wrote_is_shown_to_them_as_they_wrote_it(
    desk: Desk, services: Services
) -> None:
    mark = Marks(NAME)
    await fill(desk, services, await add_device(services, HOME), mark)
    paths = ("/alerts/1", "/alerts/2", "/cohorts/5")
    shown, page = [
        "".join([(await desk.client.get(f"{to}{path}")).text for path in paths])
        for to in ("/v1", "")
    ]
    for about in ("note", "suspend", "offer", "escalate", "takeover", "resolve", "called"):
        needle = next(one for one in mark.made[::-1] if one.startswith(f"{NAME}-{about}-"))
        assert needle in shown, about
        assert needle in page, about
    (shelf,) = (await desk("GET", "/v1/alerts"))["shelved"]
    assert shelf["shelf"]["reason"].startswith(f"{NAME}-shelve-")


async def test_an_alert_shelved_as_its_like_says_why_and_the_disk_does_not(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services, HOME)
    first = await add_alert(services, device, 1)
    await step(desk, first, "claim")
    until = (desk.clock() + timedelta(hours=1)).isoformat()
    await step(desk, first, "shelve", until=until, reason=f"{NAME} sits on it", seen=1)
    second = await add_alert(services, device, 2)
    found = await desk("GET", f"/v1/alerts/{second}")
    assert found["alert"]["shelf"]["reason"] == f"{NAME} sits on it"
    assert traces([NAME], await copied(connection)) == []


async def test_a_suspended_alert_keeps_its_reason_through_other_steps(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> None:
    alert = await add_alert(services, await add_device(services, HOME), 1)
    await step(desk, alert, "claim")
    until = (desk.clock() + timedelta(hours=1)).isoformat()
    await step(desk, alert, "suspend", until=until, reason=f"{NAME} calls back", seen=1)
    await step(desk, alert, "note", text="Nothing yet.")
    found = (await desk("GET", f"/v1/alerts/{alert}"))["alert"]
    assert found["claim"]["reason"] == f"{NAME} calls back"
    await step(desk, alert, "resume")
    assert await connection.fetchval("select words from alert where id = $1", alert) is None


async def test_a_note_that_was_moved_to_another_alert_opens_nothing_there(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services, HOME)
    alerts = [await add_alert(services, device, seq) for seq in (1, 2)]
    for alert in alerts:
        await step(desk, alert, "note", text=f"{NAME} of {alert}")
    await connection.execute(
        "insert into alert_history (alert, version, at, action, before, after, words) "
        "select $2, 9, at, action, before, after, words from alert_history where alert = $1",
        *alerts,
    )
    assert await written(desk, alerts[1]) == [f"{NAME} of {alerts[1]}", SHUT]


async def test_a_centre_that_lost_its_key_still_shows_every_alert_and_sets_the_next_aside(
    desk: Desk, services: Services, lost: FastAPI
) -> None:
    device = await add_device(services, HOME)
    alert = await add_alert(services, device, 1)
    await step(desk, alert, "claim")
    until = (desk.clock() + timedelta(hours=1)).isoformat()
    await step(desk, alert, "shelve", until=until, reason=f"{NAME} sits on it", seen=1)
    without: Services = lost.state.services
    second = await add_alert(without, device, 2)
    queue = await without.alerts.queue(CENTRE)
    assert [one.shelf.reason for one in queue.shelved if one.shelf] == [SHUT, SHUT]
    assert (await without.alerts.one(CENTRE, second)).history[-1].note == SHUT


async def test_what_an_earlier_version_wrote_in_plain_is_shown_and_goes_with_its_home(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> None:
    """Whoever upgrades loses no note; nor does anybody who asked to be forgotten stay in one."""
    alert = await add_alert(services, await add_device(services, HOME), 1)
    await step(desk, alert, "escalate", reason="Sealed.")
    await plainly(connection, alert)
    cohort = await desk("GET", "/v1/cohorts/1")
    assert [one["note"] for one in cohort["recent"]] == [f"{NAME} was called"]
    found = await desk("GET", f"/v1/alerts/{alert}")
    assert found["alert"]["escalation"]["reason"] == f"{NAME} calls"
    assert [one["note"] for one in found["history"]] == ["Sealed.", f"{NAME} rang"]
    export = (await desk.client.get(f"/v1/homes/{HOME}/export")).text
    for said in ("calls", "rang", "was called"):
        assert f"{NAME} {said}" in export
    await desk("POST", f"/v1/homes/{HOME}/erase", {"confirm": HOME, "code": desk.shows})
    assert traces([NAME], await copied(connection)) == []


async def plainly(connection: asyncpg.Connection, alert: int) -> None:
    """Writes as a replica of an earlier version does, which knows nothing of `words`."""
    await connection.execute(
        "insert into alert_history (alert, version, at, staff, action, before, after, note) "
        "values ($1, 9, $2, 1, 'note', 'escalated', 'escalated', $3)",
        alert, NOON, f"{NAME} rang",
    )  # fmt: skip
    await connection.execute("update alert set reason = $2 where id = $1", alert, f"{NAME} calls")
    await connection.execute(
        "insert into cohort_contact (cohort, home, at, by, outcome, note, why, until) "
        "values (1, $1, $2, 1, 'action', $3, '{}', $2)",
        HOME, NOON, f"{NAME} was called",
    )  # fmt: skip
