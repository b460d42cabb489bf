"""The plan beside an alert: what was tried is kept once, and the next step comes by itself."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import asyncpg
import msgspec
import pytest

from api.identity.people import Member
from api.outbox.service import Wanted
from api.people.identity import Identity
from api.refusals import Conflict, Invalid
from api.response.attempts import AttemptRequest
from api.response.plan import PlanStep, StepKind, Whom
from api.response.plans import PutPlan
from api.response.progress import Result
from api.response.service import Response
from api.response.views import PutContact
from api.services import Services
from tests.api.channels.receiver import Receiver, answer, receiver
from tests.api.support import SettableClock, add_alert, add_device, add_user

pytestmark = pytest.mark.network

NUMBER = "+44 7700 900123"


@pytest.fixture
async def gateway(services: Services) -> AsyncIterator[Receiver]:
    """A gateway for text messages that answers over HTTP, and a destination that leads to it."""
    async with receiver() as one:
        await lead_to(services, one.url)
        yield one


async def lead_to(services: Services, url: str) -> None:
    settings = {"url": url, "fields": {"To": "{to}", "Body": "{text}"}, "allow_private": True}
    wanted = Wanted(name="gate", channel="sms", actions=["prompt"], settings=settings)
    await services.outbox.set(1, wanted)


async def claimed(services: Services, by: Member, **alert: Any) -> tuple[int, int, str]:
    device = await add_device(services)
    number = await add_alert(services, device, **alert)
    return number, (await services.alerts.claim(number, by)).version, device.home


async def person(response: Response, boss: Member, home: str, **more: Any) -> int:
    body = {"name": "Mrs Onoma", "numbers": [NUMBER], "person": True, "position": 0, **more}
    return await response.contacts.add(boss, home, msgspec.convert(body, PutContact))


async def test_the_message_reaches_the_person_and_lies_open_nowhere(  # noqa: PLR0917 - fixtures
    services: Services,
    gateway: Receiver,
    response: Response,
    boss: Member,
    ann: Member,
    connection: asyncpg.Connection,
) -> None:
    alert, version, home = await claimed(services, ann)
    await person(response, boss, home)
    before = await response.attempts.of_alert(ann, alert)
    assert before.next is not None
    assert before.steps[before.next.step - 1].sends
    asked = AttemptRequest(version=version, key="k1", step=1)
    after = await response.attempts.record(alert, ann, asked)
    again = await response.attempts.record(alert, ann, asked)  # the button was pressed twice
    assert again.version == after.version
    row = await connection.fetchrow(
        "select o.secret, o.body as told, c.body from outbox o, contact c"
    )
    assert row is not None
    kept = row["secret"] + row["body"] + row["told"].encode()
    for personal in (b"900123", b"Onoma", b"How are you"):
        assert personal not in kept
    await services.worker.run_dry()
    assert await response.clockwork.take_in() == 1
    assert await response.clockwork.take_in() == 0
    shown = await response.attempts.of_alert(ann, alert)
    (got,) = gateway.got
    asked_of_it = {"To": ["+447700900123"], "Body": [before.steps[0].step.say]}
    assert parse_qs(got.body.decode()) == asked_of_it
    assert [one.result for one in shown.attempts] == [Result.DELIVERED]
    # Delivered is no step of anybody's: what the operator was typing still goes through.
    await services.alerts.note(alert, ann, "She texted back.", version=after.version)


async def test_the_number_on_record_with_the_resident_is_the_one_that_is_rung_and_texted(
    services: Services, gateway: Receiver, response: Response, boss: Member, ann: Member
) -> None:
    alert, version, home = await claimed(services, ann)
    people = services.people.residents
    who = await people.add(home, Identity(name="Ada Onoma", phone="+44 7700 900777"), boss)
    shown = await response.attempts.of_alert(ann, alert)
    assert shown.steps[0].sends, "no entry among the contacts, and yet there is a number"
    assert [(one.name, one.numbers) for one in shown.steps[1].people] == [
        ("Ada Onoma", ["+44 7700 900777"])
    ]
    rung = AttemptRequest(
        version=version, key="k1", kind=StepKind.CALL, contact=0, result=Result.NO_ANSWER
    )
    version = (await response.attempts.record(alert, ann, rung)).version
    with pytest.raises(Invalid, match="on record with the resident"):
        await person(response, boss, home)
    number = await person(response, boss, home, numbers=[])
    await people.change(home, who, Identity(name="Ada", phone="+44 7700 900888"), boss, seen=1)
    (entry,) = await response.contacts.of_home(ann, home)
    assert (entry.contact, entry.name, entry.numbers) == (
        number, "Mrs Onoma", ["+44 7700 900888"]
    )  # fmt: skip
    await response.attempts.record(alert, ann, AttemptRequest(version=version, key="k2", step=1))
    await services.worker.run_dry()
    assert parse_qs(gateway.got[0].body.decode())["To"] == ["+447700900888"]


async def test_a_message_that_failed_is_seen_on_the_alert_and_the_next_step_is_proposed_at_once(  # noqa: PLR0917 - fixtures
    services: Services,
    gateway: Receiver,
    response: Response,
    boss: Member,
    ann: Member,
    clock: SettableClock,
) -> None:
    gateway.reply = lambda _: answer(400)
    alert, version, home = await claimed(services, ann)
    await person(response, boss, home)
    sent = AttemptRequest(version=version, key="k1", step=1)
    version = (await response.attempts.record(alert, ann, sent)).version
    waiting = await response.attempts.of_alert(ann, alert)
    assert waiting.next is not None
    assert waiting.next.not_before == clock.now + timedelta(hours=1)
    assert not waiting.due
    await services.worker.run_dry()
    done = await asyncio.gather(*(response.clockwork.take_in() for _ in range(3)))
    assert sum(done) == 1  # over replicas, once
    shown = await response.attempts.of_alert(ann, alert)
    assert "400" in shown.attempts[0].reason
    assert shown.due
    assert shown.next is not None
    assert (shown.next.step, shown.next.not_before) == (2, None)
    history = (await services.alerts.one(ann.reach, alert)).history
    assert [(one.action, one.by) for one in history][-1] == ("attempt", None)
    assert await response.attempts.calling(ann.reach) == {alert: True}
    with pytest.raises(Conflict, match="The centre wrote down an attempt"):
        await services.alerts.resolve(alert, ann, "false_alarm", version=version)


async def test_a_prompt_is_not_delivered_hours_after_it_was_meant(  # noqa: PLR0917 - fixtures
    services: Services,
    gateway: Receiver,
    response: Response,
    boss: Member,
    ann: Member,
    clock: SettableClock,
) -> None:
    alert, version, home = await claimed(services, ann)
    await person(response, boss, home)
    await response.attempts.record(alert, ann, AttemptRequest(version=version, key="k", step=1))
    clock.move(hours=2)  # nobody delivered meanwhile
    await services.worker.run_dry()
    await response.clockwork.take_in()
    shown = await response.attempts.of_alert(ann, alert)
    assert gateway.got == []
    assert [one.result for one in shown.attempts] == [Result.FAILED]


async def test_the_time_of_the_next_step_comes_once_whatever_was_restarted_meanwhile(
    services: Services, response: Response, ann: Member, clock: SettableClock
) -> None:
    alert, version, _ = await claimed(services, ann)
    asked = AttemptRequest(version=version, key="k1", step=1, result=Result.NO_ANSWER)
    after = await response.attempts.record(alert, ann, asked)
    assert await response.clockwork.call() == 0
    assert await response.attempts.calling(ann.reach) == {}
    clock.move(hours=1)
    told = await asyncio.gather(*(response.clockwork.call() for _ in range(4)))
    assert sum(told) == 1
    assert (await services.alerts.one(ann.reach, alert)).alert.version == after.version + 1
    assert await response.attempts.calling(ann.reach) == {alert: False}


async def test_who_has_not_claimed_or_has_not_looked_cannot_write_an_attempt_down(
    services: Services, response: Response, ann: Member
) -> None:
    alert, version, _ = await claimed(services, ann)
    bob = await add_user(services, "bob")
    asked = AttemptRequest(version=version, key="k1", step=1, result=Result.ANSWERED)
    with pytest.raises(Conflict, match="Ann B has had this alert"):
        await response.attempts.record(alert, bob, asked)
    await services.alerts.note(alert, bob, "Her son is there.")
    with pytest.raises(Conflict, match="Bob B wrote a note"):
        await response.attempts.record(alert, ann, asked)
    assert (await response.attempts.of_alert(ann, alert)).attempts == []


async def test_a_key_stands_for_one_attempt_however_often_it_comes(
    services: Services, response: Response, ann: Member
) -> None:
    alert, version, _ = await claimed(services, ann)
    asked = AttemptRequest(version=version, key="k1", step=1, result=Result.NO_ANSWER, note="Rang.")
    await asyncio.gather(*(response.attempts.record(alert, ann, asked) for _ in range(5)))
    assert len((await response.attempts.of_alert(ann, alert)).attempts) == 1
    other = msgspec.structs.replace(asked, result=Result.ANSWERED)
    with pytest.raises(Conflict, match="used for another"):
        await response.attempts.record(alert, ann, other)


async def test_without_a_gateway_staff_ask_the_person_themselves_and_say_how_it_went(
    services: Services, response: Response, boss: Member, ann: Member
) -> None:
    alert, version, home = await claimed(services, ann)
    await person(response, boss, home)
    assert not (await response.attempts.of_alert(ann, alert)).steps[0].sends
    with pytest.raises(Invalid, match="Nothing here sends text messages"):
        await response.attempts.record(alert, ann, AttemptRequest(version=version, key="k", step=1))
    by_hand = AttemptRequest(version=version, key="k", step=1, result=Result.DELIVERED)
    await response.attempts.record(alert, ann, by_hand)
    assert len((await response.attempts.of_alert(ann, alert)).attempts) == 1


async def test_the_plan_that_holds_is_the_nearest_and_an_alert_keeps_the_one_it_began_with(
    services: Services, response: Response, boss: Member, ann: Member
) -> None:
    alert, version, home = await claimed(services, ann)

    async def holds() -> str:
        return (await response.attempts.of_alert(ann, alert)).plan.steps[0].say

    async def put(say: str, *, home: str | None = None, **more: Any) -> None:
        step = PlanStep(kind=StepKind.CALL, say=say)
        asked = PutPlan(**{"seen": 0, "steps": [step], **more})
        await response.plans.put(boss, asked, home=home, organisation=1)

    assert "monitoring centre" in await holds()  # the built-in one
    await put("By priority.", priority="advisory")
    assert await holds() == "By priority."
    await put("By condition.", condition="uti_risk")
    assert await holds() == "By condition."
    await put("Of the home.", home=home)
    assert await holds() == "Of the home."
    await put("Of home and condition.", home=home, condition="uti_risk")
    assert await holds() == "Of home and condition."
    asked = AttemptRequest(version=version, key="k", step=1, result=Result.NO_ANSWER)
    await response.attempts.record(alert, ann, asked)
    assert not (await response.attempts.of_alert(ann, alert)).newer
    await put("Another.", home=home, condition="uti_risk", seen=1)
    shown = await response.attempts.of_alert(ann, alert)
    assert shown.plan.steps[0].say == "Of home and condition."
    assert shown.newer
    with pytest.raises(Conflict, match="Boss B has put version 2"):
        await put("Lost.", home=home, condition="uti_risk", seen=1)
    assert [one.version for one in await response.plans.versions(ann.reach, home, "uti_risk")] == [
        2,
        1,
    ]


async def test_contacts_are_called_in_turn_and_those_away_last(
    services: Services, response: Response, boss: Member, ann: Member
) -> None:
    alert, version, home = await claimed(services, ann)
    away = [{"first": "2026-03-10", "last": "2026-03-12"}]
    await person(response, boss, home)
    son = await person(response, boss, home, name="Son", person=False, exceptions=away, position=1)
    niece = await person(response, boss, home, name="Niece", person=False, position=2)
    friend = await person(response, boss, home, name="Friend", person=False, position=3)
    call = PlanStep(kind=StepKind.CALL, whom=Whom.CONTACTS)
    await response.plans.put(boss, PutPlan(seen=0, steps=[call]), home=home)
    for wanted in (niece, friend, None):
        shown = await response.attempts.of_alert(ann, alert)
        assert [one.contact for one in shown.steps[0].people] == [niece, friend, son]
        assert (shown.next and shown.next.contact) == wanted
        if wanted:
            asked = AttemptRequest(
                version=version, key=f"{wanted}", step=1, contact=wanted, result=Result.NO_ANSWER
            )
            version = (await response.attempts.record(alert, ann, asked)).version


async def test_a_service_is_told_of_the_alert_in_the_words_of_the_plan(
    services: Services,
    response: Response,
    boss: Member,
    ann: Member,
    connection: asyncpg.Connection,
) -> None:
    step = PlanStep(
        kind=StepKind.TELL_SERVICE, whom=Whom.NOBODY, name="nurses", say="Mrs Onoma has no phone."
    )
    alert, version, home = await claimed(services, ann)
    await response.plans.put(boss, PutPlan(seen=0, steps=[step]), home=home)
    asked = AttemptRequest(version=version, key="k", step=1)
    with pytest.raises(Invalid, match="cannot do this step by itself"):
        await response.attempts.record(alert, ann, asked)
    async with receiver() as desk:
        settings = {"url": desk.url, "secret": "whsec_" + "a" * 40, "allow_private": True}
        wanted = Wanted(name="nurses", channel="webhook", actions=["request"], settings=settings)
        await services.outbox.set(1, wanted)
        assert (await response.attempts.of_alert(ann, alert)).steps[0].sends
        await response.attempts.record(alert, ann, asked)
        row = await connection.fetchrow("select body, secret from outbox where attempt is not null")
        assert row is not None
        assert b"Onoma" not in row["body"].encode() + row["secret"]
        await services.worker.run_dry()
    (got,) = desk.got
    told = msgspec.json.decode(got.body)
    assert (told["action"], told["alert"], told["home"]) == ("request", alert, home)
    assert told["prompt"] == "Mrs Onoma has no phone."
    await response.clockwork.take_in()
    shown = await response.attempts.of_alert(ann, alert)
    assert [one.result for one in shown.attempts] == [Result.DELIVERED]
