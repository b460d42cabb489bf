"""What several do at the same moment to the same people must not leave a door open, or none."""

import asyncio
from collections.abc import Awaitable
from contextlib import nullcontext
from typing import Any

import asyncpg
import pytest

from api.identity.new_passwords import PasswordChange, PasswordChoice
from api.identity.permissions import ALLOWED, Permission, Role
from api.identity.staff_views import StaffChange, StaffMember
from api.refusals import Conflict, DatabaseAway, Invalid, NotFound, NotSignedIn, Refused
from api.response.follow_ups import AddFollowUp
from api.services import Services
from tests.api.identity.test_administration import HERE, boss
from tests.api.support import NOON, PASSWORD, add_alert, add_device, add_user

ROUNDS = 8


async def at_once(*several: Awaitable[Any]) -> list[Any]:
    return await asyncio.gather(*several, return_exceptions=True)


def refused(outcomes: list[Any], *kinds: type[Refused]) -> list[Refused]:
    """Those that were turned down; whatever else went wrong fails the test."""
    wrong = [one for one in outcomes if isinstance(one, BaseException)]
    assert all(isinstance(one, kinds) for one in wrong), wrong
    return wrong  # type: ignore[return-value]  # as just seen


async def test_of_two_administrators_who_let_each_other_go_one_stays(
    services: Services, connection: asyncpg.Connection
) -> None:
    for number in range(ROUNDS):
        await connection.execute("update staff set disabled_at = now() where disabled_at is null")
        one, two = [await boss(services, f"boss-{number}-{name}") for name in "ab"]
        outcomes = await at_once(
            services.administration.disable(one.id, two),
            services.administration.disable(two.id, one),
        )
        assert len(refused(outcomes, NotSignedIn)) == 1
        left = await connection.fetchval("select count(*) from staff where disabled_at is null")
        assert left == 1


async def test_of_two_changes_to_one_person_one_is_told_of_the_other(services: Services) -> None:
    by = [await boss(services, name) for name in ("ines", "olu")]
    ann = await add_user(services, "ann", organisations=[1])
    for _ in range(ROUNDS):
        version = (await services.administration.one(ann.id, None)).version
        outcomes = await at_once(
            *(
                services.administration.change(
                    ann.id,
                    StaffChange(version=version, name=who.name, role=role, organisations=[1]),
                    who,
                )
                for who, role in zip(by, ("operator", "supervisor"), strict=True)
            )
        )
        (late,) = refused(outcomes, Conflict)
        (done,) = [one for one in outcomes if isinstance(one, StaffMember)]
        assert late.extra == {"version": done.version}
        assert await services.administration.one(ann.id, None) == done


async def test_no_session_is_left_by_who_signed_in_while_being_let_go(
    services: Services, connection: asyncpg.Connection
) -> None:
    by = await boss(services)
    for number in range(ROUNDS):
        name = f"ann-{number}"
        ann = await add_user(services, name)
        outcomes = await at_once(
            *(services.staff.sign_in(name, PASSWORD, f"192.0.2.{each}") for each in range(4)),
            services.administration.disable(ann.id, by),
        )
        refused(outcomes, NotSignedIn)
        query = "select count(*) from session where staff = $1"
        assert await connection.fetchval(query, ann.id) == 0


async def test_an_old_password_shown_while_a_link_is_made_opens_nothing(
    services: Services, connection: asyncpg.Connection
) -> None:
    by = await boss(services)
    for number in range(ROUNDS):
        name = f"ann-{number}"
        ann = await add_user(services, name)
        outcomes = await at_once(
            *(services.staff.sign_in(name, PASSWORD, f"192.0.2.{each}") for each in range(4)),
            services.administration.invite(ann.id, by),
        )
        refused(outcomes, NotSignedIn)
        query = "select count(*) from session where staff = $1"
        assert await connection.fetchval(query, ann.id) == 0
        with pytest.raises(NotSignedIn):
            await services.staff.sign_in(name, PASSWORD, HERE)


async def test_a_link_used_twice_at_once_sets_one_password(services: Services) -> None:
    for number in range(ROUNDS):
        name = f"ann-{number}"
        ann = await add_user(services, name)
        secret = (await services.administration.invite(ann.id, None)).link.partition("#")[2]
        words = [f"the phrase of number {each}" for each in range(4)]
        outcomes = await at_once(
            *(
                services.new_passwords.choose(PasswordChoice(invitation=secret, password=one), HERE)
                for one in words
            )
        )
        assert len(refused(outcomes, NotFound)) == len(words) - 1
        opened = 0
        for one in words:
            try:
                await services.staff.sign_in(name, one, f"192.0.2.{number}")
                opened += 1
            except NotSignedIn:
                continue
        assert opened == 1
        await services.staff.sign_in(name, words[outcomes.index(None)], HERE)


async def test_of_two_changes_of_one_s_own_password_one_holds(services: Services) -> None:
    await add_user(services, "ann")
    user = (await services.staff.sign_in("ann", PASSWORD, HERE)).session.user
    words = ["the first of two phrases", "the second of two phrases"]
    asked = [PasswordChange(present=PASSWORD, password=one) for one in words]
    outcomes = await at_once(*(services.new_passwords.change(one, user, HERE) for one in asked))
    # Late is who had shown the present one, or whose present one was no longer that.
    assert len(refused(outcomes, Conflict, Invalid)) == 1
    kept = words[0] if isinstance(outcomes[1], Refused) else words[1]
    await services.staff.sign_in("ann", kept, HERE)


async def test_nobody_who_was_let_go_comes_to_hold_an_alert(
    services: Services, connection: asyncpg.Connection
) -> None:
    by = await boss(services)
    device = await add_device(services)
    for number in range(ROUNDS):
        ann = await add_user(services, f"ann-{number}")
        alerts = [await add_alert(services, device, number * 10 + each + 1) for each in range(3)]
        alerts += [await add_alert(services, await add_device(services)) for _ in range(3)]
        await services.alerts.claim(alerts[0], ann)
        outcomes = await at_once(
            *(services.alerts.claim(alert, ann) for alert in alerts),
            services.administration.disable(ann.id, by),
        )
        # Whose claim came too late is told to try again, and is then nobody.
        late = refused(outcomes, DatabaseAway)
        assert outcomes[-1] not in late, "letting somebody go must not wait for them"
        held = "select count(*) from alert where holder = $1"
        assert await connection.fetchval(held, ann.id) == 0


async def test_nobody_who_was_let_go_is_offered_an_alert_or_given_a_task(
    services: Services, connection: asyncpg.Connection
) -> None:
    by = await boss(services)
    device = await add_device(services)
    bea = await add_user(services, "bea")
    alerts = [await add_alert(services, device, each + 1) for each in range(3)]
    for alert in alerts:
        await services.alerts.claim(alert, bea)
    for number in range(ROUNDS):
        ann = await add_user(services, f"ann-{number}")
        task = AddFollowUp(home=device.home, due_on=NOON.date(), what="Ring", assignee=ann.username)
        outcomes = await at_once(
            *(services.alerts.offer(alert, bea, ann.username) for alert in alerts),
            *(services.response.follow_ups.add(bea, task) for _ in range(3)),
            services.administration.disable(ann.id, by),
        )
        late = refused(outcomes, DatabaseAway, Invalid)
        assert outcomes[-1] not in late, "letting somebody go must not wait for them"
        left = """
            select (select count(*) from alert where offered_to = $1)
                + (select count(*) from follow_up where assignee = $1 and ended_at is null)
        """
        assert await connection.fetchval(left, ann.id) == 0


_TO_ANN = {
    "a claim": "update alert set state = 'claimed', holder = $1, lease_until = now(), "
    "claimed_at = now() where id = $2",
    "an offer": "update alert set offered_to = $1 where id = $2",
    "a new task": "insert into follow_up (home, due_on, assignee, what, added_by, added_at) "
    "select home, current_date, $1, '', $1, now() from alert where id = $2",
    "a task handed on": "update follow_up set assignee = $1 "
    "where home = (select home from alert where id = $2)",
}


@pytest.mark.parametrize("what", _TO_ANN)
@pytest.mark.parametrize("gone", ["let go", "elsewhere", "installer"])
async def test_the_database_itself_gives_no_work_to_who_may_not_do_it(
    services: Services, connection: asyncpg.Connection, what: str, gone: str
) -> None:
    other = (await services.organisations.add("Others")).organisation
    by, ann = await boss(services), await add_user(services, "ann")
    device = await add_device(services)
    alert = await add_alert(services, device)
    task = AddFollowUp(home=device.home, due_on=NOON.date(), what="Ring")
    await services.response.follow_ups.add(by, task)
    match gone:
        case "let go":
            await services.administration.disable(ann.id, by)
        case _:
            at = other if gone == "elsewhere" else 1
            role = "operator" if gone == "elsewhere" else gone
            version = (await services.administration.one(ann.id, None)).version
            asked = StaffChange(version=version, name="Ann", role=role, organisations=[at])
            await services.administration.change(ann.id, asked, by)
    with pytest.raises(asyncpg.SerializationError, match="does not look after this"):
        await connection.execute(_TO_ANN[what], ann.id, alert)


@pytest.mark.parametrize("role", Role)
async def test_the_database_knows_the_same_roles_that_handle_alerts(
    services: Services, connection: asyncpg.Connection, role: Role
) -> None:
    ann = await add_user(services, "ann", role=role)
    alert = await add_alert(services, await add_device(services))
    works = Permission.HANDLE_ALERTS in ALLOWED[role]
    assert works == (Permission.DO_FOLLOW_UPS in ALLOWED[role])
    refuses = pytest.raises(asyncpg.SerializationError, match="does not look after this")
    with nullcontext() if works else refuses:
        await connection.execute("update alert set offered_to = $1 where id = $2", ann.id, alert)
