"""Whoever asked to be forgotten is: in every table, export, sealed value and log."""

import base64
import io
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from api.audit.verify import verify
from api.identity.totp import code, step_of
from api.outbox.worker import place_of_message
from api.people.sealing import place_of, place_of_said
from api.response.checklist import place_of_note
from api.response.contacts import place_of_contacts
from api.response.follow_ups import place_of_tasks
from api.response.key_safe import place_of_looks, place_of_safe
from api.response.plans import place_of_plans
from api.services import Services
from api.store.reach import CENTRE, within
from api.store.sealed import Seal, Unsealable
from tests.api.outbox.support import Ear, destination
from tests.api.support import NOON, PASSWORD, Device, SettableClock, add_device, add_user, event

HOME = "zqhome7"
MARK = "zqneedle"
SEAL = Seal(b"k" * 32)
SENDING = """
insert into destination (organisation, name, channel, actions, settings)
values (1, 'texts', 'sms', '{prompt}', '{}'), (1, 'responder', 'webhook', '{request}', '{}')
"""
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


@dataclass
class Marks:
    """Needles: each text that is typed or sent is one of its own."""

    word: str = MARK
    made: list[str] = field(default_factory=list)

    def __call__(self, about: str) -> str:
        self.made.append(f"{self.word}-{about}-{len(self.made)}")
        return self.made[-1]


@dataclass
class Desk:
    """Staff at the centre's door, with the app on their phone."""

    client: httpx.AsyncClient
    clock: SettableClock
    secret: bytes = b""

    async def __call__(self, method: str, path: str, body: Any = None, fine: bool = True) -> Any:
        answer = await self.client.request(method, path, json=body)
        assert answer.is_success == fine, f"{method} {path}: {answer.text}"
        return answer.json()

    async def enrol(self) -> None:
        begun = await self("POST", "/v1/second-factor")
        self.secret = base64.b32decode(begun["secret"])
        await self("POST", "/v1/second-factor/confirm", {"code": self.shows})
        self.clock.move(seconds=30)

    @property
    def shows(self) -> str:
        return code(self.secret, step_of(self.clock()))


@pytest.fixture
async def desk(client: httpx.AsyncClient, services: Services, clock: SettableClock) -> Desk:
    await add_user(services, "boss", role="administrator")
    answer = await client.post("/v1/session", json={"username": "boss", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    found = Desk(client, clock)
    await found.enrol()
    return found


def records(device: Device, mark: Marks) -> list[dict[str, Any]]:
    """All that a hub may tell, each with a needle wherever a text may stand."""
    at = NOON.isoformat()
    of_hub = {"v": 1, "hub": device.hub, "home": device.home, "at": at}
    seen = {"v": 1, "home": device.home, "at": at}
    bodies: list[tuple[str, Any]] = [
        ("assessment", {**seen, "condition": "uti_risk", "state": "blind", "reason": mark("why")}),
        ("health", {**of_hub, "software": mark("software"), "sensors": [{"sensor": mark("s")}]}),
        ("configuration", {
            **of_hub, "version": 1, "digest": "sha256:0", "state": "refused",
            "reason": mark("refusal"), "ignored": [mark("ignored")],
        }),
        ("walk_step", {
            **of_hub, "command": "walk",
            "event": event(device.home, sensor=mark("walked"), place=mark("place")),
        }),
        ("gossip", {"says": mark("other")}),
        ("event", {"broken": mark("refused")}),
    ]  # fmt: skip
    return [
        device.event(1, sensor=mark("sensor"), place=mark("place"), note=mark("unknown")),
        *({"seq": seq, "kind": kind, "body": body} for seq, (kind, body) in enumerate(bodies, 2)),
        device.alert(20, id=f"{device.home}:a:1", text=mark("text"), prompt=mark("prompt")),
        device.alert(21, id=f"{device.home}:b:1", condition="unusual_day", subject=mark("subject")),
    ]


async def fill(desk: Desk, services: Services, device: Device, mark: Marks) -> list[str]:
    """Everything about a person through every way in that takes a text; the residents."""
    await destination(services, Ear())
    async with services.database.transaction(CENTRE) as connection:
        await connection.execute(SENDING)
    await services.homes.relabel(within([1]), HOME, mark("label"))
    await services.ingest.store(device.batch(records(device, mark)), HOME)
    who = await fill_people(desk, mark)
    await fill_alerts(desk, services, mark)
    await fill_rooms(desk, services, mark, who)
    absence = {"kind": "hospital", "until": (NOON + timedelta(days=3)).isoformat()}
    await desk("POST", f"/v1/homes/{HOME}/absences", absence)
    rules = {"rules": [{"kind": "door", "name": mark("rule")}], "sensors": [{"name": mark("x")}]}
    await desk("PUT", f"/v1/homes/{HOME}/configuration?seen=0", rules)
    sent = await desk(
        "POST", f"/v1/hubs/{device.hub}/commands", {"kind": "test", "id": mark("command")}
    )
    answered = {
        "v": 1, "hub": device.hub, "home": HOME, "at": NOON.isoformat(),
        "command": sent["id"], "state": "done", "text": mark("answer"), "alert": mark("alert"),
    }  # fmt: skip
    record = {"seq": 50, "kind": "command_result", "body": answered}
    await services.ingest.store(device.batch([record]), HOME)
    for _ in range(17):  # nobody is heard for a quarter of an hour
        await services.watch.look()
        desk.clock.move(seconds=60)
    return who


async def fill_people(desk: Desk, mark: Marks) -> list[str]:
    here = f"/v1/homes/{HOME}"
    fields = ("name", "preferred", "address_as", "address", "language", "notes")
    for _ in range(2):
        identity = dict.fromkeys(fields, f"{MARK}-first") | {"born": "1946-03-01"}
        people = await desk("POST", f"{here}/residents", identity)
    who = [one["resident"] for one in people["residents"]]
    agreed = {
        "conditions": ["uti_risk", "unusual_day"], "sensors": ["motion"],
        "purposes": ["care_team"], "given_by": "attorney", "given_on": f"{NOON.date()}",
        "who": mark("who"), "note": mark("note"),
    }  # fmt: skip
    for one in who:
        again = {key: mark(key) for key in fields}
        await desk("PUT", f"{here}/residents/{one}?seen=1", again)
        await desk("PUT", f"{here}/residents/{one}/risk?seen=0", {"dementia": True})
        await desk("POST", f"{here}/residents/{one}/consent", agreed)
    reason = {"reason": mark("reason")}
    await desk("POST", f"{here}/residents/{who[1]}/consent/withdraw", reason)
    return who


async def fill_response(desk: Desk, mark: Marks, alert: int) -> None:
    """What is done about an alert: plan, contacts, key safe, attempts, messages, tasks."""
    here = f"/v1/homes/{HOME}"
    for person, number in ((True, "+441632960001"), (False, "+441632960002")):
        contact = {key: mark(key) for key in ("name", "relation", "note")}
        more = {"person": person, "keyholder": not person, "numbers": [number]}
        await desk("POST", f"{here}/contacts", {**contact, **more})
    mark.made += ["441632960001", "441632960002"]
    safe = {"place": mark("safe"), "code": mark("code")}
    await desk("PUT", f"{here}/key-safe", safe)
    steps = [
        {"kind": "prompt_text", "say": mark("say")},
        {"kind": "send_responder", "whom": "nobody", "name": "responder", "say": mark("send")},
        {"kind": "call", "say": mark("ask")},
    ]
    await desk("PUT", f"{here}/plans", {"seen": 0, "steps": steps})
    at = f"/v1/alerts/{alert}"
    await step(desk, alert, "claim")
    for which, result in ((1, None), (2, None), (3, "no_answer")):
        version = (await desk("GET", at))["alert"]["version"]
        tried = {"version": version, "key": f"k{which}", "step": which, "note": mark("tried")}
        await desk("POST", f"{at}/attempts", {**tried, "result": result})
    await desk("POST", f"{here}/key-safe/look", {"reason": mark("look")})
    task = {"home": HOME, "what": mark("task"), "due_on": f"{NOON.date()}", "alert": alert}
    made = await desk("POST", "/v1/follow-ups", task)
    ended = {"version": made["version"], "outcome": "done", "note": mark("ended")}
    await desk("POST", f"/v1/follow-ups/{made['follow_up']}/end", ended)
    await desk("POST", "/v1/follow-ups", {**task, "what": mark("open")})
    version = (await desk("GET", at))["alert"]["version"]
    await desk("POST", f"{at}/release", {"version": version})


async def fill_rooms(desk: Desk, services: Services, mark: Marks, who: list[str]) -> None:
    """Lists to call, reablement, an export that lies ready, and a second place for a hub."""
    shares = {"conditions": [], "sensors": [], "given_by": "person", "given_on": f"{NOON.date()}"}
    for seen, one in enumerate(who, start=1):
        again = {**shares, "purposes": ["health_record"], "seen": seen, "note": mark("shares")}
        await desk("POST", f"/v1/homes/{HOME}/residents/{one}/consent", again)
    asked = {"name": "Alerts", "criteria": {"alerts": ["uti_risk", "unusual_day"]}}
    cohort = (await desk("POST", "/v1/organisations/1/cohorts", asked))["cohort"]
    called = {"home": HOME, "outcome": "action", "note": mark("called")}
    asked = {"name": "On record", "criteria": {"on_record": ["dementia"]}}
    for number in (cohort, (await desk("POST", "/v1/organisations/1/cohorts", asked))["cohort"]):
        if any(
            one["home"] == HOME for one in (await desk("GET", f"/v1/cohorts/{number}"))["people"]
        ):
            await desk("POST", f"/v1/cohorts/{number}/contacts", called)
    await desk("POST", f"/v1/homes/{HOME}/reablement", {"starts": f"{NOON.date()}", "weeks": 6})
    place = {"home": HOME, "label": mark("label again")}
    await desk("POST", "/v1/organisations/1/hubs", place)
    answer = await desk.client.get(
        "/v1/fhir/$export?identified=true", headers={"Prefer": "respond-async"}
    )
    assert answer.is_success, answer.text
    assert await services.bulk.make()


async def step(desk: Desk, alert: int, action: str, **body: Any) -> None:
    at = f"/v1/alerts/{alert}"
    version = (await desk("GET", at))["alert"]["version"]
    await desk("POST", f"{at}/{action}", {**body, "version": version})


async def fill_alerts(desk: Desk, services: Services, mark: Marks) -> None:
    """Each step that takes words."""
    sam = await add_user(services, "sam")
    queue = (await desk("GET", "/v1/alerts"))["advisory"]
    first, second = (one["id"] for one in queue if one["home"] == HOME)
    await fill_response(desk, mark, first)
    until = (desk.clock() + timedelta(hours=1)).isoformat()
    await step(desk, first, "claim")
    await step(desk, first, "note", text=mark("note"))
    await step(desk, first, "suspend", until=until, reason=mark("suspend"), seen=1)
    await step(desk, first, "resume")
    await step(desk, first, "offer", to="sam", note=mark("offer"))
    await step(desk, first, "decline")
    await step(desk, first, "escalate", reason=mark("escalate"))
    await services.alerts.claim(first, sam)
    await step(desk, first, "takeover", reason=mark("takeover"))
    await step(desk, second, "claim")
    await step(desk, second, "shelve", until=until, reason=mark("shelve"), seen=1)
    await step(desk, first, "resolve", outcome="true_concern", note=mark("resolve"), seen=1)


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
    places += [place_of_plans(HOME, None), place_of_tasks(HOME)]
    places += [
        place(number) for number in range(1, 9) for place in (place_of_note, place_of_message)
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
    assert {"public.alert_history", "public.outbox", "public.refused_record"} <= set(found)
    assert {"public.consent", "public.resident", "public.spell_command", "public.silence",
            "public.walk_step", "public.configuration_report"} <= filled  # fmt: skip
    assert {"public.contact", "public.key_safe", "public.key_safe_look", "public.response_plan",
            "public.response_attempt", "public.follow_up", "public.cohort_contact",
            "public.reablement"} <= filled  # fmt: skip
    assert "public.export_part" in traces([HOME], before), "an export lies ready"
    opened = b"".join(await unsealed(connection, who)).decode()
    hidden = ("name", "who", "relation", "safe", "code", "look", "say", "tried", "task", "ended")
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
