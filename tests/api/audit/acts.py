"""Everything that can be done at the centre's door, done once and with success."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.channels.protocol import GiveUp, Message
from api.identity.people import Member
from api.identity.totp import code, step_of
from api.outbox.service import Wanted
from api.services import Services
from api.store.reach import CENTRE
from contract.keys import key_statement
from tests.api.channels.browser import Browser
from tests.api.hubs.test_keys import signed
from tests.api.identity.authenticator import Authenticator
from tests.api.outbox.support import Ear, destination, worker
from tests.api.support import (
    NOON,
    PASSWORD,
    Device,
    SettableClock,
    add_alert,
    add_device,
    add_user,
    public_key,
)

NEW = "a quite different phrase"
NUDGES = Wanted(
    name="browsers", channel="webpush", conditions=["battery_low"],
    settings={"contact": "mailto:duty@centre.example"},
)  # fmt: skip
_TODAY = f"{NOON.date()}"
_LINES = "select chain, number, actor, action from audit"


@dataclass(frozen=True)
class Asked:
    """What is about to be asked for: a route such as `POST /v1/alerts/{alert}/claim`, filled."""

    route: str
    fill: dict[str, Any]
    body: Any = None
    bearer: str = field(default="", repr=False)

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]

    @property
    def where(self) -> str:
        return self.route.partition(" ")[2].format_map(self.fill)

    @property
    def query(self) -> dict[str, Any]:
        return {key: value for key, value in self.fill.items() if f"{{{key}}}" not in self.route}


Before = Callable[[Asked], Awaitable[None]]


@dataclass
class Hand:
    """Somebody at the door, and what the audit log says of each thing that they do."""

    client: httpx.AsyncClient
    services: Services
    connection: asyncpg.Connection
    clock: SettableClock
    me: Member
    tried: set[str]
    silent: list[str]
    before: Before | None = None
    after: Before | None = None
    secret: bytes = field(default=b"", repr=False)

    async def __call__(
        self,
        route: str,
        action: str,
        body: Any = None,
        *,
        actor: str = "",
        bearer: str = "",
        **fill: Any,
    ) -> Any:
        """Does what `route` says, such as `POST /v1/alerts/{alert}/claim`; the answer.

        What is no part of the path is asked for in the query. `action` is how the audit log is to
        call it, of `actor`, who is oneself where it is left out; `bearer` a token of a hub's.
        """
        asked = Asked(route, fill, body, bearer)
        if self.before:
            await self.before(asked)
        before = {(one["chain"], one["number"]) for one in await self.connection.fetch(_LINES)}
        by = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        answer = await self.client.request(
            asked.method, asked.where, json=body, params=asked.query, headers=by
        )
        assert answer.is_success, f"{route}: {answer.status_code} {answer.text}"
        said = [
            (one["actor"], one["action"]) for one in await self.connection.fetch(_LINES)
            if (one["chain"], one["number"]) not in before
        ]  # fmt: skip
        self.tried.add(route)
        if self.after:
            await self.after(asked)
        if (actor or self.me.actor, action) not in said:
            self.silent.append(f"{route}: no {action} among {said}")
        told = answer.json() if answer.content else None
        if isinstance(told, dict) and "csrf" in told:  # a session that was opened or renewed
            self.client.headers["X-CSRF-Token"] = told["csrf"]
        return told

    async def sign_in(self, password: str = PASSWORD) -> None:
        who = {"username": self.me.username, "password": password}
        await self("POST /v1/session", "session.open", who)

    @property
    def shows(self) -> str:
        """A code of the app that was not used before."""
        self.clock.move(seconds=30)
        return code(self.secret, step_of(self.clock()))

    async def enrol(self) -> None:
        begun = await self("POST /v1/second-factor", "second_factor.begin")
        self.secret = base64.b32decode(begun["secret"])
        await self("POST /v1/second-factor/confirm", "second_factor.on", {"code": self.shows})

    async def version(self, alert: int) -> int:
        answer = await self.client.get(f"/v1/alerts/{alert}")
        found: int = answer.json()["alert"]["version"]
        return found

    async def step(self, alert: int, action: str, **body: Any) -> None:
        sent = {**body, "version": await self.version(alert)} if action != "claim" else None
        route = f"POST /v1/alerts/{{alert}}/{action}"
        await self(route, f"alert.{action}", sent, alert=alert)


async def own_matters(ann: Hand) -> None:
    """What somebody does to their own way in."""
    await ann.sign_in()
    device = Authenticator("http://centre")
    asked = (await ann.client.post("/v1/passkeys/options")).json()["public_key"]
    made = await ann(
        "POST /v1/passkeys", "passkey.add", {"name": "Phone", "credential": device.make(asked)}
    )
    await ann("PUT /v1/passkeys/{passkey}", "passkey.name", {"name": "Key"}, passkey=made["id"])
    asked = (await ann.client.post("/v1/session/passkey/options")).json()["public_key"]
    shown = {"credential": device.show(asked)}
    await ann("POST /v1/session/passkey", "session.open", shown)
    await ann("DELETE /v1/passkeys/{passkey}", "passkey.remove", passkey=made["id"])
    await ann.enrol()
    await ann("POST /v1/second-factor/remove", "second_factor.off", {"code": ann.shows})
    changed = {"present": PASSWORD, "password": NEW}
    await ann("PUT /v1/password", "password.change", changed)
    await ann("DELETE /v1/session", "session.end")
    await ann.sign_in(NEW)
    bot = {"name": "bot", "scopes": ["alerts:read"], "days": 1}
    token = await ann("POST /v1/tokens", "token.add", bot)
    await ann("DELETE /v1/tokens/{token}", "token.revoke", token=token["id"])
    browser = {"endpoint": "https://push.example/ann", "keys": Browser.new().keys}
    told = await ann("POST /v1/push/subscriptions", "push.subscribe", browser)
    await ann.services.outbox.set(1, NUDGES)
    await ann(
        "POST /v1/push/subscriptions/{subscription}/test", "push.test", subscription=told["id"]
    )
    await ann(
        "DELETE /v1/push/subscriptions/{subscription}", "push.unsubscribe", subscription=told["id"]
    )
    other = (await ann.services.staff.sign_in("ann", NEW, "192.0.2.1")).session.user.session
    await ann("DELETE /v1/sessions/{session}", "session.revoke", session=other)


async def staff(boss: Hand, ann: Hand) -> None:
    new = {"username": "eve", "name": "Eve", "role": "operator", "organisations": [1]}
    made = await boss("POST /v1/staff", "staff.add", new)
    who = made["staff"]
    again = await boss("POST /v1/staff/{staff}/invitation", "staff.invite", staff=who)
    chosen = {"invitation": again["link"].partition("#")[2], "password": PASSWORD}
    await boss("POST /v1/invitation", "password.choose", chosen, actor=f"staff:{who}")
    change = {**new, "role": "supervisor", "version": 4}
    await boss("PUT /v1/staff/{staff}", "staff.change", change, staff=who)
    await boss("POST /v1/staff/{staff}/disable", "staff.disable", staff=who)
    await boss("POST /v1/staff/{staff}/enable", "staff.enable", staff=who)
    await ann.enrol()
    lost = "DELETE /v1/staff/{staff}/second-factor"
    await boss(lost, "second_factor.reset", staff=ann.me.id)
    await ann.sign_in(NEW)


async def hubs(boss: Hand) -> None:
    place = {"home": "h7", "label": "Flat 7"}
    added = "POST /v1/organisations/{organisation}/hubs"
    first = await boss(added, "hub.add", place, organisation=1)
    renewed = await boss("POST /v1/hubs/{hub}/code", "hub.code", {}, hub=first["hub"])
    old, new = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    claim = {"code": renewed["code"], "public_key": public_key(old)}
    hub = f"hub:{first['hub']}"
    await boss("POST /v1/claims", "hub.claim", claim, actor=hub)
    said = key_statement(first["hub"], public_key(new))
    wish = {"public_key": public_key(new), "by_old": signed(old, said), "by_new": signed(new, said)}
    ours = {"hub": first["hub"]}
    token = Device(first["hub"], "h7", old).token(boss.clock())
    await boss("POST /v1/hubs/{hub}/key", "hub.key", wish, actor=hub, bearer=token, **ours)
    await boss("POST /v1/hubs/{hub}/commands", "command.issue", {"kind": "test"}, **ours)
    await boss("POST /v1/hubs/{hub}/replacement", "hub.add", {}, **ours)
    await boss("POST /v1/hubs/{hub}/revoke", "hub.revoke", **ours)


async def alerts(ann: Hand, boss: Hand, device: Device) -> None:
    """Each step with an alert, by one of two."""
    alert = await add_alert(ann.services, device, 2)
    until = (ann.clock() + timedelta(hours=1)).isoformat()
    await ann.step(alert, "claim")
    await ann.step(alert, "release")
    await ann.step(alert, "claim")
    await ann.step(alert, "note", text="She is well.")
    await ann.step(alert, "suspend", until=until, seen=1)
    await ann.step(alert, "resume")
    await ann.step(alert, "offer", to="boss")
    await boss.step(alert, "decline")
    await ann.step(alert, "offer", to="boss")
    await boss.step(alert, "accept")
    await ann.step(alert, "takeover", reason="She rang me.")
    await ann.step(alert, "shelve", until=until, reason="A loose sensor.", seen=1)
    await ann.step(alert, "unshelve")
    await ann.step(alert, "claim")
    await ann.step(alert, "escalate", reason="I am not sure.")
    await ann.step(alert, "claim")
    tried = {"version": await ann.version(alert), "key": "k", "kind": "call", "result": "done"}
    await ann("POST /v1/alerts/{alert}/attempts", "alert.attempt", tried, alert=alert)
    safe = "PUT /v1/homes/{home}/key-safe"
    await boss(safe, "key_safe.put", {"code": "4711"}, home=device.home)
    look = "POST /v1/homes/{home}/key-safe/look"
    await ann(look, "key_safe.look", {"reason": "No answer."}, home=device.home)
    await boss("POST /v1/key-safe/looks/{look}/seen", "key_safe.seen", look=1)
    gone = "DELETE /v1/homes/{home}/key-safe"
    await boss(gone, "key_safe.remove", home=device.home, version=1)
    await ann.step(alert, "resolve", outcome="true_concern", seen=1)
    await boss.step(alert, "correct", outcome="equipment", reason="It was the mat.")


async def response(boss: Hand, home: str) -> None:
    ours: dict[str, Any] = {"home": home}
    steps = [{"kind": "call", "say": "Ask how she is."}]
    plan = {"seen": 0, "steps": steps}
    await boss("PUT /v1/homes/{home}/plans", "plan.put", plan, **ours)
    theirs = {**plan, "priority": "urgent"}
    await boss("PUT /v1/organisations/{organisation}/plans", "plan.put", theirs, organisation=1)
    son = {"name": "Son", "numbers": ["01632 960001"]}
    made = await boss("POST /v1/homes/{home}/contacts", "contact.add", son, **ours)
    one = {**ours, "contact": made["contact"]}
    await boss(
        "PUT /v1/homes/{home}/contacts/{contact}", "contact.put", {**son, "version": 1}, **one
    )
    await boss("DELETE /v1/homes/{home}/contacts/{contact}", "contact.remove", **one, version=2)
    task = {"home": home, "what": "Ring.", "due_on": _TODAY}
    added = await boss("POST /v1/follow-ups", "follow_up.add", task)
    number = added["follow_up"]
    later = {"version": 1, "due_on": "2026-03-12"}
    await boss("PUT /v1/follow-ups/{task}", "follow_up.change", later, task=number)
    ended = {"version": 2, "outcome": "done"}
    await boss("POST /v1/follow-ups/{task}/end", "follow_up.end", ended, task=number)


async def settings(boss: Hand, home: str) -> None:
    duty = {
        "priority": "urgent",
        "kind": "seconds",
        "within_s": 60,
        "share": 0.9,
        "escalates": True,
    }
    duties = {"duties": [duty]}
    ours: dict[str, Any] = {"organisation": 1}
    await boss("PUT /v1/organisations/{organisation}/duties", "duties.put", duties, **ours)
    rules: dict[str, Any] = {"rules": [], "sensors": []}
    put = "PUT /v1/homes/{home}/configuration"
    await boss(put, "configuration.put", rules, home=home, seen=0)
    wanted = {"name": "Alerts", "criteria": {"alerts": ["uti_risk"]}}
    made = await boss("POST /v1/organisations/{organisation}/cohorts", "cohort.add", wanted, **ours)
    called = {"home": home, "outcome": "contacted"}
    await boss("POST /v1/cohorts/{cohort}/contacts", "cohort.called", called, cohort=made["cohort"])
    await boss("DELETE /v1/cohorts/{cohort}", "cohort.remove", cohort=made["cohort"])
    programme = {"starts": _TODAY, "weeks": 6}
    await boss("POST /v1/homes/{home}/reablement", "reablement.begin", programme, home=home)
    await boss("DELETE /v1/homes/{home}/reablement", "reablement.end", home=home)
    asked = await boss.client.get("/v1/fhir/$export", headers={"Prefer": "respond-async"})
    job = asked.headers["content-location"].rpartition("/")[2]
    await boss("DELETE /v1/fhir/$export/{job}", "export.delete", job=job)


async def dead_letter(boss: Hand) -> None:
    """One that was given up is tried again."""
    ear = Ear()

    async def never(_: Message) -> None:
        raise GiveUp("it answered 410")

    ear.answer = never
    await destination(boss.services, ear)
    await add_alert(boss.services, await add_device(boss.services))
    await worker(boss.services, ear).run_dry()
    (dead,) = (await boss.services.outbox.view(CENTRE)).dead_letters
    await boss("POST /v1/outbox/{message}/again", "outbox.again", message=dead.id)


async def people(boss: Hand, home: str) -> None:
    here = "/v1/homes/{home}"
    added = await boss(f"POST {here}/residents", "resident.add", {"name": "Joan"}, home=home)
    one = {"home": home, "resident": added["residents"][0]["resident"]}
    at = f"{here}/residents/{{resident}}"
    await boss(f"PUT {at}", "resident.change", {"name": "Joan Lee"}, **one, seen=1)
    await boss(f"PUT {at}/risk", "risk.put", {"dementia": True}, **one, seen=0)
    agreed = {"conditions": [], "sensors": [], "given_by": "person", "given_on": _TODAY}
    await boss(f"POST {at}/consent", "consent.given", agreed, **one)
    await boss(f"POST {at}/consent/withdraw", "consent.withdrawn", {"reason": "Enough."}, **one)
    away = {"kind": "hospital", "until": (boss.clock() + timedelta(days=3)).isoformat()}
    await boss(f"POST {here}/absences", "absence.set", away, home=home)
    await boss(f"POST {here}/absences/{{absence}}/end", "absence.end", home=home, absence=1)
    sure = {"confirm": one["resident"], "code": boss.shows}
    await boss(f"POST {at}/erase", "resident.erase", sure, **one)
    sure = {"confirm": home, "code": boss.shows}
    await boss(f"POST {here}/erase", "home.erase", sure, home=home)


async def everything(
    clients: tuple[httpx.AsyncClient, httpx.AsyncClient],
    services: Services,
    connection: asyncpg.Connection,
    clock: SettableClock,
    before: Before | None = None,
    *,
    after: Before | None = None,
) -> tuple[set[str], list[str]]:
    """What was done, and what of it the audit log is silent on.

    `before` is told of each first, `after` of each once it was done.
    """
    tried: set[str] = set()
    silent: list[str] = []

    async def hand(client: httpx.AsyncClient, name: str, role: str) -> Hand:
        me = await add_user(services, name, role=role)
        return Hand(client, services, connection, clock, me, tried, silent, before, after)

    boss = await hand(clients[0], "boss", "administrator")
    ann = await hand(clients[1], "ann", "operator")
    await own_matters(ann)
    await boss.sign_in()
    await boss.enrol()
    await staff(boss, ann)
    await hubs(boss)
    device = await add_device(services, "h1")
    await alerts(ann, boss, device)
    await response(boss, device.home)
    await settings(boss, device.home)
    await dead_letter(boss)
    await people(boss, device.home)
    return tried, silent
