"""What is kept of a home: whom to call, the key safe, what is left to do; who sees what of it."""

from datetime import date, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from api.app import create_services
from api.identity.people import Member
from api.refusals import Conflict, Forbidden, Invalid, NotAllowed, NotFound
from api.response.attempts import AttemptRequest
from api.response.follow_ups import AddFollowUp, ChangeFollowUp, Done, EndFollowUp
from api.response.key_safe import SHOWN_FOR, PutKeySafe
from api.response.plan import PlanStep, StepKind
from api.response.plans import PutPlan
from api.response.service import Response
from api.response.views import PutContact
from api.services import Services
from api.settings import Settings
from tests.api.conftest import QUICK
from tests.api.support import NOON, SettableClock, add_alert, add_device, add_user, agree

TABLES = ("response_plan", "contact", "response_attempt", "key_safe", "key_safe_look", "follow_up")

_COUNT = "select count(*) from {}"


def contact(**more: Any) -> PutContact:
    return msgspec.convert({"name": "Son", "numbers": ["01632 960001"], **more}, PutContact)


async def look_at(response: Response, services: Services, boss: Member) -> tuple[str, int]:
    """A home with a key safe and an open alert."""
    device = await add_device(services)
    await response.key_safes.put(
        boss, device.home, PutKeySafe(place="Left of the door", code="4711")
    )
    return device.home, await add_alert(services, device)


async def test_a_code_is_shown_only_during_one_s_own_alert_and_each_look_is_told(  # noqa: PLR0917 - fixtures
    services: Services,
    response: Response,
    boss: Member,
    ann: Member,
    clock: SettableClock,
    connection: asyncpg.Connection,
) -> None:
    home, alert = await look_at(response, services, boss)
    body: bytes = await connection.fetchval("select body from key_safe") or b"4711"
    assert b"4711" not in body
    assert b"door" not in body
    with pytest.raises(Forbidden, match="Claim an open alert"):
        await response.key_safes.look(ann, home, "She does not answer.")
    await services.alerts.claim(alert, ann)
    with pytest.raises(Invalid, match="Say why"):
        await response.key_safes.look(ann, home, " ")
    opened = await response.key_safes.look(ann, home, "She does not answer.")
    assert (opened.code, opened.place) == ("4711", "Left of the door")
    assert opened.hide_at == clock.now + SHOWN_FOR
    assert await response.key_safes.unseen(boss) == 1
    (told,) = await response.key_safes.looks(boss)
    assert (told.by, told.alert, told.reason) == ("Ann B", alert, "She does not answer.")
    noted = await connection.fetchrow(
        "select actor, detail from audit where action = 'key_safe.look'"
    )
    assert noted is not None
    assert tuple(noted) == (ann.actor, f"alert {alert}")
    clock.move(minutes=11)  # her claim ran out, though nobody has put the alert back yet
    with pytest.raises(Forbidden):
        await response.key_safes.look(ann, home, "Once more.")
    await services.alerts.claim(alert, ann)
    await response.key_safes.take_note(boss, told.look)
    assert await response.key_safes.unseen(boss) == 0
    await services.alerts.resolve(alert, ann, "false_alarm")
    for viewer in (ann, boss):
        with pytest.raises(Forbidden):
            await response.key_safes.look(viewer, home, "Once more.")


async def test_a_supervisor_may_look_while_somebody_works_and_cannot_sign_off_their_own(
    services: Services, response: Response, boss: Member
) -> None:
    home, _ = await look_at(response, services, boss)
    await response.key_safes.look(boss, home, "Ann has no hand free.")
    (told,) = await response.key_safes.looks(boss)
    with pytest.raises(Conflict, match="your own"):
        await response.key_safes.take_note(boss, told.look)


async def test_a_program_and_whoever_only_reads_never_see_a_code(
    services: Services, response: Response, boss: Member, ann: Member
) -> None:
    home, alert = await look_at(response, services, boss)
    await services.alerts.claim(alert, ann)
    program = msgspec.structs.replace(ann, token=3, scopes=("key-safe:open",))
    with pytest.raises(NotAllowed, match="not a program"):
        await response.key_safes.look(program, home, "Why not.")
    nurse = await add_user(services, "nurse", role="care_professional")
    with pytest.raises(NotAllowed):
        await response.key_safes.look(nurse, home, "Why not.")


async def test_a_care_professional_sees_who_is_near_but_no_number(
    services: Services, response: Response, boss: Member, ann: Member
) -> None:
    home = (await add_device(services)).home
    number = await response.contacts.add(boss, home, contact(keyholder=True, note="Ring twice."))
    await agree(services, boss, home)
    nurse = await add_user(services, "nurse", role="care_professional")
    (seen,) = await response.contacts.of_home(nurse, home)
    assert (seen.name, seen.keyholder, seen.numbers, seen.note) == ("Son", True, [], "")
    (whole,) = await response.contacts.of_home(ann, home)
    assert whole.numbers == ["01632 960001"]
    for refused in (ann, nurse):
        with pytest.raises(NotAllowed):
            await response.contacts.put(refused, home, number, contact(version=1))
    await response.contacts.put(boss, home, number, contact(name="Daughter", version=1))
    with pytest.raises(Conflict, match="changed this contact"):
        await response.contacts.remove(boss, home, number, 1)


async def test_a_new_code_is_not_lost_to_a_colleague_s_stale_click(
    services: Services, response: Response, boss: Member
) -> None:
    home = (await add_device(services)).home
    safes, sue = response.key_safes, await add_user(services, "sue", role="supervisor")
    await safes.put(boss, home, PutKeySafe(code="4711"))
    await safes.put(sue, home, PutKeySafe(version=1, code="0815"))
    for stale in (
        safes.remove(boss, home, 1),
        safes.put(boss, home, PutKeySafe(version=1, code="1234")),
    ):
        with pytest.raises(Conflict, match=r"Sue B changed this key safe at 12:00 UTC on 10 March"):
            await stale
    for never in (0, 3):
        with pytest.raises(Conflict, match="Look again"):
            await safes.remove(boss, home, never)
    assert (await safes.of_home(boss, home)).version == 2
    await safes.remove(boss, home, 2)
    with pytest.raises(NotFound):
        await safes.remove(boss, home, 2)
    with pytest.raises(Conflict, match="removed this key safe"):
        await safes.put(sue, home, PutKeySafe(version=2, code="1234"))
    assert not (await safes.of_home(boss, home)).there


async def test_a_code_set_after_a_removal_is_not_written_over_by_who_never_saw_it(
    services: Services, response: Response, boss: Member
) -> None:
    sue = await add_user(services, "sue", role="supervisor")
    home, safes = (await add_device(services)).home, response.key_safes
    looked_at = (await safes.put(sue, home, PutKeySafe(code="1111"))).version
    await safes.remove(boss, home, looked_at)
    anew = await safes.put(boss, home, PutKeySafe(code="2222"))
    assert anew.version > looked_at
    with pytest.raises(Conflict, match="changed this key safe"):
        await safes.put(sue, home, PutKeySafe(version=looked_at, code="3333"))
    with pytest.raises(Conflict, match="changed this key safe"):
        await safes.remove(sue, home, looked_at)
    assert (await safes.of_home(boss, home)) == anew


async def test_a_home_has_one_person_who_lives_there(
    services: Services, response: Response, boss: Member
) -> None:
    home = (await add_device(services)).home
    await response.contacts.add(boss, home, contact(person=True))
    with pytest.raises(Conflict, match="already has an entry"):
        await response.contacts.add(boss, home, contact(person=True))


async def test_without_a_key_no_name_or_code_is_taken_and_plans_still_work(
    migrated_url: str, clock: SettableClock
) -> None:
    services = create_services(Settings(database_url=migrated_url), clock, QUICK)
    boss = await add_user(services, "boss", role="supervisor")
    home = (await add_device(services)).home
    with pytest.raises(Invalid, match="secret_key_file"):
        await services.response.contacts.add(boss, home, contact())
    with pytest.raises(Invalid, match="secret_key_file"):
        await services.response.key_safes.put(boss, home, PutKeySafe(code="4711"))
    steps = [PlanStep(kind=StepKind.CALL, say="Ask.")]
    await services.response.plans.put(boss, PutPlan(seen=0, steps=steps), home=home)
    assert (await services.response.plans.of_home(boss.reach, home))[0].steps == steps
    await services.database.close()


async def test_tasks_are_due_by_the_home_s_own_day_and_end_once_with_an_outcome(
    services: Services, response: Response, ann: Member, clock: SettableClock
) -> None:
    tasks = response.follow_ups
    device = await add_device(services, time_zone="Pacific/Auckland")  # where it is tomorrow
    alert = await add_alert(services, device)
    asked = AddFollowUp(home=device.home, what="Ring about the heating.", due_on=NOON.date())
    with pytest.raises(Invalid, match="today or later"):
        await tasks.add(ann, asked)
    tomorrow = date(2026, 3, 11)
    asked = msgspec.structs.replace(asked, due_on=tomorrow, alert=alert, assignee="ann")
    one = await tasks.add(ann, asked)
    assert (one.due, one.overdue, one.assignee_name) == (True, False, "Ann B")
    later = await tasks.add(
        ann, msgspec.structs.replace(asked, due_on=date(2026, 3, 20), assignee="")
    )
    assert [each.follow_up for each in await tasks.open(ann, mine=True)] == [one.follow_up]
    assert await tasks.open(ann, when="overdue") == []
    clock.move(days=1)
    assert [each.follow_up for each in await tasks.open(ann, when="overdue")] == [one.follow_up]
    assert [e.follow_up for e in await tasks.open(ann)] == [one.follow_up, later.follow_up]
    change = ChangeFollowUp(version=1, due_on=date(2026, 3, 12), assignee="ann")
    await tasks.change(ann, one.follow_up, change)
    end = EndFollowUp(version=1, outcome=Done.DONE, note="It is on again.")
    with pytest.raises(Conflict, match="changed this task"):
        await tasks.end(ann, one.follow_up, end)
    done = await tasks.end(ann, one.follow_up, msgspec.structs.replace(end, version=2))
    assert (done.outcome, done.note) == ("done", "It is on again.")
    with pytest.raises(Conflict, match="was ended"):
        await tasks.end(ann, one.follow_up, msgspec.structs.replace(end, version=3))
    far = msgspec.structs.replace(asked, due_on=NOON.date() + timedelta(days=20))
    other = (await add_device(services)).home
    with pytest.raises(NotFound):
        await tasks.add(ann, msgspec.structs.replace(far, home=other))
    with pytest.raises(Invalid, match="by username"):
        await tasks.add(ann, msgspec.structs.replace(far, assignee="nobody"))


async def test_another_organisation_sees_and_changes_nothing_of_ours(
    services: Services,
    response: Response,
    boss: Member,
    ann: Member,
    connection: asyncpg.Connection,
) -> None:
    other = (await services.organisations.add("Others")).organisation
    spy = await add_user(services, "spy", role="supervisor", organisations=[other])
    home, alert = await look_at(response, services, boss)
    await services.alerts.claim(alert, ann)
    await response.key_safes.look(ann, home, "She does not answer.")
    number = await response.contacts.add(boss, home, contact())
    steps = [PlanStep(kind=StepKind.CALL, contact=number)]
    await response.plans.put(boss, PutPlan(seen=0, steps=steps), home=home)
    asked = {"version": 2, "key": "k", "step": 1, "result": "no_answer"}
    await response.attempts.record(alert, ann, msgspec.convert(asked, AttemptRequest))
    await response.follow_ups.add(
        ann, AddFollowUp(home=home, what="Ring.", due_on=NOON.date(), alert=alert)
    )
    for table in TABLES:
        assert await connection.fetchval(_COUNT.format(table)) == 1, table
        async with services.database.transaction(spy.reach) as inside:
            assert await inside.fetchval(_COUNT.format(table)) == 0, table
    for refused in (
        response.attempts.of_alert(spy, alert),
        response.contacts.of_home(spy, home),
        response.contacts.put(spy, home, number, contact(version=1)),
        response.plans.of_home(spy.reach, home),
        response.plans.put(spy, PutPlan(seen=1, steps=[]), home=home),
        response.plans.put(spy, PutPlan(seen=0, priority="urgent", steps=[]), organisation=1),
        response.key_safes.look(spy, home, "Why not."),
        response.key_safes.remove(spy, home, 1),
        response.key_safes.take_note(spy, 1),
        response.follow_ups.end(spy, 1, EndFollowUp(version=1, outcome=Done.DONE)),
    ):
        with pytest.raises(NotFound):
            await refused
    assert await response.follow_ups.open(spy) == []
    assert await response.key_safes.looks(spy) == []


async def test_everything_kept_here_goes_with_its_home(
    response: Response, boss: Member, connection: asyncpg.Connection
) -> None:
    for table in (*TABLES, "outbox"):
        goes = await connection.fetchval(
            "select count(*) from pg_constraint where conrelid = $1::text::regclass "
            "and contype = 'f' and confrelid = 'home'::regclass and confdeltype = 'c'",
            table,
        )
        assert goes == 1, table
    await connection.execute("insert into home (home, organisation) values ('gone', 1)")
    await response.contacts.add(boss, "gone", contact())
    await response.plans.put(boss, PutPlan(seen=0, steps=[]), home="gone")
    await response.key_safes.put(boss, "gone", PutKeySafe(code="4711"))
    await response.follow_ups.add(boss, AddFollowUp(home="gone", what="Ring.", due_on=NOON.date()))
    await connection.execute("delete from home where home = 'gone'")
    for table in ("contact", "response_plan", "key_safe", "follow_up"):
        assert await connection.fetchval(_COUNT.format(table)) == 0, table
