"""Whatever a shift does, in whatever order: one home has one handler, and the history is whole."""

from contextlib import suppress
from datetime import timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.alerts.lifecycle import TABLE, Action, Outcome
from api.alerts.standing import Deed
from api.identity.people import Member
from api.refusals import Conflict
from api.services import Services
from tests.api.support import SettableClock, add_alert, add_device, add_user

STAFF = [action for action in Action if action not in {Action.ASSIGN, Action.LAPSE, Action.RETURN}]

_WHOLE = """
select
    (select count(distinct holder) from alert where home = $1 and state = 'claimed') as handlers,
    (select bool_and(version = 1 + (select count(*) from alert_history e where e.alert = a.id))
        from alert a where home = $1) as counted,
    (select bool_and(coalesce((
            select e.after from alert_history e where e.alert = a.id order by e.id desc limit 1
        ), 'raised') = a.state) from alert a where home = $1) as told
"""
_CHAINED = """
select alert, action, before, after,
    lag(after, 1, 'raised') over (partition by alert order by id) as left_at
from alert_history
"""

steps = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 2), st.sampled_from(STAFF), st.integers(0, 8)
    ),
    max_size=15,
)  # fmt: skip


@pytest.fixture
async def crew(services: Services) -> list[Member]:
    return [await add_user(services, name) for name in ("ann", "bob", "cat")]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
async def test_one_handler_and_a_whole_history_after_any_shift(
    services: Services,
    clock: SettableClock,
    connection: asyncpg.Connection,
    crew: list[Member],
    done: list[tuple[int, int, Action, int]],
) -> None:
    device = await add_device(services)
    alerts = [await add_alert(services, device, seq) for seq in (1, 2, 3)]
    for who, which, action, minutes in done:
        clock.move(minutes=minutes)
        by = None if action is Action.WITHDRAW else crew[who]
        deed = Deed(
            action=action,
            by=by,
            outcome=Outcome.TEST if action is Action.RESOLVE else None,
            until=clock.now + timedelta(minutes=5),
            note="A reason.",
            to=crew[(who + 1) % 3].id if action is Action.OFFER else None,
        )
        with suppress(Conflict):
            await services.alerts.acting.act(alerts[which], deed)
        await services.alerts.timers.look()
        whole = await connection.fetchrow(_WHOLE, device.home)
        assert whole is not None
        assert whole["handlers"] <= 1
        assert whole["counted"]
        assert whole["told"]
    for line in await connection.fetch(_CHAINED):
        assert line["before"] == line["left_at"]
        states = {(state, step): found.to for (state, step), found in TABLE.items()}
        assert states[line["before"], line["action"]] == line["after"]


async def test_before_the_roll_out_is_finished_an_older_replica_meets_no_state_it_does_not_know(
    services: Services, clock: SettableClock, connection: asyncpg.Connection, crew: list[Member]
) -> None:
    await connection.execute(
        "delete from migration where name = '0101_alert_states.post.sql';"
        "alter table alert add check (state in ('raised', 'claimed', 'resolved'))"
    )
    urgent = await add_alert(services, await add_device(services), severity="urgent")
    clock.move(minutes=5)
    await services.alerts.timers.look()
    assert await connection.fetchval("select state from alert") == "raised"
    await services.alerts.claim(urgent, crew[0])
    with pytest.raises(Conflict, match="migrate --finish"):
        await services.alerts.suspend(urgent, crew[0], clock.now + timedelta(minutes=9))
