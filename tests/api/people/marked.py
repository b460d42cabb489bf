"""Everything about a person, through every way in; each text is a needle of its own."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from api.identity.totp import code, step_of
from api.services import Services
from api.store.reach import CENTRE, within
from tests.api.outbox.support import Ear, destination
from tests.api.support import NOON, Device, SettableClock, add_user, event

HOME = "zqhome7"
MARK = "zqneedle"
TAKEN = """
update outbox set state = 'sent', ended_at = $2 where id = (
    select min(id) from outbox where home = $1 and subject like 'alert/%' and state = 'waiting')
"""
"""A destination took what it was told, and a week went by."""
LET_GO = "delete from outbox where home = $1 and state = 'sent'"
SENDING = """
insert into destination (organisation, name, channel, actions, settings)
values (1, 'texts', 'sms', '{prompt}', '{}'), (1, 'responder', 'webhook', '{request}', '{}')
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
    ivy = await add_user(services, "ivy", role="installer")
    await services.fittings.sign(ivy, HOME, device.hub, key="k", why="stopped")
    await services.fittings.called(ivy, HOME, key="k", answered="other")
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
    async with services.database.transaction(CENTRE) as connection:
        await connection.execute(TAKEN, HOME, desk.clock())
        await connection.execute(LET_GO, HOME)
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
