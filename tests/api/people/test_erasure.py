"""Whoever asked to be forgotten is: in every table, export, sealed value and log."""

import base64
import io
import json
import logging
from collections.abc import Iterable

import asyncpg
import httpx
import pytest

from api.alerts.rows import place_of_alert
from api.audit.verify import verify
from api.cohorts.service import place_of_calls
from api.outbox.worker import place_of_message
from api.people.sealing import place_of, place_of_said
from api.response.checklist import place_of_note
from api.response.contacts import place_of_contacts
from api.response.follow_ups import place_of_tasks
from api.response.key_safe import place_of_looks, place_of_safe
from api.response.plans import place_of_plans
from api.services import Services
from api.store.reach import within
from api.store.sealed import Seal, Unsealable
from tests.api.people.marked import HOME, MARK, Desk, Marks, fill, fill_people, records
from tests.api.support import PASSWORD, Device, SettableClock, add_device

SEAL = Seal(b"k" * 32)
TABLES = """
select n.nspname as room, c.relname as name
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname in ('public', 'series')
"""
BYTES = """
select table_schema as room, table_name as name, column_name as col
from information_schema.columns c
join information_schema.tables t using (table_schema, table_name)
where data_type = 'bytea' and table_schema in ('public', 'series') and table_type = 'BASE TABLE'
"""


async def copied(connection: asyncpg.Connection) -> dict[str, bytes]:
    """Every table as a dump has it."""
    found = {}
    for row in await connection.fetch(TABLES):
        out = io.BytesIO()
        await connection.copy_from_table(row["name"], schema_name=row["room"], output=out)
        found[f"{row['room']}.{row['name']}"] = out.getvalue()
    return found


def shapes(word: str) -> list[bytes]:
    """A word as it may stand: plain, as the hexadecimal digits of bytes, in base64."""
    plain = word.encode()
    return [plain, plain.hex().encode(), *(
        base64.b64encode(b" " * shift + plain)[4:-4] for shift in range(3)
    )]  # fmt: skip


def traces(words: Iterable[str], where: dict[str, bytes]) -> list[str]:
    return sorted({
        name for word in words for shape in shapes(word)
        for name, whole in where.items() if shape in whole
    })  # fmt: skip


async def unsealed(connection: asyncpg.Connection, who: list[str]) -> list[bytes]:
    """What opens of all bytes in the database, at the places of people who are gone."""
    places = [place_of(one) for one in who]
    places += [place_of_said(one, version) for one in who for version in range(1, 5)]
    places += [place_of_contacts(HOME), place_of_safe(HOME), place_of_looks(HOME)]
    places += [place_of_plans(HOME, None), place_of_tasks(HOME), place_of_calls(HOME)]
    places += [
        place(number)
        for number in range(1, 9)
        for place in (place_of_note, place_of_message, place_of_alert)
    ]
    opened = []
    for row in await connection.fetch(BYTES):
        query = f'select "{row["col"]}" as it from "{row["room"]}"."{row["name"]}"'  # noqa: S608 - names of the catalogue
        for value in await connection.fetch(query):
            for place in places:
                try:
                    opened.append(SEAL.open(value["it"] or b"", place))
                except Unsealable:
                    continue
    return opened


async def test_an_erased_person_leaves_no_trace_in_any_table_export_or_log(
    desk: Desk,
    services: Services,
    connection: asyncpg.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # as the centre's command has it
    device, mark = await add_device(services, HOME, label="to be changed"), Marks()
    neighbour = await add_device(services, "next-door", label="Stays")
    await services.ingest.store(neighbour.batch(records(neighbour, Marks("stays"))), "next-door")
    who = await fill(desk, services, device, mark)
    await connection.execute("analyze")
    before = await copied(connection)
    ids = [HOME, device.hub, *who]
    found = traces(mark.made, before)
    filled = {name for name, whole in before.items() if whole}
    assert {"public.alert", "public.outbox", "public.refused_record"} <= set(found)
    assert {"public.consent", "public.resident", "public.spell_command", "public.silence",
            "public.walk_step", "public.configuration_report"} <= filled  # fmt: skip
    assert {"public.contact", "public.key_safe", "public.key_safe_look", "public.response_plan",
            "public.response_attempt", "public.follow_up", "public.cohort_contact",
            "public.reablement", "public.fitting", "public.fitting_call",
            "public.alert_told"} <= filled  # fmt: skip
    assert "public.export_part" in traces([HOME], before), "an export lies ready"
    opened = b"".join(await unsealed(connection, who)).decode()
    hidden = ("name", "who", "relation", "safe", "code", "look", "say", "tried", "task", "ended",
              "note", "suspend", "escalate", "shelve", "resolve", "called")  # fmt: skip
    assert {one for one in hidden if f"{MARK}-{one}-" in opened} == set(hidden)
    export = (await desk.client.get(f"/v1/homes/{HOME}/export")).text
    missing = [needle for needle in mark.made if needle not in export]
    assert [one.split("-")[1] for one in missing] == ["code"], "a key to the door is no record"

    answer = await desk("POST", f"/v1/homes/{HOME}/erase", {"confirm": HOME, "code": desk.shows})
    assert answer["rows"] > 50

    after = await copied(connection)
    assert traces([MARK, *mark.made], after) == [], "texts"
    assert traces(ids, after) == ["public.audit"], "the audit log keeps pseudonyms, and it alone"
    assert await unsealed(connection, who) == []
    statistics = await connection.fetch(
        "select s::text as it from pg_stats s where tablename <> 'audit'"
    )
    assert traces([MARK, HOME], {row["it"]: row["it"].encode() for row in statistics}) == []
    logged = "\n".join(f"{one.getMessage()} {one.exc_text or ''}" for one in caplog.records)
    assert traces([*mark.made, device.hub], {"log": logged.encode()}) == []
    for path in ("", "/people", "/days", "/export", "/configuration", "/absences"):
        told = await desk("GET", f"/v1/homes/{HOME}{path}", fine=path == "/absences")
        assert MARK not in json.dumps(told)
    (line,) = [one for one in (await desk("GET", "/v1/homes")) if one["home"] != "h1"]
    assert (line["home"], line["label"]) == ("next-door", "Stays")
    assert (await verify(services.database)).faults == []
    stays = {"event", "alert", "assessment", "health", "refused_record", "other_record"}
    for table in stays:
        assert await connection.fetchval(f"select count(*) from {table}") > 0, table  # noqa: S608 - ours


async def test_a_hub_of_an_erased_home_is_shut_out_and_told_to_forget(
    desk: Desk, services: Services, client: httpx.AsyncClient, clock: SettableClock
) -> None:
    device = await add_device(services, HOME)
    stranger = Device(device.hub, HOME, (await add_device(services, "other")).key)
    await desk("POST", f"/v1/homes/{HOME}/erase", {"confirm": HOME, "code": desk.shows})
    for path in ("downlink", "batches"):
        for who, status in ((stranger, 401), (device, 410)):
            answer = await client.request(
                "GET" if path == "downlink" else "POST",
                f"/v1/hubs/{device.hub}/{path}",
                headers={"Authorization": f"Bearer {who.token(clock())}"},
                content=device.batch_json([device.event(1)]),
            )
            assert answer.status_code == status
    assert answer.json()["forget"] is True
    clock.move(days=367)
    await services.people.turns.look()
    headers = {"Authorization": f"Bearer {device.token(clock())}"}
    answer = await client.get(f"/v1/hubs/{device.hub}/downlink", headers=headers)
    assert answer.status_code == 401, "nobody knows it any more"


async def test_nobody_erases_by_a_slip_by_a_program_or_without_their_second_factor(
    desk: Desk, services: Services
) -> None:
    await add_device(services, HOME)
    path = f"/v1/homes/{HOME}/erase"
    slip = await desk("POST", path, {"confirm": "zqhome", "code": desk.shows}, fine=False)
    assert "Type zqhome7" in slip["detail"]
    nowhere = {"confirm": "none", "code": desk.shows}
    told = await desk("POST", "/v1/homes/none/erase", nowhere, fine=False)
    assert "no home none" in told["detail"]
    wrong = await desk("POST", path, {"confirm": HOME, "code": "000000"}, fine=False)
    assert "code is wrong" in wrong["detail"]
    made = await desk("POST", "/v1/tokens", {"name": "bot", "scopes": ["people:erase"], "days": 1})
    async with httpx.AsyncClient(
        transport=desk.client._transport, base_url="http://centre",
        headers={"Authorization": f"Bearer {made['token']}"},
    ) as program:  # fmt: skip
        answer = await program.post(path, json={"confirm": HOME, "code": desk.shows})
    assert answer.status_code == 403
    assert (await services.homes.one(within([1]), HOME)).home == HOME


async def test_one_of_two_people_is_erased_and_the_other_stays(
    desk: Desk, services: Services, connection: asyncpg.Connection
) -> None:
    await add_device(services, HOME)
    mark = Marks()
    first, second = await fill_people(desk, mark)
    path = f"/v1/homes/{HOME}/residents/{first}/erase"
    await desk("POST", path, {"confirm": first, "code": desk.shows})
    left = await desk("GET", f"/v1/homes/{HOME}/people")
    assert [one["resident"] for one in left["residents"]] == [second]
    assert traces([first], await copied(connection)) == ["public.audit"]
    assert await unsealed(connection, [first]) == []
    assert len(left["residents"][0]["consents"]) == 2
    assert (await verify(services.database)).faults == []


async def test_what_never_changes_cannot_be_erased_by_the_back_door(
    services: Services, device: Device, connection: asyncpg.Connection
) -> None:
    await services.ingest.store(device.batch([device.alert(1)]), device.home)
    boss = await services.staff.add("boss", PASSWORD, role="administrator")
    (alert,) = await services.alerts.of_home(boss.reach, device.home)
    await services.alerts.claim(alert.id, boss)
    async with services.database.transaction(boss.reach) as inside:
        await inside.execute("set local telecare.erasing = 'on'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with inside.transaction():
                await inside.execute("delete from alert_history")
        elsewhere = await inside.fetchval("select erase_home('h1', now())")
        assert elsewhere > 0
    other = await services.organisations.add("Others")
    device = await add_device(services, "h9")
    async with services.database.transaction(within([other.organisation])) as inside:
        assert await inside.fetchval("select erase_home('h9', now())") == 0
        assert await inside.fetchval("select count(*) from export_home('h9')") == 0
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await connection.execute("set telecare.erasing = 'on'; delete from audit")
