"""What several do at the same moment to the same people must not leave a door open, or none."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import asyncpg
import pytest

from api.identity.new_passwords import PasswordChange, PasswordChoice
from api.identity.staff_views import StaffChange, StaffMember
from api.refusals import Conflict, DatabaseAway, Invalid, NotFound, NotSignedIn, Refused
from api.services import Services
from tests.api.identity.test_administration import HERE, boss
from tests.api.support import PASSWORD, add_alert, add_device, add_user

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


async def test_the_database_itself_gives_no_alert_to_who_was_let_go(
    services: Services, connection: asyncpg.Connection
) -> None:
    ann = await add_user(services, "ann")
    alert = await add_alert(services, await add_device(services))
    await add_user(services, "boss", role="administrator")
    await services.administration.disable(ann.id, None)
    with pytest.raises(asyncpg.SerializationError, match="does not look after this"):
        await connection.execute(
            "update alert set state = 'claimed', holder = $1, lease_until = now(), "
            "claimed_at = now() where id = $2",
            ann.id,
            alert,
        )
