"""Two handlers call one person twice; no handler calls nobody. Both start here."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.alerts.lifecycle import Action, Actor, AlertState, Outcome, step
from api.alerts.service import MAX_NOTE
from api.identity.people import Member
from api.refusals import Conflict, Invalid, NotFound
from api.services import Services
from api.store.reach import CENTRE
from tests.api.support import NOON, SettableClock, add_alert, add_device, add_user

LEASE = timedelta(minutes=10)


async def test_of_many_claimers_exactly_one_wins_and_the_rest_are_told_who(
    services: Services,
) -> None:
    alert = await add_alert(services, await add_device(services))
    users = [await add_user(services, f"user{n}") for n in range(8)]
    results = await asyncio.gather(
        *(services.alerts.claim(alert, user) for user in users), return_exceptions=True
    )
    won = [result for result in results if not isinstance(result, BaseException)]
    lost = [result for result in results if isinstance(result, Conflict)]
    assert (len(won), len(lost)) == (1, 7)
    assert won[0].claim is not None
    for refused in lost:
        assert won[0].claim.by.name in str(refused)
        assert "12:00 UTC on 10 March 2026" in str(refused)
        assert refused.extra["alert"].claim == won[0].claim
    detail = await services.alerts.one(CENTRE, alert)
    assert [entry.action for entry in detail.history] == ["claim"]


async def test_a_claim_runs_out_visibly_and_then_another_may_take_it(
    services: Services, clock: SettableClock
) -> None:
    alert = await add_alert(services, await add_device(services))
    ann, bob = await add_user(services, "ann"), await add_user(services, "bob")
    claimed = await services.alerts.claim(alert, ann)
    assert claimed.claim is not None
    assert claimed.claim.until == NOON + LEASE
    clock.move(minutes=10)
    (shown,) = (await services.alerts.queue(CENTRE)).advisory
    assert (shown.state, shown.claim) == (AlertState.RAISED, None)
    assert shown.lapsed is not None
    assert (shown.lapsed.by, shown.lapsed.until) == (ann.shown, NOON + LEASE)
    with pytest.raises(Conflict, match="Claim this alert first"):
        await services.alerts.resolve(alert, ann, "false_alarm")
    taken = await services.alerts.claim(alert, bob)
    assert taken.claim is not None
    assert (taken.claim.by, taken.lapsed) == (bob.shown, None)
    history = (await services.alerts.one(CENTRE, alert)).history
    assert [(entry.action, entry.by) for entry in history] == [
        ("claim", ann.shown), ("lapse", None), ("claim", bob.shown)
    ]  # fmt: skip


async def test_the_centre_puts_lapsed_claims_back_once_whoever_looks(
    services: Services, clock: SettableClock
) -> None:
    ann = await add_user(services)
    alerts = [await add_alert(services, await add_device(services)) for _ in range(3)]
    for alert in alerts[:2]:
        await services.alerts.claim(alert, ann)
    assert await services.alerts.lapse() == 0
    clock.move(minutes=11)
    put_back = await asyncio.gather(*(services.alerts.lapse() for _ in range(4)))
    assert sum(put_back) == 2
    for alert in alerts[:2]:
        detail = await services.alerts.one(CENTRE, alert)
        assert [entry.action for entry in detail.history] == ["claim", "lapse"]
        assert detail.alert.lapsed is not None
        assert detail.alert.lapsed.until == NOON + LEASE


async def test_working_on_an_alert_keeps_the_claim(
    services: Services, clock: SettableClock
) -> None:
    alert = await add_alert(services, await add_device(services))
    ann = await add_user(services)
    await services.alerts.claim(alert, ann)
    clock.move(minutes=9)
    await services.alerts.note(alert, ann, "Called; no answer yet.")
    clock.move(minutes=9)
    renewed = await services.alerts.claim(alert, ann)
    assert renewed.claim is not None
    assert renewed.claim.since == NOON
    assert renewed.claim.until == clock.now + LEASE


async def test_a_note_by_a_colleague_neither_takes_nor_extends_the_claim(
    services: Services, clock: SettableClock
) -> None:
    alert = await add_alert(services, await add_device(services))
    ann, bob = await add_user(services, "ann"), await add_user(services, "bob")
    await services.alerts.claim(alert, ann)
    clock.move(minutes=5)
    noted = await services.alerts.note(alert, bob, "Her daughter rang me.")
    assert noted.claim is not None
    assert (noted.claim.by, noted.claim.until) == (ann.shown, NOON + LEASE)


async def test_resolving_says_what_it_was_and_by_whom_and_ends_the_matter(
    services: Services,
) -> None:
    alert = await add_alert(services, await add_device(services))
    ann, bob = await add_user(services, "ann"), await add_user(services, "bob")
    await services.alerts.claim(alert, ann)
    done = await services.alerts.resolve(alert, ann, "known_reason", note="Family is staying.")
    assert done.resolution is not None
    assert (done.resolution.by, done.resolution.outcome) == (ann.shown, Outcome.KNOWN_REASON)
    assert (await services.alerts.queue(CENTRE)).advisory == []
    for action in (services.alerts.claim(alert, bob), services.alerts.release(alert, ann)):
        with pytest.raises(Conflict, match="Ann B resolved this alert at 12:00"):
            await action
    last = (await services.alerts.one(CENTRE, alert)).history[-1]
    assert (last.outcome, last.note) == (Outcome.KNOWN_REASON, "Family is staying.")


async def test_nobody_closes_what_the_hub_has_just_said_more_about(services: Services) -> None:
    device, ann = await add_device(services), await add_user(services)
    alert = await add_alert(services, device, 1, id="a")
    claimed = await services.alerts.claim(alert, ann)
    worse = device.batch([device.alert(2, id="a", version=2, text="It got worse.")])
    await services.ingest.store(worse, device.home)
    with pytest.raises(Conflict, match="something new") as refused:
        await services.alerts.resolve(alert, ann, "false_alarm", seen=claimed.report_version)
    now = refused.value.extra["alert"]
    assert (now.text, now.state) == ("It got worse.", AlertState.CLAIMED)
    await services.alerts.resolve(alert, ann, "false_alarm", seen=now.report_version)


async def test_clearing_on_the_hub_and_handling_by_staff_are_separate(
    services: Services,
) -> None:
    device, ann = await add_device(services), await add_user(services)
    alert = await add_alert(services, device, 1, id="a")
    await services.alerts.claim(alert, ann)
    later = NOON + timedelta(hours=1)
    cleared = device.alert(2, id="a", version=2, phase="cleared", updated_at=later.isoformat())
    await services.ingest.store(device.batch([cleared]), device.home)
    shown = (await services.alerts.one(CENTRE, alert)).alert
    assert (shown.cleared_at, shown.state) == (later, AlertState.CLAIMED)
    await services.alerts.resolve(alert, ann, "false_alarm")
    still = device.alert(3, id="a", version=3, text="still")
    await services.ingest.store(device.batch([still]), device.home)
    shown = (await services.alerts.one(CENTRE, alert)).alert
    # Nobody's life hangs on an advisory alert: an urgent one would be raised anew (test_anew).
    assert (shown.text, shown.state, shown.again_at) == ("still", AlertState.RESOLVED, None)


async def test_the_queue_has_the_urgent_first_and_in_each_lane_the_longest_waiting(
    services: Services,
) -> None:
    device = await add_device(services, label="Flat 12")
    minutes = {"urgent": (5, 3), "advisory": (1, 2), "technical": (4,), "catastrophic": (6,)}
    seq = 0
    for severity, raised in minutes.items():
        for minute in raised:
            seq += 1
            at = NOON + timedelta(minutes=minute)
            await add_alert(services, device, seq, severity=severity, raised_at=at.isoformat())
    queue = await services.alerts.queue(CENTRE)
    shown = [[one.raised_at.minute for one in lane] for lane in
             (queue.urgent, queue.advisory, queue.technical)]  # fmt: skip
    # A word of a newer hub is looked at first rather than last.
    assert shown == [[3, 5, 6], [1, 2], [4]]
    assert queue.total == {"urgent": 3, "advisory": 2, "technical": 1}
    assert queue.urgent[0].label == "Flat 12"
    short = await services.alerts.queue(CENTRE, limit=1)
    assert [len(short.urgent), short.total["urgent"]] == [1, 3]


async def test_one_alert_comes_with_its_evidence_and_the_home_s_other_alerts(
    services: Services,
) -> None:
    device, other = await add_device(services), await add_device(services)
    await add_alert(services, other)
    first = await add_alert(services, device, 1)
    second = await add_alert(
        services, device, 2, raised_at=(NOON + timedelta(days=1)).isoformat(), new_field="kept"
    )
    detail = await services.alerts.one(CENTRE, second)
    assert [one.id for one in detail.earlier] == [first]
    assert detail.evidence.evidence[0].measure == "visits"
    assert detail.evidence.unknown == {"new_field": "kept"}


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (MAX_NOTE + 1), "a\0b"])
async def test_a_note_that_cannot_be_kept_is_refused(services: Services, text: str) -> None:
    alert = await add_alert(services, await add_device(services))
    with pytest.raises(Invalid):
        await services.alerts.note(alert, await add_user(services), text)


async def test_what_is_not_there_or_not_a_word_is_said_plainly(services: Services) -> None:
    ann = await add_user(services)
    with pytest.raises(NotFound, match="no alert 99"):
        await services.alerts.claim(99, ann)
    with pytest.raises(NotFound):
        await services.alerts.one(CENTRE, 99)
    with pytest.raises(Invalid, match="true_concern, known_reason"):
        await services.alerts.resolve(99, ann, "shrug")


async def test_history_cannot_be_rewritten_even_in_the_database(
    services: Services, connection: asyncpg.Connection
) -> None:
    alert = await add_alert(services, await add_device(services))
    await services.alerts.note(alert, await add_user(services), "As it was.")
    for tampering in (
        "update alert_history set note = 'As it was not.'",
        "delete from alert_history",
        "truncate alert_history",
    ):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await connection.execute(tampering)


@pytest.fixture
async def users(services: Services) -> dict[str, Member]:
    return {name: await add_user(services, name) for name in ("ann", "bob")}


STEPS = [Action.CLAIM, Action.RELEASE, Action.NOTE, Action.RESOLVE]
deeds = st.lists(
    st.tuples(st.sampled_from(["ann", "bob"]), st.sampled_from(STEPS), st.integers(0, 12)),
    max_size=12,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds)
async def test_whatever_staff_do_the_database_goes_the_way_of_the_table(
    services: Services,
    clock: SettableClock,
    users: dict[str, Member],
    done: list[tuple[str, Action, int]],
) -> None:
    alert = await add_alert(services, await add_device(services))
    state, holder, until = AlertState.RAISED, "", clock.now
    actions: dict[Action, Callable[[int, Member], Awaitable[object]]] = {
        Action.CLAIM: services.alerts.claim,
        Action.RELEASE: services.alerts.release,
        Action.NOTE: lambda alert, by: services.alerts.note(alert, by, "text"),
        Action.RESOLVE: lambda alert, by: services.alerts.resolve(alert, by, "test"),
    }
    lines = 0
    for name, action, minutes in done:
        clock.move(minutes=minutes)
        if state is AlertState.CLAIMED and until <= clock.now:
            state, holder = AlertState.RAISED, ""
            lines += 1
            await services.alerts.lapse()
        after = step(state, action, Actor.HOLDER if holder == name else Actor.OTHER)
        if after is None:
            with pytest.raises(Conflict):
                await actions[action](alert, users[name])
        else:
            await actions[action](alert, users[name])
            lines += 1
            if after is AlertState.CLAIMED and (action is Action.CLAIM or holder == name):
                holder, until = name, clock.now + LEASE
            state = after
            holder = holder if state is AlertState.CLAIMED else ""
        detail = await services.alerts.one(CENTRE, alert)
        assert detail.alert.state == state
        assert (detail.alert.claim.by.username if detail.alert.claim else "") == holder
        assert len(detail.history) == lines
        assert detail.alert.version == 1 + lines
