"""Who was called about somebody can be said for as long as there is the alert, and no longer."""

from typing import Any

import asyncpg
import msgspec
import pytest

from api.identity.people import Member
from api.people.identity import Identity
from api.refusals import Invalid, NotFound
from api.response.attempts import AttemptRequest
from api.response.plan import StepKind
from api.response.progress import Result
from api.response.service import Response
from api.response.views import Attempt, PutContact
from api.services import Services
from api.store.migrate import migrate, shipped
from tests.api.support import add_alert, add_device

_LIST = "select contact, removed_at is not null as removed from contact order by contact"
_KEPT = """
insert into home (home, organisation) values ('h1', 1);
insert into contact (home, position, body, changed_at) values ('h1', 1, '', now());
insert into alert (home, organisation, received_at, ref, condition, subject, severity, score, text,
    prompt, raised_at, reported_at, report_version, body)
values ('h1', 1, now(), 'r1', 'uti_risk', '', 'advisory', 1, '', '', now(), now(), 1, '{}');
insert into response_attempt (alert, home, version, key, kind, contact, result, at)
values (1, 'h1', 1, 'k', 'call', 1, 'answered', now())
"""


def contact(**more: Any) -> PutContact:
    body = {"name": "Daughter", "relation": "daughter", "numbers": ["01632 960001"], **more}
    return msgspec.convert(body, PutContact)


async def call(services: Services, by: Member, alert: int, whom: int) -> None:
    """Has somebody called about an alert."""
    version = (await services.alerts.claim(alert, by)).version
    asked = AttemptRequest(
        version=version, key=f"{whom}", kind=StepKind.CALL, contact=whom, result=Result.ANSWERED
    )
    await services.response.attempts.record(alert, by, asked)


@pytest.fixture
async def home(services: Services) -> tuple[str, int]:
    """A home with an alert."""
    device = await add_device(services)
    return device.home, await add_alert(services, device)


async def tried(response: Response, by: Member, alert: int) -> Attempt:
    (one,) = (await response.attempts.of_alert(by, alert)).attempts
    return one


async def test_whom_staff_called_is_still_said_when_they_are_no_contact_any_more(  # noqa: PLR0917 - fixtures
    services: Services,
    response: Response,
    boss: Member,
    ann: Member,
    home: tuple[str, int],
    connection: asyncpg.Connection,
) -> None:
    where, alert = home
    number = await response.contacts.add(boss, where, contact(note="Ring twice."))
    await call(services, ann, alert, number)
    before = await tried(response, ann, alert)
    await response.contacts.remove(boss, where, number, 1)
    assert await tried(response, ann, alert) == before
    assert (before.who, before.contact) == ("Daughter", number)

    # Nobody calls her any more, and where she can be reached is forgotten.
    assert await response.contacts.of_home(ann, where) == []
    shown = await response.attempts.of_alert(ann, alert)
    assert [step.people for step in shown.steps if step.people] == []
    again = AttemptRequest(
        version=shown.version, key="k", kind=StepKind.CALL, contact=number, result=Result.ANSWERED
    )
    with pytest.raises(Invalid, match="has no contact"):
        await response.attempts.record(alert, ann, again)
    for stale in (1, 2):
        with pytest.raises(NotFound):
            await response.contacts.put(boss, where, number, contact(version=stale))
        with pytest.raises(NotFound):
            await response.contacts.remove(boss, where, number, stale)
    chief = msgspec.structs.replace(boss, role="administrator")
    opened = (await services.people.exports.record(where, chief)).tables["opened"]
    (left,) = (one["words"] for one in opened if one["table"] == "contact")
    assert isinstance(left, dict)
    assert {key: value for key, value in left.items() if value} == {
        "name": "Daughter", "relation": "daughter"
    }  # fmt: skip

    # What is let go takes the last of her with it.
    await connection.execute("delete from response_attempt")
    assert await connection.fetch(_LIST) == []


async def test_who_was_never_called_leaves_nothing_behind(
    response: Response, boss: Member, home: tuple[str, int], connection: asyncpg.Connection
) -> None:
    number = await response.contacts.add(boss, home[0], contact())
    await response.contacts.remove(boss, home[0], number, 1)
    assert await connection.fetch(_LIST) == []


async def test_a_home_whose_person_was_taken_off_the_list_can_have_another_entry_for_them(  # noqa: PLR0917 - fixtures
    services: Services,
    response: Response,
    boss: Member,
    ann: Member,
    home: tuple[str, int],
    connection: asyncpg.Connection,
) -> None:
    where, alert = home
    old = await response.contacts.add(boss, where, contact(name="Ada", person=True))
    await call(services, ann, alert, old)
    await response.contacts.remove(boss, where, old, 1)
    new = await response.contacts.add(boss, where, contact(name="Ada Onoma", person=True))
    assert [tuple(row) for row in await connection.fetch(_LIST)] == [(old, True), (new, False)]
    assert (await tried(response, ann, alert)).who == "Ada"


async def test_who_is_erased_is_erased_from_the_contacts_that_were_removed(
    services: Services, response: Response, boss: Member, ann: Member, home: tuple[str, int]
) -> None:
    where, alert = home
    await services.people.residents.add(where, Identity(name="Bea Quill"), boss)
    resident = await services.people.residents.add(where, Identity(name="Ada Onoma"), boss)
    number = await response.contacts.add(boss, where, contact(name="Ada Onoma", person=True))
    await call(services, ann, alert, number)
    await response.contacts.remove(boss, where, number, 1)
    chief = msgspec.structs.replace(boss, role="administrator")
    along = await services.people.erasures.along(where, resident, chief)
    assert [one.number for one in along.contacts] == [number]


async def test_while_an_older_replica_would_still_list_them_who_is_removed_is_gone(
    database_url: str,
) -> None:
    connection = await asyncpg.connect(database_url)
    (last,) = (one for one in shipped() if one.name == "0102_contacts.post.sql")
    await migrate(connection, [one for one in shipped() if one != last])
    remove = "select remove_contact('h1', 1, 1, '', now())"
    await connection.execute(_KEPT)
    undone = connection.transaction()
    await undone.start()
    assert await connection.fetchval(remove)
    assert await connection.fetch(_LIST) == []
    await undone.rollback()
    await connection.execute(last.sql)
    assert await connection.fetchval(remove)
    assert [tuple(row) for row in await connection.fetch(_LIST)] == [(1, True)]
    assert not await connection.fetchval(remove)
    await connection.close()
