"""In the midst of an upgrade, what a newer replica wrote stops nothing but what it is about."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.cohorts.criteria import NEWER
from api.identity.people import Member
from api.people.consent import GivenBy, Scope
from api.people.identity import Identity
from api.people.risk import RiskRecord
from api.people.sealing import place_of
from api.response import plans
from api.response.contacts import place_of_contacts
from api.response.plans import place_of_plans
from api.services import Services
from api.settings import Settings
from api.store.sealed import Seal
from tests.api.conftest import QUICK
from tests.api.support import NOON, PASSWORD, SettableClock, add_alert, add_device, add_user

SEAL = Seal(b"k" * 32)
OLD, NEW = "h1", "h2"
"""A home of which all is known here, and one of which a newer replica has written."""
PROFILE = {"age": "90_or_more", "dementia": "early", "earlier_falls": True, "frailty": "severe"}
CONTACT = {
    "name": "Sam",
    "numbers": ["+44 1632 960001", {"sip": "sam@example.org"}],
    "tongue": "cy",
}
STEPS = [
    {"kind": "call", "whom": "person", "say": "Ask."},
    {"kind": "video_call", "whom": "person"},
    {"kind": "call", "whom": "contacts", "but_not_at_night": True},
    {"kind": "send_responder", "name": "Responders"},
]
FRAIL = {"on_record": ["dementia", "frailty"]}
LISTS = {
    "Frail": FRAIL,
    "Alone": {"living_alone": True},
    "Dementia": {"on_record": ["dementia"]},
    "Falls": {"on_record": ["earlier_falls"]},
    "Old": {"age_at_least": 80},
    "Odd": [],
}
HEALTH = {"software": "9.0", "queued": "few", "sensors": [{"sensor": "s", "online": "partly"}]}


@pytest.fixture
async def app(migrated_url: str, clock: SettableClock, tmp_path: Path) -> AsyncIterator[FastAPI]:
    (tmp_path / "key").write_bytes(base64.b64encode(b"k" * 32))
    settings = Settings(database_url=migrated_url, secret_key_file=f"{tmp_path / 'key'}")
    app = create_app(settings, clock=clock, passwords=QUICK)
    yield app
    await app.state.services.database.close()


@pytest.fixture
async def boss(services: Services) -> Member:
    return await add_user(services, "boss", role="supervisor", organisations=[1])


@pytest.fixture
async def alerts(
    services: Services, client: httpx.AsyncClient, boss: Member, connection: asyncpg.Connection
) -> dict[str, int]:
    """Two homes with somebody in each, and an alert; what a newer replica writes of the second."""
    found = {}
    answer = await client.post("/v1/session", json={"username": "boss", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    for home in (OLD, NEW):
        device = await add_device(services, home, label=f"Flat {home}")
        found[home] = await add_alert(services, device)
        residents = services.people.residents
        who = await residents.add(home, Identity(name="Joan"), boss)
        await residents.put_risk(
            home, who, RiskRecord(age="80_or_more", dementia=True, earlier_falls=True), boss, seen=0
        )
        await residents.agree(home, who, scope(), boss)
        made = await client.post(f"/v1/homes/{home}/contacts", json={"name": "Sam"})
        assert made.status_code == 200, made.text
    for name, criteria in LISTS.items():
        await connection.execute(
            "insert into cohort (organisation, name, criteria, quiet_days, added_by)"
            " values (1, $1, $2, 7, $3)",
            name, json.dumps(criteria), boss.id,
        )  # fmt: skip
    said = SEAL.close(json.dumps({"name": "Joan", "pronouns": "she"}).encode(), place_of(who))
    await connection.execute("update resident set sealed = $2 where home = $1", NEW, said)
    await connection.execute(
        "insert into risk_profile (resident, version, profile, put_at, put_by)"
        " select resident, 2, $2, $3, $4 from resident where home = $1",
        NEW, json.dumps(PROFILE), NOON, boss.id,
    )  # fmt: skip
    body = SEAL.close(json.dumps(CONTACT).encode(), place_of_contacts(NEW))
    await connection.execute("update contact set body = $2 where home = $1", NEW, body)
    await connection.execute(
        "insert into response_plan (home, version, steps, put_by, put_at, condition, priority)"
        " values ($1, 1, $2, $3, $4, '', '')",
        NEW, SEAL.close(json.dumps(STEPS).encode(), place_of_plans(NEW, None)), boss.id, NOON,
    )  # fmt: skip
    await connection.execute("update hub set health = $2 where home = $1", NEW, json.dumps(HEALTH))
    return found


def scope(**more: Any) -> Scope:
    said = {"conditions": [], "sensors": [], "given_by": GivenBy.PERSON, "given_on": NOON.date()}
    return Scope(**{**said, **more})


@pytest.mark.parametrize("home", [OLD, NEW])
async def test_every_page_and_route_still_answers(
    client: httpx.AsyncClient, alerts: dict[str, int], home: str
) -> None:
    at = f"homes/{home}"
    pages = [
        "/queue", "/cohorts", "/cohorts/1", "/estate", f"/{at}", f"/alerts/{alerts[home]}",
        f"/people/{home}", f"/response/{home}", f"/plan/{home}", "/v1/cohorts",
        *(f"/v1/{at}{of}" for of in ("", "/people", "/configuration", "/contacts", "/plans")),
        f"/v1/alerts/{alerts[home]}", f"/v1/alerts/{alerts[home]}/response",
        "/v1/fhir/Patient", "/v1/people/wanting", "/v1/organisations/1/report",
    ]  # fmt: skip
    lists = (await client.get("/v1/cohorts")).json()
    pages += [f"{door}/cohorts/{one['cohort']}" for one in lists for door in ("", "/v1")]
    for page in pages:
        answer = await client.get(page)
        assert answer.status_code == 200, (page, answer.text[:400])


async def test_a_list_says_of_that_one_home_that_it_cannot_be_said(
    client: httpx.AsyncClient, alerts: dict[str, int]
) -> None:
    del alerts
    lists = {one["name"]: one for one in (await client.get("/v1/cohorts")).json()}
    found = {
        name: (await client.get(f"/v1/cohorts/{lists[name]['cohort']}")).json() for name in LISTS
    }
    people = {name: [one["home"] for one in told["people"]] for name, told in found.items()}
    assert people == {
        "Dementia": [OLD], "Falls": [OLD, NEW], "Old": [OLD], "Frail": [], "Alone": [], "Odd": [],
    }  # fmt: skip
    unknown = {name: told["unknown"] for name, told in found.items()}
    assert unknown == {
        "Dementia": {NEWER: 1}, "Falls": {}, "Old": {NEWER: 1},
        "Frail": {NEWER: 2}, "Alone": {NEWER: 2}, "Odd": {NEWER: 2},
    }  # fmt: skip
    assert lists["Frail"]["unread"] == ["on_record"]
    assert lists["Alone"]["unread"] == ["living_alone"]
    assert lists["Falls"]["unread"] == []


async def test_who_is_called_and_what_is_done_stays_as_far_as_it_is_known(
    client: httpx.AsyncClient, alerts: dict[str, int]
) -> None:
    (joan,) = (await client.get(f"/v1/homes/{NEW}/people")).json()["residents"]
    assert joan["identity"]["name"] == "Joan"
    assert joan["risk"][0]["unread"] == ["age", "dementia", "frailty"]
    assert joan["risk"][0]["record"]["earlier_falls"] is True
    assert joan["risk"][1]["unread"] == []
    assert "a newer version of the centre" in (await client.get(f"/people/{NEW}")).text
    (sam,) = (await client.get(f"/v1/homes/{NEW}/contacts")).json()
    assert (sam["name"], sam["numbers"]) == ("Sam", ["+44 1632 960001"])
    told = (await client.get(f"/v1/alerts/{alerts[NEW]}/response")).json()
    steps = [(one["number"], one["step"]["kind"], one["step"]["say"]) for one in told["steps"]]
    unread = ("call", plans.UNREAD.say)
    assert steps == [(1, "call", "Ask."), (2, *unread), (3, *unread), (4, "send_responder", "")]


async def test_a_word_is_taken_back_at_once_and_hubs_keep_what_newer_ones_know(
    services: Services, boss: Member, alerts: dict[str, int], client: httpx.AsyncClient
) -> None:
    del alerts
    residents = services.people.residents
    (joan,) = (await client.get(f"/v1/homes/{NEW}/people")).json()["residents"]
    await residents.agree(NEW, joan["resident"], scope(seen=1, conditions=["uti_risk"]), boss)
    told = (await client.get(f"/v1/homes/{NEW}/configuration")).json()["content"]
    assert told["risk"] == PROFILE
    assert "dehydration_risk" in told["off"]
