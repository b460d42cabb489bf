"""What staff wrote of somebody who is erased goes with them, and nobody sends for them any more."""

import asyncio
import re
from typing import Any

import asyncpg
import pytest

from api.audit.verify import verify
from api.channels.protocol import Channel
from api.operation.kept import KEPT
from api.operation.strike import NO_WORDS, WORDS
from api.outbox.worker import place_of_message
from api.people.erasure import STRUCK
from api.refusals import NotFound
from api.response.contacts import place_of_contacts
from api.response.sql import SQL
from api.response.words import words_of
from api.services import Services
from api.store.cover import Cover
from api.store.reach import CENTRE, within
from api.store.sealed import Seal
from tests.api.outbox.support import Ear, Nothing, worker
from tests.api.people.marked import HOME, SENDING, Desk, step
from tests.api.support import NOON, add_device

SEAL = Seal(b"k" * 32)
HERE = f"/v1/homes/{HOME}"


EARLIER = """
insert into cohort_contact (home, at, by, outcome, note, why, until)
values ('zqhome7', $1, 1, 'contacted', 'Zebedee had his tablets changed', '{}', $1)
"""
"""A call of before notes were sealed."""

RESPONDERS = """
insert into destination (organisation, name, channel, actions, settings)
values (1, 'Zebedee House', 'webhook', '{request}', '{"url": "https://house.example/"}')
"""

WAITS = """
select exists (select from pg_locks l
    where not l.granted and pg_backend_pid() = any (pg_blocking_pids(l.pid)))
"""


class Gateway(Ear):
    """A gateway for text messages that listens."""

    @property
    def channels(self) -> dict[str, Channel[Any]]:
        sms = Channel("sms", Nothing, frozenset(), self.deliver, addressee="hidden")
        return {"sms": sms}


async def call(desk: Desk, said: str) -> None:
    """Somebody is called from a list of its own."""
    asked = {"name": said, "criteria": {"alerts": ["uti_risk"]}}
    cohort = (await desk("POST", "/v1/organisations/1/cohorts", asked))["cohort"]
    called = {"home": HOME, "outcome": "contacted", "note": said}
    await desk("POST", f"/v1/cohorts/{cohort}/contacts", called)


async def erase(desk: Desk, who: str) -> int:
    path = f"{HERE}/residents/{who}/erase"
    rows: int = (await desk("POST", path, {"confirm": who, "code": desk.shows}))["rows"]
    return rows


async def with_a_number(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> tuple[int, str]:
    """One of two can be sent messages: an alert whose plan says so, and who it is."""
    device = await add_device(services, HOME)
    await services.ingest.store(device.batch([device.alert(20)]), HOME)
    await connection.execute(SENDING)
    await desk("POST", f"{HERE}/residents", {"name": "Ann Quux"})
    one = {"name": "Zebedee Quux", "phone": "+447700900777"}
    people = (await desk("POST", f"{HERE}/residents", one))["residents"]
    step = {"kind": "prompt_text", "say": "Hello Zebedee", "wait_s": 600}
    await desk("PUT", f"{HERE}/plans", {"seen": 0, "steps": [step]})
    (who,) = (each["resident"] for each in people if each["identity"]["name"] == one["name"])
    alert: int = await connection.fetchval("select id from alert")
    return alert, who


async def held_up(connection: asyncpg.Connection) -> None:
    """Until somebody waits for what this connection holds."""
    async with asyncio.timeout(20):
        while not await connection.fetchval(WAITS):  # noqa: ASYNC110 - nobody here could set an event
            await asyncio.sleep(0.01)


async def test_what_staff_wrote_down_of_one_of_two_goes_with_them_and_the_other_loses_nothing(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services, HOME)
    await services.ingest.store(device.batch([device.alert(20)]), HOME)
    alert = await connection.fetchval("select id from alert")
    for name in ("Zebedee Quux", "Ann Quux"):
        people = await desk("POST", f"{HERE}/residents", {"name": name})
    names = {one["identity"]["name"]: one["resident"] for one in people["residents"]}
    first = names["Zebedee Quux"]
    for name, person in (("Zebedee Quux", True), ("Ann Quux", False), ("Zebedee's niece", False)):
        contact = {"name": name, "person": person, "numbers": ["01632 960001"]}
        await desk("POST", f"{HERE}/contacts", contact)
    task = {"home": HOME, "due_on": f"{NOON.date()}"}
    for what in ("Ring ZEBEDEE about his tablets", "Ring Ann", "Mend the Quuxes' lock"):
        await desk("POST", "/v1/follow-ups", {**task, "what": what})
    done = await desk("POST", "/v1/follow-ups", {**task, "what": "Ring the surgery"})
    ended = {"version": done["version"], "outcome": "done", "note": "Zebedee has had a UTI"}
    await desk("POST", f"/v1/follow-ups/{done['follow_up']}/end", ended)
    await desk("POST", f"/v1/alerts/{alert}/claim")
    for number, said in enumerate(("Zebedee did not answer", "Ann did not answer")):
        version = (await desk("GET", f"/v1/alerts/{alert}"))["alert"]["version"]
        tried = {"version": version, "key": f"{number}", "kind": "call", "result": "no_answer"}
        await desk("POST", f"/v1/alerts/{alert}/attempts", {**tried, "note": said})
    await desk("PUT", f"{HERE}/key-safe", {"code": "4711"})
    await desk("POST", f"{HERE}/key-safe/look", {"reason": "Zebedee is on the floor"})
    await call(desk, "Zebedee Quux says it is back; ring +447700900777")
    await call(desk, "Ann says all is well")
    await connection.execute(EARLIER, services.clock())
    asked = await desk.client.get(f"/erase/{HOME}?resident={first}")
    for shown in ("Zebedee Quux", "ZEBEDEE", "had a UTI", "did not answer", "on the floor",
                  "+447700900777", "tablets changed"):  # fmt: skip
        assert shown in asked.text, "whoever erases sees what goes"
    assert "Ann" not in asked.text
    assert "niece" not in asked.text

    rows = await erase(desk, first)

    assert rows == 4, "the person, their entry and two tasks"
    opened = [f"{one.words}" for one in await words_of(connection, HOME, Cover(SEAL))]
    assert [one for one in opened if "zebedee" in one.casefold()] == []
    for stays in ("Ann Quux", "Ring Ann", "Mend the Quuxes", "Ann did not answer", "all is well"):
        assert any(stays in one for one in opened), stays
    export = (await desk.client.get(f"{HERE}/export")).text
    assert "tablets changed" not in export
    assert "900777" not in export
    assert await connection.fetchval("select count(*) from cohort_contact") == 3, "they were called"
    shown = await desk("GET", f"{HERE}/contacts")
    assert [one["name"] for one in shown] == ["Ann Quux", "[erased]'s niece"], (
        "she is called as before"
    )


async def test_the_entry_of_the_person_goes_with_the_last_who_is_on_record(
    desk: Desk, services: Services
) -> None:
    await add_device(services, HOME)
    people = await desk("POST", f"{HERE}/residents", {"name": "Zebedee Quux"})
    who = people["residents"][0]["resident"]
    gran = {"name": "Grandad", "person": True, "numbers": ["01632 960001"]}
    await desk("POST", f"{HERE}/contacts", gran)
    await erase(desk, who)
    assert await desk("GET", f"{HERE}/contacts") == []


async def test_nobody_strikes_out_what_is_of_another_organisation(
    services: Services, connection: asyncpg.Connection
) -> None:
    await add_device(services, HOME)
    other = await services.organisations.add("Others")
    await connection.execute(
        "insert into contact (home, person, position, body, changed_at) "
        "values ($1, true, 0, '', now())", HOME,
    )  # fmt: skip
    async with services.database.transaction(within([other.organisation])) as inside:
        assert await inside.fetchval("select strike_out($1, '{1}', '{}', '{}', '{}')", HOME) == 0
    assert await connection.fetchval("select count(*) from contact") == 1


async def test_nobody_who_was_erased_is_sent_what_waited_or_was_given_up(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> None:
    alert, who = await with_a_number(desk, services, connection)
    gateway = Gateway()
    await desk("POST", f"/v1/alerts/{alert}/claim")
    for key in ("k1", "k2"):
        version = (await desk("GET", f"/v1/alerts/{alert}"))["alert"]["version"]
        tried = {"version": version, "key": key, "step": 1}
        await desk("POST", f"/v1/alerts/{alert}/attempts", tried)
    dead: int = await connection.fetchval(
        "update outbox set state = 'dead', ended_at = $1 where attempt = 1 returning id",
        services.clock(),
    )
    sealed = await connection.fetch("select attempt, secret from outbox where attempt is not null")
    for row in sealed:
        assert b"900777" in SEAL.open(row["secret"], place_of_message(row["attempt"]))

    await erase(desk, who)

    assert len(sealed) == 2
    assert await connection.fetchval("select count(secret) from outbox") == 0
    with pytest.raises(NotFound):
        await services.outbox.again(CENTRE, dead)
    await worker(services, gateway).run_dry()
    assert gateway.heard == []
    await services.response.clockwork.take_in()
    tries = (await desk("GET", f"/v1/alerts/{alert}/response"))["attempts"]
    assert {(one["result"], one["reason"]) for one in tries} == {
        ("failed", "somebody of this home was erased meanwhile")
    }, "staff see that nobody was asked"


async def test_nobody_is_sent_what_was_being_written_to_them_as_they_were_erased(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> None:
    alert, who = await with_a_number(desk, services, connection)
    version = (await desk("POST", f"/v1/alerts/{alert}/claim"))["version"]
    asked = {"version": version, "key": "k1", "step": 1}
    async with connection.transaction():
        await connection.execute("select set_config('telecare.reach', '{1}', true)")
        await connection.execute("select erase_resident($1, $2::text::uuid)", HOME, who)
        path = f"/v1/alerts/{alert}/attempts"
        sending = asyncio.create_task(desk("POST", path, asked, fine=False))
        await held_up(connection)
        await connection.execute("select strike_out($1, '{}', '{}', '{}', '{}')", HOME)
    assert "no number" in (await sending)["detail"]
    assert await connection.fetchval("select count(secret) from outbox") == 0


async def test_what_was_being_written_of_somebody_as_they_were_erased_goes_with_them(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> None:
    _, who = await with_a_number(desk, services, connection)
    async with connection.transaction():
        await connection.execute(EARLIER, services.clock())
        erasing = asyncio.create_task(erase(desk, who))
        await held_up(connection)
    await erasing
    assert await connection.fetchval("select note from cohort_contact") == ""


async def test_who_is_erased_is_named_in_no_plan_alert_history_or_note_and_the_rest_still_reads(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services, HOME)
    await services.ingest.store(device.batch([device.alert(20)]), HOME)
    alert = await connection.fetchval("select id from alert")
    gone = {"name": "Zebedee Quux", "phone": "+44 7700 900777", "address": "9 Elm Row, Ayr, KA7 1"}
    ann = {"name": "Ann Quux", "phone": "01632 960001", "notes": "Zebedee is her brother. Deaf."}
    for one in (gone, ann):
        people = (await desk("POST", f"{HERE}/residents", one))["residents"]
    names = {one["identity"]["name"]: one["resident"] for one in people}
    agreed = {"conditions": [], "sensors": [], "purposes": [], "given_by": "best_interest",
              "given_on": f"{NOON.date()}", "who": "ZEBEDEE Quux",
              "note": "Zebedee asked"}  # fmt: skip
    await desk("POST", f"{HERE}/residents/{names['Ann Quux']}/consent", agreed)
    await connection.execute(RESPONDERS)
    steps = [
        {"kind": "call", "say": "Ask Zebedee or Ann; his number is 07700-900 777"},
        {"kind": "tell_service", "whom": "nobody", "name": "Zebedee House"},
        {"kind": "send_responder", "whom": "nobody", "name": "Zebedee's son", "say": "Ring Ann"},
    ]
    for seen in (0, 1):
        await desk("PUT", f"{HERE}/plans", {"seen": seen, "steps": steps})
    own = {"name": "Zebedee Quux", "numbers": ["01632 960077"]}
    await desk("POST", f"{HERE}/contacts", own)
    await desk("POST", f"{HERE}/contacts", {"name": "Neighbour", "note": "Or 01632960077"})
    safe = {"place": "Under Zebedee's bench, 9 Elm Row", "code": "Zebedee7"}
    await desk("PUT", f"{HERE}/key-safe", safe)
    said = "zebedee   QUUX fell; Ann rang from 01632 960001, he from 0044 (0)7700 900777"
    await step(desk, alert, "claim")
    await step(desk, alert, "note", text=said)
    await step(desk, alert, "escalate", reason="Zebedee is not heard")
    seen = await connection.fetchval("select array_agg(version order by resident) from resident")

    await erase(desk, names["Zebedee Quux"])

    opened = {one.table: one.words for one in await words_of(connection, HOME, Cover(SEAL))}
    every = f"{[one.words for one in await words_of(connection, HOME, Cover(SEAL))]}"
    assert "[erased] fell; Ann rang from 01632 960001, he from [erased]" in every
    assert opened["alert"] == "[erased] is not heard"
    assert opened["contact"]["note"] == "Or [erased]", "a number of their own entry"
    assert opened["key_safe"] == "Under [erased]'s bench, [erased]"
    plans = await desk("GET", f"{HERE}/plans/versions")
    assert [[one["say"] for one in plan["steps"]] for plan in plans] == [
        ["Ask [erased] or Ann; his number is [erased]", "", "Ring Ann"]
    ] * 2
    assert [one["name"] for one in plans[0]["steps"]] == ["", "Zebedee House", "[erased]'s son"]
    (stays,) = (await desk("GET", f"{HERE}/people"))["residents"]
    assert stays["identity"]["notes"] == "[erased] is her brother. Deaf."
    assert {one["who"] + one["note"] for one in stays["consents"]} == {"[erased][erased] asked"}
    assert stays["version"] == seen[0] + 1, "no form that was open puts it back"
    held = await desk("PUT", f"{HERE}/plans", {"seen": 2, "steps": steps}, fine=False)
    assert "Look at it first" in held["detail"], "nor one of a plan"
    left = every.replace("Zebedee House", "")
    for trace in ("zebedee", "900777", "900 777", "elm row"):
        assert trace not in left.casefold()
    assert (await desk("POST", f"{HERE}/key-safe/look", {"reason": "x"}))["code"] == "Zebedee7"
    assert (await verify(services.database)).faults == []


async def test_what_somebody_writes_down_as_a_person_is_erased_is_not_overwritten(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> None:
    _, who = await with_a_number(desk, services, connection)
    await desk("POST", f"{HERE}/contacts", {"name": "Zebedee's niece"})
    path, asked = f"{HERE}/residents/{who}/erase", {"confirm": who, "code": desk.shows}
    newer = SEAL.close(b'{"name": "Zebedee\'s other niece"}', place_of_contacts(HOME))
    async with connection.transaction():
        await connection.execute("update contact set body = $1", newer)
        erasing = asyncio.create_task(desk("POST", path, asked, fine=False))
        await held_up(connection)
    assert "meanwhile" in (await erasing)["detail"]
    assert len((await desk("GET", f"{HERE}/people"))["residents"]) == 2, "all of it, or nothing"
    (entry,) = (one for one in await desk("GET", f"{HERE}/contacts") if not one["person"])
    assert entry["name"] == "Zebedee's other niece"


async def test_of_every_room_that_seals_words_it_is_settled_what_becomes_of_them() -> None:
    assert {one.name for one in KEPT} == WORDS.keys() | NO_WORDS
    stay = {"response_plan", "alert", "alert_history", "key_safe"}  # struck out of: docs/people.md
    rooms = set(re.findall(r"select '(\w+)'", SQL.words))
    assert rooms == {"contact", "follow_up", *STRUCK, *stay}
