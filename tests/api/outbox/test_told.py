"""After a death it is asked whether the receiving centre was told, and when it took it."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import httpx
import pytest

from api.channels.protocol import GiveUp, Message, TryLater
from api.identity.people import Member
from api.outbox.service import Wanted
from api.outbox.told import MOST, Reached, Telling
from api.services import Services
from api.store.reach import CENTRE, within
from tests.api.channels.scaip_receiver import scaip_receiver
from tests.api.outbox.support import Ear, destination, worker
from tests.api.support import PASSWORD, SettableClock, add_alert, add_device, add_user

pytestmark = pytest.mark.network

CALL: dict[str, Any] = {"condition": "help_button", "severity": "urgent"}
LEFT = "select count(*) from outbox where subject like 'alert/%'"


async def told(services: Services, alert: int) -> list[Telling]:
    return (await services.alerts.one(CENTRE, alert)).told


async def forget(services: Services, clock: SettableClock, days: float = 91) -> None:
    """Lets the outbox go of what is over."""
    clock.move(days=days)
    await services.worker.forget()


def saying(error: Exception) -> Callable[[Message], Awaitable[None]]:
    async def answer(_: Message) -> None:
        raise error

    return answer


async def test_what_the_receiving_centre_took_is_seen_with_its_own_number_as_long_as_the_alert(
    services: Services, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    async with scaip_receiver("tcp") as receiver:
        device = await add_device(services, label="Flat 12")
        settings = {"host": "127.0.0.1", "port": receiver.port, "transport": "tcp",
                    "homes": {device.home: "8031372"}}  # fmt: skip
        wanted = Wanted(name="receiving centre", channel="scaip", settings=settings)
        await services.outbox.set(1, wanted)
        alert = await add_alert(services, device, **CALL)
        (before,) = await told(services, alert)
        assert (before.state, before.taken_at, before.tries) == (Reached.WAITING, None, 0)
        await services.worker.run_dry()
    (line,) = await told(services, alert)
    assert (line.destination, line.channel, line.action, line.version) == (
        "receiving centre", "scaip", "raise", 1
    )  # fmt: skip
    assert (line.state, line.taken_at, line.tries) == (Reached.TAKEN, clock.now, 1)
    assert (line.key, line.reason) == (receiver.got[0].ref, "")
    await forget(services, clock, 7.1)
    assert await connection.fetchval(LEFT) == 0, "what was said is not kept"
    assert await told(services, alert) == [line]


async def test_what_was_not_delivered_says_why_and_still_does_once_the_dead_letter_is_gone(
    services: Services, ear: Ear, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    await destination(services, ear)
    ear.answer = saying(TryLater("it answered 503"))
    alert = await add_alert(services, await add_device(services), **CALL)
    await worker(services, ear).run_dry()
    (line,) = await told(services, alert)
    assert (line.state, line.tries, line.reason) == (Reached.WAITING, 1, "it answered 503")
    ear.answer = saying(GiveUp("it answered 410"))
    clock.move(minutes=5)
    await worker(services, ear).run_dry()
    (line,) = await told(services, alert)
    assert (line.state, line.tries, line.reason) == (Reached.GIVEN_UP, 2, "it answered 410")
    assert (line.given_up_at, line.taken_at) == (clock.now, None)
    await forget(services, clock)
    assert await connection.fetchval(LEFT) == 0
    assert await told(services, alert) == [line]


async def test_a_dead_letter_that_arrived_in_the_end_is_told_as_taken(
    services: Services, ear: Ear, clock: SettableClock
) -> None:
    await destination(services, ear)
    ear.answer = saying(GiveUp("it answered 410"))
    alert = await add_alert(services, await add_device(services))
    await worker(services, ear).run_dry()
    (dead,) = (await services.outbox.view(CENTRE)).dead_letters
    ear.answer = None
    clock.move(hours=3)
    await services.outbox.again(CENTRE, dead.id)
    await worker(services, ear).run_dry()
    (line,) = await told(services, alert)
    assert (line.state, line.taken_at, line.given_up_at) == (Reached.TAKEN, clock.now, None)
    assert line.reason == ""


async def test_each_step_each_destination_and_who_was_left_out_or_is_off_is_told_apart(
    services: Services, ear: Ear, clock: SettableClock
) -> None:
    for name, purpose in (("desk", None), ("family", "family"), ("off", None)):
        more: dict[str, Any] = {"name": name, "purpose": purpose}
        await destination(services, ear, **more)
    alert = await add_alert(services, await add_device(services))
    await services.outbox.enable(1, "off", on=False)
    await services.alerts.claim(alert, await add_user(services))
    await worker(services, ear).run_dry()
    expected = {
        ("desk", "raise", "taken", ""), ("desk", "claim", "taken", ""),
        ("family", "raise", "left_out", ""), ("family", "claim", "left_out", ""),
        ("off", "raise", "waiting", "it is turned off"),
    }  # fmt: skip
    lines = await told(services, alert)
    assert {(one.destination, one.action, one.state, one.reason) for one in lines} == expected
    assert [one.version for one in lines] == sorted(one.version for one in lines)
    await forget(services, clock)
    assert await told(services, alert) == lines


async def test_of_very_many_words_of_a_hub_no_step_of_staff_is_left_out(
    services: Services, ear: Ear, connection: asyncpg.Connection
) -> None:
    number = await destination(services, ear)
    alert = await add_alert(services, await add_device(services))
    await connection.execute(
        "insert into outbox"
        " (organisation, destination, subject, action, version, body, written_at) "
        "select 1, $1, 'alert/' || $2::bigint, 'report', 1 + n, '{}', now() + n * interval '1 s' "
        "from generate_series(1, $3::integer) n", number, alert, MOST + 5,
    )  # fmt: skip
    lines = await told(services, alert)
    assert len(lines) == MOST
    assert (lines[0].action, lines[-1].version) == ("raise", MOST + 6)


async def test_it_stands_in_the_answer_for_programs_and_another_client_sees_none_of_it(
    services: Services, ear: Ear, client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await destination(services, ear)
    alert = await add_alert(services, await add_device(services))
    await worker(services, ear).run_dry()
    await forget(services, clock)
    other = (await services.organisations.add("Others")).organisation
    await add_user(services, organisations=[1])
    await client.post("/v1/session", json={"username": "ann", "password": PASSWORD})
    answer = (await client.get(f"/v1/alerts/{alert}")).json()
    assert [(one["destination"], one["state"]) for one in answer["told"]] == [("desk", "taken")]
    for reach, rows in ((within([1]), 1), (within([other]), 0)):
        async with services.database.transaction(reach) as inside:
            assert await inside.fetchval("select count(*) from alert_told") == rows
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with inside.transaction():
                    await inside.execute("update alert_told set state = 'sent'")


@pytest.mark.parametrize("forgotten", [False, True])
async def test_who_is_erased_is_told_of_nowhere_and_before_that_it_is_in_their_export(
    services: Services, ear: Ear, clock: SettableClock, connection: asyncpg.Connection,
    *, forgotten: bool,
) -> None:  # fmt: skip
    await destination(services, ear)
    device = await add_device(services)
    boss: Member = await add_user(services, "boss", role="administrator")
    await add_alert(services, device)
    await worker(services, ear).run_dry()
    if forgotten:
        await forget(services, clock)
    async with services.database.transaction(boss.reach) as inside:
        sources = await inside.fetch("select source from export_home($1)", device.home)
        assert ("alert_told" if forgotten else "outbox") in {row["source"] for row in sources}
        assert await inside.fetchval("select erase_home($1, now())", device.home) > 0
    await forget(services, clock)
    assert await connection.fetchval(LEFT) == 0
    assert await connection.fetchval("select count(*) from alert_told") == 0
