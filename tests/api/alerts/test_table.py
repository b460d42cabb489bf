"""Every step of the table, and every one that is none, made in the database by everybody."""

from datetime import timedelta

import asyncpg
import pytest

from api.alerts.lifecycle import OVER, Action, Actor, AlertState, Outcome, step
from api.alerts.standing import Deed
from api.identity.people import Member
from api.refusals import Conflict
from api.services import Services
from tests.api.support import NOON, Device, add_alert, add_device, add_user

HOUR = NOON + timedelta(hours=1)
Staff = dict[Actor, Member]


@pytest.fixture
async def staff(services: Services) -> Staff:
    names = {Actor.HOLDER: "ann", Actor.NAMED: "cat", Actor.OTHER: "bob"}
    return {actor: await add_user(services, name) for actor, name in names.items()}


async def bring(services: Services, staff: Staff, alert: int, state: AlertState) -> None:
    """Has a raised alert reach a state by steps of the table alone; held, it is also offered."""
    act, ann = services.alerts.acting.act, staff[Actor.HOLDER]
    if state is AlertState.WITHDRAWN:
        await act(alert, Deed(action=Action.WITHDRAW, by=None))
    elif state is AlertState.ESCALATED:
        await services.alerts.escalate(alert, staff[Actor.OTHER], "Nobody is free.")
    elif state is not AlertState.RAISED:
        await services.alerts.claim(alert, ann)
        await services.alerts.offer(alert, ann, "cat")
        last: dict[AlertState, Deed] = {
            AlertState.SUSPENDED: Deed(action=Action.SUSPEND, by=ann, until=HOUR),
            AlertState.SHELVED: Deed(action=Action.SHELVE, by=ann, until=HOUR, note="Loose."),
            AlertState.RESOLVED: Deed(action=Action.RESOLVE, by=ann, outcome=Outcome.TEST),
        }
        if state in last:
            await act(alert, last[state])


def deed(action: Action, by: Member | None, colleague: Member) -> Deed:
    return Deed(
        action=action,
        by=by,
        outcome={Action.RESOLVE: Outcome.TEST, Action.CORRECT: Outcome.EQUIPMENT}.get(action),
        until=HOUR,
        note="A reason.",
        to=colleague.id if action in {Action.OFFER, Action.ASSIGN} else None,
    )


@pytest.mark.parametrize("state", list(AlertState))
async def test_the_database_goes_the_way_of_the_table_whoever_does_what(
    services: Services, connection: asyncpg.Connection, staff: Staff, state: AlertState
) -> None:
    device: Device = await add_device(services)
    made, alert = 0, None
    for action in Action:
        for actor in Actor:
            if alert is None:
                made += 1
                alert = await add_alert(services, device, made)
                await bring(services, staff, alert, state)
            before = await connection.fetchrow("select * from alert where id = $1", alert)
            assert before is not None
            assert before["state"] == state
            after = step(state, action, actor)
            trying = services.alerts.acting.act(
                alert, deed(action, staff.get(actor), staff[Actor.NAMED])
            )
            if after is None:
                with pytest.raises(Conflict):
                    await trying
                assert await connection.fetchrow("select * from alert where id = $1", alert) == (
                    before
                )
                continue
            shown = await trying
            assert (shown.state, shown.version) == (after, before["version"] + 1)
            line = await connection.fetchrow(
                "select * from alert_history where alert = $1 order by id desc limit 1", alert
            )
            assert line is not None
            assert (line["action"], line["before"], line["after"]) == (action, state, after)
            assert line["version"] == shown.version
            by = staff.get(actor)
            assert line["staff"] == (by.id if by else None)
            if after not in OVER:
                # So that the home is free for the next.
                await services.alerts.acting.act(alert, Deed(action=Action.WITHDRAW, by=None))
            alert = None


async def test_the_database_itself_holds_no_alert_that_is_half_in_a_state(
    services: Services, connection: asyncpg.Connection
) -> None:
    alert = await add_alert(services, await add_device(services))
    for change in (
        "state = 'claimed'",
        "state = 'suspended'",
        "state = 'shelved'",
        "state = 'escalated'",
        "state = 'resolved'",
        "state = 'asleep'",
        "returns_at = now()",
        "level = 1",
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(f"update alert set {change} where id = {alert}")  # noqa: S608 - ours
