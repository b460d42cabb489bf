"""An urgent alert that nobody looks at calls the next one, once, whoever was restarted."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import msgspec
import pytest

from api.alerts.duties import Duty, due
from api.alerts.lifecycle import AlertState
from api.alerts.views import AlertSummary
from api.app import create_services
from api.refusals import Conflict, Forbidden, Invalid, NotFound
from api.services import Services
from api.settings import Settings
from api.store.reach import CENTRE
from tests.api.alerts.test_routes import signed_in
from tests.api.support import SettableClock, add_alert, add_device, add_user

SLOW = Duty(priority="urgent", kind="seconds", within_s=300, share=0.9, escalates=True)
SAME_DAY = Duty(priority="advisory", kind="same_day", share=0.9)
WORKING = Duty(priority="technical", kind="next_working_day", share=0.9)


async def shown(services: Services, alert: int) -> AlertSummary:
    return (await services.alerts.one(CENTRE, alert)).alert


async def test_an_urgent_alert_that_nobody_claims_calls_one_level_after_the_other(
    services: Services, clock: SettableClock
) -> None:
    alert = await add_alert(services, await add_device(services), severity="urgent")
    calm = await add_alert(services, await add_device(services))
    levels = []
    for seconds in (59, 1, 119, 1, 600):
        clock.move(seconds=seconds)
        await services.alerts.timers.look()
        now = await shown(services, alert)
        levels.append(now.escalation.level if now.escalation else 0)
    assert levels == [0, 1, 1, 2, 2]
    assert (await shown(services, calm)).state is AlertState.RAISED
    history = (await services.alerts.one(CENTRE, alert)).history
    assert [(line.action, line.by) for line in history] == [("escalate", None)] * 2
    assert history[0].note == "Nobody looked at it within 60 seconds."


async def test_one_that_was_claimed_in_time_calls_nobody_and_given_back_counts_anew(
    services: Services, clock: SettableClock
) -> None:
    ann = await add_user(services)
    alert = await add_alert(services, await add_device(services), severity="urgent")
    clock.move(seconds=50)
    await services.alerts.claim(alert, ann)
    clock.move(minutes=5)
    await services.alerts.timers.look()
    assert (await shown(services, alert)).state is AlertState.CLAIMED
    await services.alerts.release(alert, ann)
    clock.move(seconds=59)
    assert await services.alerts.timers.escalate() == 0
    clock.move(seconds=1)
    assert await services.alerts.timers.escalate() == 1


async def test_one_that_came_to_a_busy_handler_and_stays_unseen_is_escalated_too(
    services: Services, clock: SettableClock
) -> None:
    ann, bob = await add_user(services, "ann"), await add_user(services, "bob")
    device = await add_device(services)
    first = await add_alert(services, device, 1)
    await services.alerts.claim(first, ann)
    urgent = await add_alert(services, device, 2, severity="urgent")
    clock.move(seconds=60)
    await services.alerts.timers.look()
    assert (await shown(services, urgent)).state is AlertState.ESCALATED
    assert await services.alerts.timers.settle() == 0  # it does not go back to who did not look
    await services.alerts.claim(urgent, bob)
    moved = (await shown(services, first)).claim
    assert moved is not None
    assert moved.by == bob.shown  # one home, one handler


async def test_replicas_that_look_at_once_and_one_that_starts_later_do_each_thing_once(
    services: Services, clock: SettableClock, migrated_url: str
) -> None:
    ann = await add_user(services)
    urgent = [
        await add_alert(services, await add_device(services), severity="urgent") for _ in range(5)
    ]
    waits = await add_alert(services, await add_device(services))
    await services.alerts.claim(waits, ann)
    await services.alerts.suspend(waits, ann, clock.now + timedelta(seconds=60))
    clock.move(seconds=60)
    other = create_services(Settings(database_url=migrated_url), clock)
    try:
        await asyncio.gather(
            *(one.alerts.timers.look() for one in (services, other, services, other))
        )
    finally:
        await other.database.close()
    for alert, last in [*((one, "escalate") for one in urgent), (waits, "return")]:
        history = (await services.alerts.one(CENTRE, alert)).history
        assert [line.action for line in history].count(last) == 1


async def test_an_organisation_has_its_own_duties_or_everybody_s(
    services: Services, clock: SettableClock, client: httpx.AsyncClient
) -> None:
    ann = await add_user(services)
    boss = await add_user(services, "sue", role="supervisor")
    with pytest.raises(Forbidden):
        await services.duties.put(ann, 1, [SLOW])
    with pytest.raises(NotFound):
        await services.duties.put(boss, 99, [SLOW])
    for wrong in (
        [SLOW, SLOW],
        [Duty(priority="urgent", kind="same_day", within_s=5, share=0.9)],
        [SLOW, Duty(priority="advisory", kind="same_day", share=0.9, escalates=True)],
    ):
        with pytest.raises(Invalid):
            await services.duties.put(boss, 1, wrong)
    headers = await signed_in(client, "sue")
    answer = (await client.get("/v1/organisations/1/duties")).json()
    assert (answer["own"], len(answer["duties"])) == (False, 4)
    body = {
        "duties": [
            {"priority": "urgent", "kind": "seconds", "within_s": 300, "share": 0.9,
             "escalates": True}
        ]
    }  # fmt: skip
    put = await client.put("/v1/organisations/1/duties", json=body, headers=headers)
    assert (put.json()["own"], len(put.json()["duties"])) == (True, 1)
    alert = await add_alert(services, await add_device(services), severity="urgent")
    clock.move(seconds=299)
    assert await services.alerts.timers.escalate() == 0
    clock.move(seconds=1)
    assert await services.alerts.timers.escalate() == 1
    assert (await shown(services, alert)).state is AlertState.ESCALATED


async def test_who_is_on_call_is_called_though_the_first_promise_is_only_measured(
    services: Services, clock: SettableClock
) -> None:
    boss = await add_user(services, "sue", role="supervisor")
    measured = msgspec.structs.replace(SLOW, within_s=60, escalates=False)
    await services.duties.put(boss, 1, [measured, msgspec.structs.replace(SLOW, level=2)])
    alert = await add_alert(services, await add_device(services), severity="urgent")
    clock.move(seconds=299)
    assert await services.alerts.timers.escalate() == 0
    clock.move(seconds=1)
    assert await services.alerts.timers.escalate() == 1
    called = (await shown(services, alert)).escalation
    assert called is not None
    assert called.level == 2
    clock.move(hours=1)
    assert await services.alerts.timers.escalate() == 0


@pytest.mark.parametrize(
    "left", [[WORKING], [Duty(priority="urgent", kind="seconds", within_s=60, share=0.9), WORKING]]
)
async def test_nobody_can_promise_that_a_call_for_help_goes_on_unseen(
    services: Services, clock: SettableClock, connection: asyncpg.Connection, left: list[Duty]
) -> None:
    boss = await add_user(services, "sue", role="supervisor")
    with pytest.raises(Invalid, match="nobody is called"):
        await services.duties.put(boss, 1, left)
    for one in left:  # as an earlier version took it
        await connection.execute(
            "insert into duty (organisation, priority, level, kind, within_s, share, escalates)"
            " values (1, $1, 1, $2, $3, 0.9, false)",
            one.priority, one.kind, one.within_s,
        )  # fmt: skip
    alert = await add_alert(services, await add_device(services), severity="urgent")
    clock.move(seconds=60)
    assert await services.alerts.timers.escalate() == 1
    assert (await shown(services, alert)).state is AlertState.ESCALATED


@pytest.mark.parametrize(
    ("duty", "since", "until"),
    [
        (SAME_DAY, datetime(2026, 3, 10, 12, tzinfo=UTC), datetime(2026, 3, 11, tzinfo=UTC)),
        # In summer the local day ends an hour before that of UTC.
        (
            SAME_DAY,
            datetime(2026, 7, 1, 23, 30, tzinfo=UTC),
            datetime(2026, 7, 2, 23, tzinfo=UTC),
        ),
        # The day on which clocks go forward has 23 hours.
        (SAME_DAY, datetime(2026, 3, 29, 0, tzinfo=UTC), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        # Raised on a Friday, in time until the end of Monday.
        (WORKING, datetime(2026, 3, 13, 9, tzinfo=UTC), datetime(2026, 3, 17, tzinfo=UTC)),
        (WORKING, datetime(2026, 3, 10, 9, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC)),
    ],
)
def test_a_day_is_the_home_s_own(duty: Duty, since: datetime, until: datetime) -> None:
    assert due(duty, since, "Europe/London") == until


async def test_of_two_who_set_duties_at_once_nobody_is_overwritten_unawares(
    services: Services,
) -> None:
    ann = await add_user(services, "ann", role="supervisor")
    ours = ann.organisations[0]
    before = await services.duties.of(ann.reach, ours)
    tries = await asyncio.gather(
        *(
            services.duties.put(ann, ours, [SLOW, SAME_DAY], version=before.version)
            for _ in range(8)
        ),
        return_exceptions=True,
    )
    assert sum(not isinstance(one, BaseException) for one in tries) == 1
    assert sum(isinstance(one, Conflict) for one in tries) == 7
    log = await services.audit.newest(ann.reach, ours, known=[ours], before=2**62, limit=100)
    assert [one.action for one in log].count("duties.put") == 1


async def test_duties_put_at_once_without_having_looked_all_hold_one_after_the_other(
    services: Services,
) -> None:
    ann = await add_user(services, "ann", role="supervisor")
    ours = ann.organisations[0]
    for put in await asyncio.gather(
        *(services.duties.put(ann, ours, [SLOW, SAME_DAY]) for _ in range(8))
    ):
        assert put.duties == [SLOW, SAME_DAY]


async def test_one_client_s_odd_row_keeps_no_other_client_s_alert_from_being_escalated(
    services: Services, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    odd, alert = [
        await add_alert(services, await add_device(services), severity="urgent") for _ in range(2)
    ]
    await connection.execute(
        "create function fail() returns trigger language plpgsql as"
        " $$ begin raise exception 'odd' using errcode = '22023'; end $$"
    )
    await connection.execute(
        "create trigger odd before update on alert for each row"
        f" when (old.id = {odd}) execute function fail()"
    )
    clock.move(minutes=2)
    await services.alerts.timers.look()
    assert (await shown(services, alert)).state is AlertState.ESCALATED
    assert (await shown(services, odd)).state is AlertState.RAISED
    counted = 'telecare_api_passed_over_total{kind="alert"} 1.0'
    assert counted in services.metrics.page().decode(), "somebody is called to see to it"
    await connection.execute("drop trigger odd on alert")
    await services.alerts.timers.look()
    assert (await shown(services, odd)).state is AlertState.ESCALATED
    assert counted in services.metrics.page().decode()
