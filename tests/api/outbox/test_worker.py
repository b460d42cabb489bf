"""Others must be told of each alert, in order, once, and staff must see where they were not."""

import logging
from typing import Any

import asyncpg
import pytest

from api.alerts.lifecycle import Action
from api.channels.protocol import GiveUp, Message, TryLater
from api.outbox.patience import Patience
from api.refusals import Invalid, NotFound
from api.services import Services
from api.store.reach import CENTRE, within
from contract import Condition
from tests.api.outbox.support import Ear, destination, refuse, worker
from tests.api.support import SettableClock, add_alert, add_device, add_user


async def test_each_step_of_an_alert_is_told_in_the_order_in_which_it_was_made(
    services: Services, ear: Ear
) -> None:
    await destination(services, ear)
    device = await add_device(services, label="Flat 12")
    alert = await add_alert(services, device)
    ann = await add_user(services)
    await services.alerts.claim(alert, ann)
    await services.alerts.note(alert, ann, "Rang her.")
    more = {"version": 2, "phase": "cleared", "text": "Over."}
    await services.ingest.store(
        device.batch([device.alert(2, id=f"{device.home}:uti_risk:1", **more)]), device.home
    )
    await services.alerts.resolve(alert, ann, "true_concern")
    await worker(services, ear).run_dry()
    assert ear.actions == ["raise", "claim", "note", "clear", "resolve"]
    first, last = ear.heard[0].told, ear.heard[-1].told
    assert (first.home, first.label, first.lane) == (device.home, "Flat 12", "advisory")
    assert (first.alert, last.outcome, last.state) == (alert, "true_concern", "resolved")
    assert len({message.key for message in ear.heard}) == len(ear.heard)


async def test_what_was_rolled_back_is_told_to_nobody(services: Services, ear: Ear) -> None:
    await destination(services, ear)
    device = await add_device(services)
    alert = await add_alert(services, device)

    async def fail() -> None:
        async with services.database.transaction(CENTRE) as connection:
            await connection.execute("update alert set cleared_at = now() where id = $1", alert)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    await worker(services, ear).run_dry()
    assert ear.actions == ["raise"]


async def test_a_destination_is_told_only_what_it_asked_for(services: Services, ear: Ear) -> None:
    await destination(services, ear, lanes=["urgent"], conditions=["possible_fall"])
    device = await add_device(services)
    await add_alert(services, device, 1, severity="urgent", condition="help_button")
    await add_alert(services, device, 2, severity="advisory", condition="possible_fall")
    await add_alert(services, device, 3, severity="urgent", condition="possible_fall")
    await worker(services, ear).run_dry()
    assert [message.told.condition for message in ear.heard] == ["possible_fall"]


@pytest.mark.parametrize(
    ("named", "wrong"),
    [("conditions", "help_buton"), ("actions", "raize"), ("lanes", "urgnet")],
)
async def test_a_destination_that_a_slip_of_the_pen_would_tell_nothing_for_ever_is_refused(
    services: Services, ear: Ear, named: str, wrong: str
) -> None:
    fine = {"conditions": "help_button", "actions": "raise", "lanes": "urgent"}[named]
    asked: dict[str, Any] = {named: [fine, wrong]}
    with pytest.raises(Invalid, match=rf"There is no {named[:-1]} {wrong}; there are .*{fine}"):
        await destination(services, ear, **asked)
    await destination(services, ear, conditions=[*Condition, "channel_dead"])
    every = ["raise", "report", "clear", *Action, "heartbeat", "request"]
    await destination(services, ear, actions=every)


async def test_another_organisation_is_told_nothing_and_sees_nothing(
    services: Services, ear: Ear
) -> None:
    other = (await services.organisations.add("Others")).organisation
    await destination(services, ear, organisation=other)
    device = await add_device(services)
    await add_alert(services, device)
    await worker(services, ear).run_dry()
    assert ear.heard == []
    assert (await services.outbox.view(within([1]))).destinations == []
    (seen,) = (await services.outbox.view(within([other]))).destinations
    assert seen.name == "desk"


async def test_neither_secrets_nor_what_was_told_can_be_read_within_an_organisation(
    services: Services, ear: Ear
) -> None:
    await destination(services, ear, settings={"hidden": "hunter2"})
    for asked in ("select secrets from destination", "select settings from destination",
                  "select body from outbox"):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with services.database.transaction(within([1])) as connection:
                await connection.fetch(asked)


async def test_secrets_are_sealed_at_rest_and_open_only_with_the_key(
    services: Services, ear: Ear, connection: asyncpg.Connection
) -> None:
    await destination(services, ear, settings={"hidden": "hunter2"})
    rows = await connection.fetch("select settings::text, secrets from destination")
    assert b"hunter2" not in bytes(rows[0]["secrets"])
    assert "hunter2" not in rows[0]["settings"]
    await add_alert(services, await add_device(services))
    await worker(services, ear, seal=None).run_dry()
    assert ear.heard == []
    services.clock.move(minutes=1)  # type: ignore[attr-defined]  # the test sets it
    await worker(services, ear).run_dry()
    assert ear.settings[-1].hidden == "hunter2"


async def test_it_is_tried_again_later_with_the_same_key_and_longer_each_time(
    services: Services, ear: Ear, clock: SettableClock
) -> None:
    await destination(services, ear)
    await add_alert(services, await add_device(services))
    at_work = worker(services, ear)
    seen: list[str] = []

    async def busy(message: Message) -> None:
        seen.append(message.key)
        raise TryLater("busy")

    ear.answer = busy
    await at_work.run_dry()
    await at_work.run_dry()
    assert len(seen) == 1
    clock.move(seconds=5)
    await at_work.run_dry()
    clock.move(seconds=5)
    await at_work.run_dry()
    assert len(seen) == 2
    ear.answer = None
    clock.move(seconds=5)
    await at_work.run_dry()
    assert {*seen, ear.heard[0].key} == {seen[0]}
    (line,) = (await services.outbox.view(CENTRE)).destinations
    assert (line.delivered, line.retried, line.waiting, line.dead) == (1, 2, 0, 0)


async def test_what_is_given_up_is_seen_with_its_reason_and_can_be_tried_again(
    services: Services, ear: Ear
) -> None:
    await destination(services, ear)
    alert = await add_alert(services, await add_device(services))
    ann = await add_user(services)
    await services.alerts.claim(alert, ann)
    at_work = worker(services, ear)

    async def answer(message: Message) -> None:
        if message.told.action == "raise":
            raise GiveUp("it answered 410")

    ear.answer = answer
    await at_work.run_dry()
    assert ear.actions == ["claim"]  # one that was given up holds up nothing
    (dead,) = (await services.outbox.view(CENTRE)).dead_letters
    assert (dead.subject, dead.action, dead.reason) == (
        f"alert/{alert}",
        "raise",
        "it answered 410",
    )
    ear.answer = None
    await services.outbox.again(ann.reach, dead.id)
    await at_work.run_dry()
    assert ear.actions == ["claim", "raise"]
    with pytest.raises(NotFound):
        await services.outbox.again(ann.reach, dead.id)


async def test_it_is_given_up_after_so_many_tries(
    services: Services, ear: Ear, clock: SettableClock
) -> None:
    await destination(services, ear)
    await add_alert(services, await add_device(services))
    ear.answer = refuse(TryLater("busy"))
    for _ in range(4):
        await worker(services, ear).run_dry()
        clock.move(minutes=20)
    (dead,) = (await services.outbox.view(CENTRE)).dead_letters
    assert dead.tries == 3
    assert dead.reason == "given up after 3 tries: busy"


async def test_a_later_step_waits_for_the_one_before_but_another_alert_does_not(
    services: Services, ear: Ear, clock: SettableClock
) -> None:
    await destination(services, ear)
    device = await add_device(services)
    held = await add_alert(services, device, 1)
    await services.alerts.claim(held, await add_user(services))
    free = await add_alert(services, await add_device(services), 2)

    async def answer(message: Message) -> None:
        if message.told.alert == held:
            raise TryLater("busy")

    ear.answer = answer
    at_work = worker(services, ear)
    await at_work.run_dry()
    assert [m.told.alert for m in ear.heard] == [free]
    ear.answer = None
    clock.move(minutes=1)
    await at_work.run_dry()
    assert [(m.told.alert, m.told.action) for m in ear.heard[1:]] == [
        (held, "raise"), (held, "claim"),
    ]  # fmt: skip


async def test_a_heartbeat_goes_out_by_the_clock_and_none_pile_up(
    services: Services, ear: Ear, clock: SettableClock
) -> None:
    await destination(services, ear, heartbeat_s=60)
    at_work = worker(services, ear)
    await at_work.run_dry()
    await at_work.run_dry()
    assert ear.actions == ["heartbeat"]
    ear.answer = refuse(TryLater("away"))
    for _ in range(2):
        clock.move(seconds=61)
        await at_work.run_dry()
    (line,) = (await services.outbox.view(CENTRE)).destinations
    assert line.waiting == 1


async def test_the_log_says_what_failed_and_nothing_of_whom_it_was_about(
    services: Services, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    await destination(services, ear)
    await add_alert(services, await add_device(services, "h-secret", label="Mrs Secret"))
    ear.answer = refuse(ValueError("Mrs Secret, 07700 900123"))
    with caplog.at_level(logging.DEBUG, logger="api"):
        await worker(services, ear).run_dry()
    assert "ear failed: ValueError" in caplog.text
    assert "secret" not in caplog.text.lower()


async def test_what_was_delivered_is_forgotten_in_a_week_and_a_dead_letter_later(
    services: Services, ear: Ear, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    await destination(services, ear)
    device = await add_device(services)
    await add_alert(services, device, 1)
    at_work = worker(services, ear)
    await at_work.run_dry()
    ear.answer = refuse(GiveUp("never"))
    await add_alert(services, device, 2)
    await at_work.run_dry()
    counts = []
    for days in (6, 2, 90):
        clock.move(days=days)
        await at_work.forget()
        counts.append(await connection.fetchval("select count(*) from outbox"))
    assert counts == [2, 1, 0]


async def test_a_destination_that_was_turned_off_is_told_nothing_and_gets_no_backlog(
    services: Services, ear: Ear
) -> None:
    await destination(services, ear)
    device = await add_device(services)
    await services.outbox.enable(1, "desk", on=False)
    await add_alert(services, device, 1)
    await services.outbox.enable(1, "desk", on=True)
    await add_alert(services, device, 2)
    await worker(services, ear).run_dry()
    assert len(ear.heard) == 1


async def test_a_fault_in_one_delivery_leaves_the_others_to_go_on(
    services: Services, ear: Ear
) -> None:
    await destination(services, ear)
    device = await add_device(services)
    bad, good = await add_alert(services, device, 1), await add_alert(services, device, 2)

    async def answer(message: Message) -> None:
        if message.told.alert == bad:
            raise KeyError

    ear.answer = answer
    await worker(services, ear).run_dry()
    assert [message.told.alert for message in ear.heard] == [good]


@pytest.mark.parametrize(("severity", "within_s"), [("urgent", 60), ("advisory", 900)])
async def test_an_urgent_alert_is_told_soon_after_who_is_to_be_told_is_back(
    services: Services, ear: Ear, clock: SettableClock, severity: str, within_s: float
) -> None:
    await destination(services, ear)
    ear.answer = refuse(TryLater("away", after=3600.0))
    await add_alert(services, await add_device(services), severity=severity)
    one = worker(services, ear, patience=None)
    for _ in range(12):
        clock.move(seconds=within_s)
        await one.run_dry()
    ear.answer = None
    heard = len(ear.heard)
    clock.move(seconds=within_s)
    await one.run_dry()
    assert len(ear.heard) > heard, "not told within its time"


async def test_a_call_for_help_is_told_before_all_that_waited_while_its_receiver_was_away(
    services: Services, ear: Ear
) -> None:
    await destination(services, ear)
    device = await add_device(services)
    for number in range(1, 13):
        await add_alert(services, device, number, severity="technical", condition="battery_low")
    await add_alert(services, device, 13, severity="urgent", condition="help_button")
    await add_alert(services, device, 14, severity="technical", condition="battery_low")
    desk = worker(services, ear)
    await desk.look()
    await desk.settle()
    assert [told.told.condition for told in ear.heard].count("help_button") == 1
    await desk.run_dry()
    assert len(ear.heard) == 14


async def test_the_log_says_when_who_was_told_of_an_alert(
    services: Services, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    desk = await destination(services, ear, heartbeat_s=60)
    alert = await add_alert(services, await add_device(services))
    with caplog.at_level(logging.INFO, logger="api.story"):
        await worker(services, ear).run_dry()
    told = [one.__dict__ for one in caplog.records if one.message == "delivered"]
    assert {(one["action"], one.get("alert"), one["destination"]) for one in told} == {
        ("raise", alert, desk),
        ("heartbeat", None, desk),
    }


async def test_receivers_that_hang_leave_places_for_those_that_are_well(
    services: Services, ear: Ear, clock: SettableClock
) -> None:
    for name in ("one", "two", "three", "four", "five"):
        await destination(services, ear, name=name)
    device = await add_device(services)
    for number in range(1, 7):
        await add_alert(services, device, number)
    ear.answer = refuse(TryLater("there was no answer in time"))
    desk = worker(services, ear, patience=Patience(tries=9))
    assert await desk.look() == 5 * 4
    await desk.settle()
    clock.move(minutes=1)
    assert await desk.look() == 5, "each that failed is tried with one message"
    await desk.settle()
    ear.answer = None
    clock.move(minutes=1)
    assert await desk.look() == 5
    await desk.settle()
    assert await desk.look() == 5 * 4, "who answers again is told of all that waited"
    await desk.settle()
    await desk.run_dry()
    assert len(ear.heard) == 5 * 6
