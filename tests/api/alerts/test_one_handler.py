"""One person is rung by one handler: whatever else happens in the home comes to the same one."""

import asyncio
from datetime import timedelta

import pytest

from api.alerts.lifecycle import AlertState
from api.alerts.views import AlertSummary
from api.identity.people import Member
from api.refusals import Conflict, Forbidden, Invalid
from api.services import Services
from api.store.reach import CENTRE
from tests.api.support import SettableClock, add_alert, add_device, add_user


async def shown(services: Services, alert: int) -> AlertSummary:
    return (await services.alerts.one(CENTRE, alert)).alert


def held_by(alert: AlertSummary) -> str:
    return alert.claim.by.username if alert.claim else ""


@pytest.fixture
async def ann(services: Services) -> Member:
    return await add_user(services, "ann")


@pytest.fixture
async def bob(services: Services) -> Member:
    return await add_user(services, "bob")


async def test_a_claim_takes_the_whole_home_and_what_came_along_must_be_looked_at(
    services: Services, ann: Member, bob: Member
) -> None:
    device = await add_device(services)
    first, second = [await add_alert(services, device, seq) for seq in (1, 2)]
    elsewhere = await add_alert(services, await add_device(services))
    await services.alerts.claim(first, ann)
    other = await shown(services, second)
    assert held_by(other) == "ann"
    assert other.claim is not None
    assert other.claim.unseen
    assert held_by(await shown(services, elsewhere)) == ""
    with pytest.raises(Conflict, match="Ann B has had this alert"):
        await services.alerts.claim(second, bob)
    with pytest.raises(Conflict, match="to say that you have seen it"):
        await services.alerts.resolve(second, ann, "test")
    looked = await services.alerts.claim(second, ann)
    assert looked.claim is not None
    assert not looked.claim.unseen
    await services.alerts.resolve(second, ann, "test")


async def test_a_later_alert_comes_to_who_has_the_home_already(
    services: Services, ann: Member
) -> None:
    device = await add_device(services)
    first = await add_alert(services, device, 1)
    await services.alerts.claim(first, ann)
    later = await shown(services, await add_alert(services, device, 2))
    assert held_by(later) == "ann"
    assert later.claim is not None
    assert later.claim.unseen
    history = (await services.alerts.one(CENTRE, later.id)).history
    assert [(line.action, line.by) for line in history] == [("assign", None)]


async def test_two_people_who_claim_two_alerts_of_one_home_do_not_both_get_it(
    services: Services, ann: Member, bob: Member
) -> None:
    for _ in range(5):
        device = await add_device(services)
        alerts = [await add_alert(services, device, seq) for seq in (1, 2, 3)]
        results = await asyncio.gather(
            services.alerts.claim(alerts[0], ann),
            services.alerts.claim(alerts[2], bob),
            return_exceptions=True,
        )
        assert sum(isinstance(one, Conflict) for one in results) == 1
        assert len({held_by(await shown(services, alert)) for alert in alerts}) == 1


async def test_work_on_one_keeps_the_others_and_giving_one_back_gives_all_back(
    services: Services, clock: SettableClock, ann: Member
) -> None:
    device = await add_device(services)
    alerts = [await add_alert(services, device, seq) for seq in (1, 2)]
    await services.alerts.claim(alerts[0], ann)
    clock.move(minutes=9)
    await services.alerts.note(alerts[0], ann, "Ringing her.")
    clock.move(minutes=9)
    await services.alerts.lapse()
    assert {held_by(await shown(services, alert)) for alert in alerts} == {"ann"}
    await services.alerts.release(alerts[0], ann)
    assert {(await shown(services, alert)).state for alert in alerts} == {AlertState.RAISED}


async def test_who_looks_at_an_old_page_is_told_who_did_what_since(
    services: Services, ann: Member, bob: Member
) -> None:
    alert = await add_alert(services, await add_device(services))
    seen = await services.alerts.claim(alert, ann)
    await services.alerts.note(alert, bob, "Her son rang: she is with him.")
    with pytest.raises(Conflict, match="Bob B wrote a note at 12:00 UTC") as refused:
        await services.alerts.resolve(alert, ann, "no_contact", version=seen.version)
    now = refused.value.extra["alert"]
    await services.alerts.resolve(alert, ann, "known_reason", version=now.version)


async def test_what_the_hub_reports_meanwhile_does_not_stand_in_the_way_of_a_note(
    services: Services, ann: Member
) -> None:
    device = await add_device(services)
    alert = await add_alert(services, device, 1, id="a")
    seen = await services.alerts.claim(alert, ann)
    await services.ingest.store(device.batch([device.alert(2, id="a", version=2)]), device.home)
    await services.alerts.note(alert, ann, "Rang.", version=seen.version)


async def test_a_hand_over_is_one_only_when_the_colleague_accepts(
    services: Services, ann: Member, bob: Member
) -> None:
    device = await add_device(services)
    alerts = [await add_alert(services, device, seq) for seq in (1, 2)]
    await services.alerts.claim(alerts[0], ann)
    offered = await services.alerts.offer(alerts[0], ann, "Bob", note="Rang twice.")
    assert held_by(offered) == "ann"
    assert offered.claim is not None
    assert offered.claim.offered == bob.shown
    await services.alerts.decline(alerts[0], bob)
    with pytest.raises(Conflict, match="Ann B has had"):
        await services.alerts.accept(alerts[0], bob)
    await services.alerts.offer(alerts[0], ann, "bob")
    await services.alerts.accept(alerts[0], bob)
    assert {held_by(await shown(services, alert)) for alert in alerts} == {"bob"}


async def test_an_offer_to_nobody_who_could_take_it_is_refused(
    services: Services, ann: Member
) -> None:
    alert = await add_alert(services, await add_device(services))
    await services.alerts.claim(alert, ann)
    await services.organisations.add("Elsewhere")
    (elsewhere,) = await services.organisations.named(["Elsewhere"])
    await add_user(services, "eve", organisations=[elsewhere.organisation])
    await add_user(services, "fitter", role="installer")
    await add_user(services, "nurse", role="care_professional")
    for name in ("nobody", "ann", "eve", "fitter", "nurse", ""):
        with pytest.raises(Invalid, match="colleague"):
            await services.alerts.offer(alert, ann, name)


async def test_taking_over_needs_a_reason_that_stays(
    services: Services, ann: Member, bob: Member
) -> None:
    alert = await add_alert(services, await add_device(services))
    await services.alerts.claim(alert, ann)
    with pytest.raises(Invalid, match="reason"):
        await services.alerts.take_over(alert, bob, " ")
    taken = await services.alerts.take_over(alert, bob, "Ann is on another call.")
    assert held_by(taken) == "bob"
    last = (await services.alerts.one(CENTRE, alert)).history[-1]
    assert (last.action, last.note) == ("takeover", "Ann is on another call.")


async def test_a_shelved_nuisance_stays_away_with_its_like_and_comes_back(
    services: Services, clock: SettableClock, ann: Member
) -> None:
    device = await add_device(services)
    alert = await add_alert(services, device, 1)
    await services.alerts.claim(alert, ann)
    until = clock.now + timedelta(hours=20)
    shelved = await services.alerts.shelve(alert, ann, until, "The sensor hangs loose.")
    assert shelved.shelf is not None
    assert (shelved.shelf.by, shelved.shelf.until) == (ann.shown, until)
    like = await add_alert(services, device, 2)
    worse = await add_alert(services, device, 3, severity="urgent", condition="possible_fall")
    queue = await services.alerts.queue(CENTRE)
    assert [one.id for one in queue.shelved] == [alert, like]
    assert [one.id for one in (*queue.urgent, *queue.advisory)] == [worse]
    assert queue.total["advisory"] == 0
    clock.move(hours=20)
    assert await services.alerts.timers.bring_back() == 2
    assert {(await shown(services, one)).state for one in (alert, like)} == {AlertState.RAISED}


async def test_nobody_shelves_an_urgent_alert_or_an_operator_for_long(
    services: Services, clock: SettableClock, ann: Member
) -> None:
    boss = await add_user(services, "sue", role="supervisor")
    urgent = await add_alert(services, await add_device(services), severity="urgent")
    alert = await add_alert(services, await add_device(services))
    for one, by in ((urgent, ann), (alert, ann)):
        await services.alerts.claim(one, by)
    with pytest.raises(Conflict, match="urgent"):
        await services.alerts.shelve(urgent, ann, clock.now + timedelta(hours=1), "Noise.")
    with pytest.raises(Forbidden, match="supervisor"):
        await services.alerts.shelve(alert, ann, clock.now + timedelta(days=2), "Noise.")
    with pytest.raises(Invalid, match="at most 336 hours"):
        await services.alerts.shelve(alert, ann, clock.now + timedelta(days=15), "Noise.")
    await services.alerts.take_over(alert, boss, "For longer.")
    await services.alerts.shelve(alert, boss, clock.now + timedelta(days=14), "Noise.")


async def test_what_becomes_urgent_on_the_shelf_comes_back_at_once(
    services: Services, clock: SettableClock, ann: Member
) -> None:
    device = await add_device(services)
    alert = await add_alert(services, device, 1, id="a")
    await services.alerts.claim(alert, ann)
    await services.alerts.shelve(alert, ann, clock.now + timedelta(hours=1), "Noise.")
    worse = device.alert(2, id="a", version=2, severity="urgent")
    await services.ingest.store(device.batch([worse]), device.home)
    await services.alerts.timers.bring_back()
    assert (await shown(services, alert)).state is AlertState.RAISED


async def test_a_suspended_alert_returns_to_its_holder_and_then_to_the_queue(
    services: Services, clock: SettableClock, ann: Member
) -> None:
    alert = await add_alert(services, await add_device(services))
    await services.alerts.claim(alert, ann)
    until = clock.now + timedelta(hours=2)
    waiting = await services.alerts.suspend(alert, ann, until, reason="Her daughter rings back.")
    assert (waiting.state, held_by(waiting)) == (AlertState.SUSPENDED, "ann")
    clock.move(hours=1)
    assert await services.alerts.timers.bring_back() == 0
    clock.move(hours=1)
    assert await services.alerts.timers.bring_back() == 1
    back = await shown(services, alert)
    assert (back.state, held_by(back)) == (AlertState.CLAIMED, "ann")
    clock.move(minutes=10)
    await services.alerts.lapse()
    assert (await shown(services, alert)).state is AlertState.RAISED


async def test_nobody_who_called_for_help_waits_for_hours_on_a_call_back(
    services: Services, clock: SettableClock, ann: Member
) -> None:
    urgent = await add_alert(services, await add_device(services), severity="urgent")
    await services.alerts.claim(urgent, ann)
    bound = timedelta(minutes=30)
    with pytest.raises(Invalid, match="urgent alert may wait for at most 30 minutes"):
        await services.alerts.suspend(urgent, ann, clock.now + bound + timedelta(seconds=1))
    assert (await shown(services, urgent)).state is AlertState.CLAIMED
    for _ in range(2):  # whoever must wait on has looked meanwhile
        await services.alerts.suspend(urgent, ann, clock.now + bound)
        clock.move(minutes=30)
        assert await services.alerts.timers.bring_back() == 1
    technical = await add_alert(services, await add_device(services), severity="technical")
    await services.alerts.claim(technical, ann)
    await services.alerts.suspend(technical, ann, clock.now + timedelta(hours=23))


async def test_what_waits_and_becomes_urgent_waits_no_longer(
    services: Services, clock: SettableClock, ann: Member
) -> None:
    device = await add_device(services)
    alert = await add_alert(services, device, 1, id="a")
    await services.alerts.claim(alert, ann)
    await services.alerts.suspend(alert, ann, clock.now + timedelta(hours=20))
    worse = device.alert(2, id="a", version=2, severity="urgent")
    await services.ingest.store(device.batch([worse]), device.home)
    await services.alerts.timers.bring_back()
    assert (await shown(services, alert)).state is AlertState.CLAIMED


async def test_news_from_the_hub_ends_the_waiting(
    services: Services, clock: SettableClock, ann: Member
) -> None:
    device = await add_device(services)
    alert = await add_alert(services, device, 1, id="a")
    await services.alerts.claim(alert, ann)
    await services.alerts.suspend(alert, ann, clock.now + timedelta(hours=2))
    await services.ingest.store(device.batch([device.alert(2, id="a", version=2)]), device.home)
    await services.alerts.timers.bring_back()
    assert (await shown(services, alert)).state is AlertState.CLAIMED


async def test_a_home_that_leaves_leaves_nothing_in_the_queue_but_who_may_wait_for_help(
    services: Services, ann: Member
) -> None:
    boss = await add_user(services, "boss", role="supervisor")
    device = await add_device(services)
    alerts = [await add_alert(services, device, seq) for seq in (1, 2, 3)]
    urgent = await add_alert(services, device, 4, severity="urgent")
    await services.alerts.claim(alerts[0], ann)
    second = await services.places.replace(device.hub, boss)
    await services.places.revoke(second.hub, boss)  # never claimed: the first is still at work
    assert (await services.alerts.queue(CENTRE)).total["advisory"] == 3
    await services.places.revoke(device.hub, boss)
    queue = await services.alerts.queue(CENTRE)
    assert (queue.advisory, queue.total["advisory"]) == ([], 0)
    assert [one.id for one in queue.urgent] == [urgent]
    assert (await services.alerts.one(CENTRE, alerts[1])).history[-1].note == (
        "The home's last hub was let go."
    )
