"""What is wrong with a sensor is said with its cure; a test alert and a call are seen through."""

from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from api.fitting.judging import fitted
from api.fitting.views import Fault
from api.services import Services
from api.store.reach import CENTRE
from contract import SensorHealth
from tests.api.fitting.visit import SENSORS, plain, visit
from tests.api.support import NOON, SettableClock, add_alert

pytestmark = pytest.mark.network

HEARD: dict[str, Any] = {"last_seen": NOON - timedelta(minutes=5)}


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({**HEARD}, []),
        ({}, [Fault.NEVER]),
        ({"last_seen": NOON - timedelta(hours=24)}, [Fault.SILENT]),
        ({**HEARD, "online": False}, [Fault.AWAY]),
        ({**HEARD, "online": True, "battery": 16.0}, []),
        ({**HEARD, "battery": 15.0}, [Fault.BATTERY]),
        ({**HEARD, "link_quality": 39.0}, [Fault.LINK]),
        ({**HEARD, "link_quality": 40.0}, []),
        ({**HEARD, "stuck": True}, [Fault.STUCK]),
        ({**HEARD, "unlike": ["motion"]}, [Fault.UNLIKE]),
        ({**HEARD, "untried": True}, [Fault.UNTRIED]),
    ],
)
def test_each_fault_of_a_sensor_is_found_where_it_is_and_nowhere_else(
    said: dict[str, Any], faults: list[Fault]
) -> None:
    (one,) = fitted([SensorHealth(sensor="s", kind="button", **said)], {}, [], NOON) or []
    assert one.faults == faults


def test_what_came_since_the_last_heartbeat_counts() -> None:
    told = [SensorHealth(sensor="s", kind="button", untried=True)]
    known = {"s": {"kinds": ["button"], "last_at": NOON, "battery": 90.0}}
    (one,) = fitted(told, known, [], NOON) or []
    assert (one.faults, one.last_at, one.battery) == ([], NOON, 90.0)
    assert fitted(None, known, [], NOON) is None, "it has not said what it listens to"


def test_a_sensor_that_only_measures_is_walked_to_by_its_measure() -> None:
    told = [SensorHealth(sensor="s", kind="temperature", **HEARD)]
    step = {"sensor": "s", "kind": "temperature", "times": 1, "last_at": NOON}
    (one,) = fitted(told, {}, [step], NOON) or []
    assert one.walked_at == NOON
    known = {"s": {"kinds": ["temperature", "motion"], "last_at": NOON, "battery": None}}
    (one,) = fitted(told, known, [step], NOON) or []
    assert one.walked_at is None, "it can see people, and saw nobody"


async def test_a_hub_that_fell_silent_is_no_longer_online_and_is_not_passed(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    at = await visit(client, services)
    clock.move(minutes=15)
    assert "The hub came online" in plain(await at.shown())
    clock.move(seconds=1)
    shown = plain(await at.shown())
    assert "The hub came online and has said nothing since 13:00 CET." in shown
    assert "Next: The hub comes online." in shown
    assert "The hub says nothing any more." in shown
    await at.says("health", at=clock().isoformat(), sensors=SENSORS, every_s=1200)
    clock.move(hours=1)
    assert "The hub says nothing" not in await at.shown(), "it is to beat every 20 minutes"
    clock.move(seconds=1)
    assert "The hub says nothing" in await at.shown()


async def test_what_is_wrong_with_a_sensor_is_said_with_what_to_do(
    client: httpx.AsyncClient, services: Services
) -> None:
    weak = {**SENSORS[0], "battery": 9, "link_quality": 12}
    at = await visit(client, services, sensors=[weak, {"sensor": "k", "kind": "appliance"}])
    shown = plain(await at.shown())
    assert "As the hub told 13:00 CET." in shown
    assert "Its battery is low. Change it. Its signal is weak. Bring it nearer" in shown
    assert "bathroom-pir. Last heard 13:00 CET. Battery 9 %. Signal 12 of 255" in shown
    assert "Never heard. Walk past it or use it." in shown
    assert "Bathroom: movement (bathroom-pir) has a low battery." in shown, "it is open"
    await at.says("health", at=(NOON + timedelta(minutes=1)).isoformat(), sensors=SENSORS)
    assert "Next: Walk test." in await at.shown()


async def test_a_test_alert_is_followed_until_it_is_at_the_centre(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services)
    filled = await at.fields("test")
    for _ in range(2):  # the first answer was lost
        assert (await client.post("/fitting/h17", data=filled)).status_code == 303
    assert len(await services.commands.of_hub(CENTRE, at.device.hub)) == 1
    shown = await at.shown()
    assert "The test alert is not asked of the hub yet." in shown
    assert 'value="test"' not in shown, "one is on its way"
    await at.answers("done", text="A test alert was raised.", alert="h17:test:1")
    assert "It has not arrived at the centre yet." in await at.shown()
    await add_alert(
        services, at.device, 30, id="h17:test:1", condition="test_alert", severity="urgent"
    )
    shown = plain(await at.shown())
    assert "The test alert arrived at the centre 13:00 CET, marked as a test." in shown
    await at.press("test")
    await at.answers("refused", text="No.")
    assert "The test alert arrived" in await at.shown(), "the one before did"


async def test_no_other_alert_passes_for_a_test_nor_is_it_told_of(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services)
    await at.press("test")
    await add_alert(services, at.device, 30, id="h17:uti:1", text="Toileting changed.")
    await at.answers("done", alert="h17:uti:1")
    shown = await at.shown()
    assert "It has not arrived at the centre yet." in shown
    assert "Toileting" not in shown


async def test_a_test_that_the_hub_refused_may_be_asked_for_again(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services)
    await at.press("test")
    await at.answers("refused", text="No.")
    assert "There was no test alert: Refused." in plain(await at.shown())
    await at.press("test")
    assert len(await services.commands.of_hub(CENTRE, at.device.hub)) == 2


async def test_a_test_call_is_noted_once_with_who_answered_and_without_a_name(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    at = await visit(client, services)
    for answered in ({}, {"answered": "Margaret"}):
        wrong = await at.press("call", **answered)
        assert (wrong.status_code, "Choose who answered" in wrong.text) == (422, True)
    await at.press("call", answered="nobody")
    shown = plain(await at.shown())
    assert "Test call 13:00 CET, noted by An Installer: Nobody" in shown
    assert "A contact was called, and nobody answered." in shown
    filled = {**await at.fields("call"), "answered": "other"}
    for _ in range(2):
        assert (await client.post("/fitting/h17", data=filled)).status_code == 303
    assert "An Installer: Another contact" in plain(await at.shown())
    noted = await connection.fetch("select detail from audit where action = 'fitting.call'")
    assert [row["detail"] for row in noted] == ["nobody", "other"]
