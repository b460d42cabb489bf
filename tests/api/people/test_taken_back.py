"""Once a word is taken back nobody is told by it; help that staff sent for comes all the same."""

from typing import Any

import asyncpg
import pytest

from api.channels.protocol import GiveUp, Message
from api.identity.people import Member
from api.people.consent import Purpose
from api.refusals import NotFound
from api.response.attempts import AttemptRequest
from api.response.plan import PlanStep, StepKind, Whom
from api.response.plans import PutPlan
from api.services import Services
from api.store.reach import CENTRE
from tests.api.outbox.support import Ear, destination, worker
from tests.api.people.support import NO, UNASKED, YES, move_in, withdraw
from tests.api.support import add_user

KEPT = "select state, body::text as body from outbox where home = $1 order by id"
MOVES_IN = """
insert into resident (home, sealed, added_at, changed_at, changed_by) values ($1, '', $2, $2, $3)
"""


@pytest.fixture
async def boss(services: Services) -> Member:
    """An administrator of the centre."""
    return await add_user(services, "boss", role="administrator", organisations=[1])


async def ask_nurse(services: Services, boss: Member, alert: int, home: str) -> None:
    """Staff have the centre ask the destination `nurse` to go there."""
    step = PlanStep(kind=StepKind.SEND_RESPONDER, whom=Whom.NOBODY, name="nurse", say="Please go.")
    await services.response.plans.put(boss, PutPlan(seen=0, steps=[step]), home=home)
    version = (await services.alerts.claim(alert, boss)).version
    sent = AttemptRequest(version=version, key="k1", step=1)
    await services.response.attempts.record(alert, boss, sent)


async def refuse(_: Message) -> None:
    raise GiveUp("it answered 410")


async def test_family_that_could_not_be_told_hears_nothing_once_the_word_is_taken_back(
    services: Services, boss: Member, connection: asyncpg.Connection
) -> None:
    ear = Ear()
    for name, purpose in (("family", "family"), ("desk", None)):
        more: dict[str, Any] = {"name": name, "purpose": purpose, "settings": {"hidden": name}}
        await destination(services, ear, **more)
    await move_in(services, boss, Purpose.FAMILY)
    await withdraw(services, YES)  # while nobody was there to be told
    await worker(services, ear).run_dry()
    assert {one.hidden for one in ear.settings} == {"desk"}
    kept = await connection.fetch(KEPT, YES)
    assert [row["body"] for row in kept if row["state"] == "left_out"] == ["{}"]


async def test_family_is_not_told_afterwards_of_what_was_given_up_before(
    services: Services, boss: Member, connection: asyncpg.Connection
) -> None:
    ear = Ear()
    await destination(services, ear, purpose="family")
    await move_in(services, boss, Purpose.FAMILY)
    at_work = worker(services, ear)
    ear.answer = refuse
    await at_work.run_dry()
    (dead,) = (await services.outbox.view(CENTRE)).dead_letters
    await withdraw(services, YES)
    ear.answer = None
    with pytest.raises(NotFound):
        await services.outbox.again(boss.reach, dead.id)
    await at_work.run_dry()
    assert ear.heard == []
    kept = await connection.fetch(KEPT, YES)
    assert [tuple(row) for row in kept] == [("left_out", "{}")], "nor are its words kept"


async def test_family_is_not_told_of_a_call_that_was_being_taken_in_as_the_word_was_taken_back(
    services: Services, boss: Member, connection: asyncpg.Connection
) -> None:
    ear = Ear()
    await destination(services, ear, purpose="family")
    alert = (await move_in(services, boss, Purpose.FAMILY))[YES]
    await worker(services, ear).run_dry()
    async with services.database.transaction(CENTRE) as slow:
        await slow.execute("update alert set cleared_at = reported_at where id = $1", alert)
        await withdraw(services, YES)  # and this is there first
    kept = await connection.fetch(KEPT, YES)
    assert [row["state"] for row in kept] == ["sent", "waiting"], "nobody could know of it"
    await worker(services, ear).run_dry()
    assert ear.actions == ["raise"]
    assert tuple((await connection.fetch(KEPT, YES))[-1]) == ("left_out", "{}")


async def test_who_has_not_agreed_is_not_told_of_where_a_destination_turns_out_to_be_family(
    services: Services, boss: Member
) -> None:
    ear = Ear()
    await destination(services, ear, heartbeat_s=60)
    await move_in(services, boss, Purpose.FAMILY)
    await destination(services, ear, heartbeat_s=60, purpose="family")  # set anew, under its name
    await worker(services, ear).run_dry()
    told = [(one.told.action, one.told.home) for one in ear.heard]
    assert told == [("raise", YES), ("heartbeat", None)]
    (line,) = (await services.outbox.view(CENTRE)).destinations
    assert (line.left_out, line.waiting, line.dead) == (2, 0, 0)


async def test_family_hears_nothing_of_a_home_into_which_somebody_moves_who_was_not_asked(
    services: Services, boss: Member, connection: asyncpg.Connection
) -> None:
    ear = Ear()
    await destination(services, ear, purpose="family")
    await move_in(services, boss, Purpose.FAMILY)
    await connection.execute(MOVES_IN, YES, services.clock(), boss.id)
    await worker(services, ear).run_dry()
    assert ear.heard == []


async def test_help_that_staff_send_for_is_held_back_by_nobody_s_consent(
    services: Services, boss: Member
) -> None:
    ear = Ear()
    await destination(services, ear, name="nurse", purpose="care_team", actions=["request"])
    alert = (await move_in(services, boss, Purpose.CARE_TEAM))[NO]
    await ask_nurse(services, boss, alert, NO)
    await worker(services, ear).run_dry()
    assert [(one.told.action, one.told.home) for one in ear.heard] == [("request", NO)]


async def test_help_that_staff_sent_for_comes_though_somebody_was_put_on_record_meanwhile(
    services: Services, boss: Member, connection: asyncpg.Connection
) -> None:
    ear = Ear()
    await destination(services, ear, name="nurse", purpose="care_team", actions=["request"])
    alerts = await move_in(services, boss, Purpose.CARE_TEAM)
    for home in (YES, UNASKED):
        await ask_nurse(services, boss, alerts[home], home)
    await connection.execute(MOVES_IN, UNASKED, services.clock(), boss.id)
    await withdraw(services, YES)
    await worker(services, ear).run_dry()
    assert {one.told.home for one in ear.heard} == {YES, UNASKED}
    await services.response.clockwork.take_in()
    results = await connection.fetch("select result from response_attempt")
    assert [row["result"] for row in results] == ["delivered", "delivered"]
