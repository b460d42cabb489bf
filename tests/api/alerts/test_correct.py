"""A slip of the hand at an alert's end does not teach a hub wrongly for two years."""

import httpx
import pytest

from api.alerts.lifecycle import AlertState, Outcome
from api.identity.people import Member
from api.refusals import Conflict, Invalid
from api.services import Services
from api.store.reach import CENTRE
from tests.api.downlink.test_configurations import asked, resolve
from tests.api.support import NOON, PASSWORD, Device, SettableClock, add_alert, add_device, add_user


@pytest.fixture
async def device(services: Services) -> Device:
    return await add_device(services)


@pytest.fixture
async def ann(services: Services) -> Member:
    return await add_user(services, "ann")


async def test_the_hub_is_told_what_it_was_after_all_and_who_ended_it_stays(
    services: Services, device: Device, ann: Member, clock: SettableClock
) -> None:
    bob = await add_user(services, "bob")
    alert = await add_alert(services, device)
    await resolve(services, alert, ann, Outcome.FALSE_ALARM)
    assert [one["outcome"] for one in (await asked(services, device))["outcomes"]] == [
        "false_alarm"
    ]
    clock.move(hours=30)
    shown = await services.alerts.correct(alert, bob, "true_concern", "I pressed the wrong one.")
    assert (shown.state, shown.absent) == (AlertState.RESOLVED, None)
    assert shown.resolution is not None
    assert (shown.resolution.by, shown.resolution.at) == (ann.shown, NOON)
    assert shown.resolution.outcome is Outcome.TRUE_CONCERN
    (told,) = (await asked(services, device, 1))["outcomes"]
    assert (told["outcome"], told["on"]) == ("true_concern", "2026-03-10")
    last = (await services.alerts.one(CENTRE, alert)).history[-1]
    assert (last.action, last.by, last.outcome, last.note) == (
        "correct", bob.shown, Outcome.TRUE_CONCERN, "I pressed the wrong one.",
    )  # fmt: skip


async def test_nothing_is_corrected_without_a_reason_unread_or_before_it_was_ended(
    services: Services, device: Device, ann: Member
) -> None:
    alert = await add_alert(services, device)
    with pytest.raises(Conflict):
        await services.alerts.correct(alert, ann, "test", "Why not.")
    await resolve(services, alert, ann, Outcome.FALSE_ALARM)
    before = (await services.alerts.one(CENTRE, alert)).alert
    with pytest.raises(Invalid, match="needs a reason"):
        await services.alerts.correct(alert, ann, "true_concern", "  ")
    with pytest.raises(Invalid, match="must be one of"):
        await services.alerts.correct(alert, ann, "perhaps", "Who knows.")
    with pytest.raises(Conflict, match="said to be already"):
        await services.alerts.correct(alert, ann, "false_alarm", "Again.")
    bob = await add_user(services, "bob")
    await services.alerts.correct(alert, bob, "equipment", "The mat.", version=before.version)
    with pytest.raises(Conflict, match="Bob B corrected what this alert turned out to be"):
        await services.alerts.correct(alert, ann, "test", "A test.", version=before.version)
    after = (await services.alerts.one(CENTRE, alert)).alert
    assert after.resolution is not None
    assert after.resolution.outcome is Outcome.EQUIPMENT


async def test_an_operator_corrects_by_the_alerts_other_steps_without_a_script(
    services: Services, device: Device, ann: Member, client: httpx.AsyncClient
) -> None:
    alert = await add_alert(services, device)
    await resolve(services, alert, ann, Outcome.FALSE_ALARM)
    await client.post("/sign-in", data={"username": "ann", "password": PASSWORD})
    assert f'href="/alerts/{alert}/steps"' in (await client.get(f"/alerts/{alert}")).text
    page = (await client.get(f"/alerts/{alert}/steps")).text
    assert 'value="false_alarm"' not in page
    form = {name: page.split(f'name="{name}" value="')[1].split('"')[0]
            for name in ("csrf_token", "version", "seen")}  # fmt: skip
    address = f"/alerts/{alert}/steps/correct"
    wrong = await client.post(address, data={**form, "outcome": "test", "reason": ""})
    assert (wrong.status_code, "needs a reason" in wrong.text) == (422, True)
    said = {**form, "outcome": "true_concern", "reason": "I pressed the wrong one."}
    assert (await client.post(address, data=said)).headers["location"] == f"/alerts/{alert}"
    page = (await client.get(f"/alerts/{alert}")).text
    assert "Ann B corrected what it was: A real concern" in page
    assert "I pressed the wrong one." in page
