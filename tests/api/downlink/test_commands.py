"""A command is told until it is taken, and what became of it can be seen."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.downlink.commands import IssueRequest
from api.identity.people import Member
from api.refusals import Conflict, Forbidden, Invalid, NotFound
from api.services import Services
from api.store.reach import CENTRE
from tests.api.support import NOON, Device, SettableClock, add_device, add_user

HOUR = timedelta(hours=1)


@pytest.fixture
async def ann(services: Services) -> Member:
    return await add_user(services)


def ask(kind: str, body: dict[str, Any] | None = None, **more: Any) -> IssueRequest:
    return IssueRequest(kind=kind, body=body or {}, **more)


async def told(services: Services, device: Device, number: int = 0) -> list[int]:
    found = await services.asking.answer(device.hub, device.home, configuration=0, commands=number)
    return [one.number for one in found.commands]


def result(device: Device, seq: int, command: str, state: str, **more: Any) -> dict[str, Any]:
    body = {
        "v": 1, "hub": device.hub, "home": device.home, "command": command, "state": state,
        "at": NOON.isoformat(), **more,
    }  # fmt: skip
    return {"seq": seq, "kind": "command_result", "body": body}


async def test_a_command_is_told_again_until_the_hub_asks_beyond_it(
    services: Services, ann: Member
) -> None:
    device, other = await add_device(services), await add_device(services)
    await services.commands.issue(device.hub, ask("test"), ann)
    sue = await add_user(services, "sue", role="supervisor")
    await services.commands.issue(device.hub, ask("relearn", {"conditions": ["uti_risk"]}), sue)
    assert await told(services, device) == [1, 2]
    assert await told(services, device) == [1, 2]
    assert await told(services, device, 1) == [2]
    assert await told(services, device, 2) == []
    assert await told(services, other) == []


async def test_a_hub_with_a_new_card_is_not_told_what_is_over(
    services: Services, ann: Member, clock: SettableClock
) -> None:
    device = await add_device(services)
    done = await services.commands.issue(device.hub, ask("test"), ann)
    await services.commands.issue(device.hub, ask("test"), ann)
    under_way = await services.commands.issue(
        device.hub, ask("pause", {"until": (NOON + 2 * HOUR).isoformat()}), ann
    )
    batch = [result(device, 1, done.id, "done"), result(device, 2, under_way.id, "under_way")]
    await services.ingest.store(device.batch(batch), device.home)
    clock.move(minutes=16)
    assert await told(services, device) == [3], "the second has expired; the third goes on"


async def test_what_became_of_it_is_seen_and_the_last_word_stands(
    services: Services, ann: Member, clock: SettableClock
) -> None:
    device, other = await add_device(services), await add_device(services)
    first = await services.commands.issue(device.hub, ask("test", id="mine"), ann)
    assert (first.state, first.told_at, first.number) == ("waiting", None, 1)
    await told(services, device)
    spoof = result(other, 1, "mine", "refused")
    await services.ingest.store(other.batch([spoof]), other.home)
    done = result(device, 1, "mine", "done", text="Raised.", alert="h:test_alert:1")
    late = result(device, 2, "mine", "under_way")
    await services.ingest.store(device.batch([done, late]), device.home)
    clock.move(days=2)
    (line,) = await services.commands.of_hub(CENTRE, device.hub)
    assert (line.state, line.said, line.alert) == ("done", "Raised.", "h:test_alert:1")
    assert (line.sent_at, line.told_at) == (NOON, NOON)
    assert (await services.commands.one(CENTRE, device.hub, "mine")).command == line
    with pytest.raises(NotFound):
        await services.commands.one(CENTRE, other.hub, "mine")


async def test_a_command_sent_twice_by_a_nervous_client_is_one(
    services: Services, ann: Member
) -> None:
    device, other = await add_device(services), await add_device(services)
    first = await services.commands.issue(device.hub, ask("test", id="mine"), ann)
    assert await services.commands.issue(device.hub, ask("test", id="mine"), ann) == first
    for hub, kind in ((other.hub, "test"), (device.hub, "resume")):
        with pytest.raises(Conflict, match="another command's"):
            await services.commands.issue(hub, ask(kind, id="mine"), ann)


async def test_another_end_under_the_same_id_is_not_taken_for_set(
    services: Services, ann: Member
) -> None:
    device = await add_device(services)
    noon, one = ({"until": (NOON + n * HOUR).isoformat()} for n in (1, 2))
    first = await services.commands.issue(device.hub, ask("pause", noon, id="mine"), ann)
    assert await services.commands.issue(device.hub, ask("pause", noon, id="mine"), ann) == first
    for asked in (
        ask("pause", one, id="mine"),
        ask("pause", noon, id="mine", expires_at=NOON + HOUR),
    ):
        with pytest.raises(Conflict, match="says something else; nothing was changed"):
            await services.commands.issue(device.hub, asked, ann)


async def test_one_id_for_many_hubs_at_once_is_one_command_and_no_fault(
    services: Services, ann: Member
) -> None:
    devices = [await add_device(services) for _ in range(4)]
    found = await asyncio.gather(
        *(services.commands.issue(one.hub, ask("test", id="mine"), ann) for one in devices),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in found) == ["CommandLine", *["Conflict"] * 3]


@pytest.mark.parametrize("name", ["", "a\0b", "a/b", "a\n", "..", "a b", "é", "x" * 129])
async def test_an_id_that_has_no_address_is_refused_with_what_is_allowed(
    services: Services, ann: Member, name: str
) -> None:
    device = await add_device(services)
    with pytest.raises(Invalid, match="id must be 1 to 128 letters, digits"):
        await services.commands.issue(device.hub, ask("test", id=name), ann)


async def test_the_end_of_a_pause_is_told_for_as_long_as_the_pause_may_last(
    services: Services, ann: Member, clock: SettableClock
) -> None:
    device = await add_device(services)
    await services.commands.issue(device.hub, ask("resume"), ann)
    await services.commands.issue(device.hub, ask("back"), ann)
    clock.move(days=6, hours=23)
    assert await told(services, device) == [1, 2]
    clock.move(days=300)
    assert await told(services, device) == [2]


async def test_a_command_that_nobody_took_is_shown_as_expired(
    services: Services, ann: Member, clock: SettableClock
) -> None:
    device = await add_device(services)
    await services.commands.issue(device.hub, ask("walk_test", {"minutes": 10}), ann)
    clock.move(minutes=15)
    assert [one.state for one in await services.commands.of_hub(CENTRE, device.hub)] == ["expired"]
    assert await told(services, device) == []


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (ask("dance"), "'dance' is no command; allowed are pause, resume"),
        (ask("pause"), "until"),
        (ask("pause", {"until": NOON.isoformat()}), "after now and within 7 days"),
        (ask("pause", {"until": (NOON + timedelta(days=8)).isoformat()}), "within 7 days"),
        (ask("pause", {"until": "2026-03-10T14:00:00"}), "until"),
        (ask("pause", {"until": "0001-01-01T00:00:00+01:00"}), "after now"),
        (ask("away", {"until": (NOON + timedelta(days=367)).isoformat()}), "within 366 days"),
        (ask("walk_test", {"minutes": 0}), "minutes"),
        (ask("walk_test", {"minuets": 5}), "walk_test knows no minuets"),
        (ask("relearn", {"conditions": []}), "conditions"),
        (ask("dry_run", {"change": {"budget": {"uti_risk": 31}}}), "budget"),
        (ask("dry_run", {"change": {"budgets": {}}}), "dry_run knows no budgets"),
        (ask("dry_run", {"change": {"budget": {}}, "days": 91}), "days"),
        (ask("dry_run", {"change": {"rules": []}}), "budget alone"),
        (ask("test", expires_at=NOON), "after now"),
        (ask("test", expires_at=datetime(2026, 3, 10, 13)), "offset"),  # noqa: DTZ001 - the point
        (ask("test", expires_at=datetime(2026, 5, 10, 13, tzinfo=UTC)), "within 30 days"),
    ],
)
async def test_what_no_hub_could_do_is_refused_at_once(
    services: Services, ann: Member, asked: IssueRequest, says: str
) -> None:
    device = await add_device(services)
    with pytest.raises(Invalid, match=says):
        await services.commands.issue(device.hub, asked, ann)


async def test_a_hub_that_nobody_has_claimed_cannot_be_told(
    services: Services, ann: Member
) -> None:
    invitation = await services.claims.add_hub("h99", organisation=1)
    with pytest.raises(NotFound):
        await services.commands.issue(invitation.hub, ask("test"), ann)


async def test_a_walk_test_shows_each_activation_in_its_order(
    services: Services, ann: Member
) -> None:
    device = await add_device(services)
    walk = await services.commands.issue(device.hub, ask("walk_test"), ann)
    steps = [
        {
            "seq": seq,
            "kind": "walk_step",
            "body": {
                "v": 1, "hub": device.hub, "home": device.home, "command": walk.id,
                "event": device.event(seq, sensor=sensor, quality="walk_test")["body"],
            },
        }
        for seq, sensor in ((1, "pir"), (2, "door"), (3, "pir"))
    ]  # fmt: skip
    await services.ingest.store(device.batch(steps), device.home)
    shown = await services.commands.one(CENTRE, device.hub, walk.id)
    assert [one.sensor for one in shown.steps] == ["pir", "door", "pir"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (ask("relearn", {"conditions": ["uti_risk"]}), "learn anew"),
        (ask("pause", {"until": (NOON + 25 * HOUR).isoformat()}), "over a day"),
        (ask("away", {"until": (NOON + 32 * 24 * HOUR).isoformat()}), "over 31 days"),
    ],
)
async def test_nobody_on_the_desk_leaves_a_home_unwatched_for_long(
    services: Services, ann: Member, asked: IssueRequest, says: str
) -> None:
    device = await add_device(services)
    with pytest.raises(Forbidden, match=says):
        await services.commands.issue(device.hub, asked, ann)
    assert await told(services, device) == []
    sue = await add_user(services, "sue", role="supervisor")
    await services.commands.issue(device.hub, asked, sue)
    assert await told(services, device) == [1]


async def test_a_dry_run_is_for_who_may_make_the_change_and_is_answered_within_the_hour(
    services: Services, ann: Member, clock: SettableClock
) -> None:
    device = await add_device(services)
    asked = ask("dry_run", {"change": {"budget": {"uti_risk": 0.5}}})
    with pytest.raises(Forbidden):
        await services.commands.issue(device.hub, asked, ann)
    sue = await add_user(services, "sue", role="supervisor")
    await services.commands.issue(device.hub, asked, sue)
    assert await told(services, device) == [1]
    clock.move(hours=1)
    (line,) = await services.commands.of_hub(CENTRE, device.hub)
    assert line.state == "unanswered", "its hub was sent it, and may have lost it"
