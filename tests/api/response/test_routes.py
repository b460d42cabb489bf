"""What a program that works for staff relies on: the addresses, the answers, the conflicts."""

import httpx

from api.identity.people import Member
from api.services import Services
from tests.api.alerts.test_routes import signed_in
from tests.api.response.test_attempts import claimed


async def test_from_the_plan_to_the_task(
    services: Services, client: httpx.AsyncClient, boss: Member
) -> None:
    alert, version, home = await claimed(services, boss)
    headers = await signed_in(client, "boss")

    async def ask(method: str, path: str, **body: object) -> httpx.Response:
        return await client.request(method, f"/v1{path}", json=body or None, headers=headers)

    contact = {"name": "Son", "numbers": ["01632 960001"], "hours": [{"days": [1], "end": "09:00"}]}
    number = (await ask("POST", f"/homes/{home}/contacts", **contact)).json()["contact"]
    step = {"kind": "call", "whom": "nobody", "contact": number, "say": "Ask.", "wait_s": 60}
    plan = {"seen": 0, "condition": "uti_risk", "steps": [step]}
    assert (await ask("PUT", f"/homes/{home}/plans", **plan)).json()["version"] == 1
    assert (await ask("PUT", f"/homes/{home}/plans", **plan)).status_code == httpx.codes.CONFLICT
    shown = (await ask("GET", f"/alerts/{alert}/response")).json()
    (person,) = shown["steps"][0]["people"]
    assert (person["name"], person["available"]) == ("Son", False)  # a Tuesday at noon
    assert shown["next"] == {"step": 1, "contact": None, "not_before": None}
    attempt = {"version": version, "key": "k", "step": 1, "contact": number, "result": "answered"}
    attempts = f"/alerts/{alert}/attempts"
    assert (await ask("POST", attempts, **attempt)).json()["version"] == version + 1
    for wrong, says in (
        ({"step": 2}, "plan has 1 steps"),
        ({"step": None}, "Name a step"),
        ({"step": None, "kind": "call", "result": "sent"}, "result must be one of"),
        ({"contact": 999}, "no contact 999"),
    ):
        body = {**attempt, "version": version + 1, "key": says, **wrong}
        refused = await ask("POST", attempts, **body)
        assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        assert says in refused.json()["detail"]
    beside = {"version": version + 1, "key": "b", "kind": "book_visit", "result": "done"}
    assert (await ask("POST", attempts, **beside)).status_code == httpx.codes.OK
    shown = (await ask("GET", f"/alerts/{alert}/response")).json()
    assert shown["next"] is None  # somebody answered; what was done beside the plan moves nothing
    assert [one["kind"] for one in shown["attempts"]] == ["call", "book_visit"]
    task = {"home": home, "alert": alert, "what": "Ring.", "due_on": "2026-03-12"}
    added = (await ask("POST", "/follow-ups", **task)).json()
    changed = await ask(
        "PUT", f"/follow-ups/{added['follow_up']}", version=1, due_on="2026-03-13", assignee="boss"
    )
    assert changed.json()["assignee_name"] == "Boss B"
    found = (await ask("GET", "/follow-ups?whose=mine&when=due")).json()
    assert found == []
    ended = await ask(
        "POST", f"/follow-ups/{added['follow_up']}/end", version=2, outcome="not_needed"
    )
    assert ended.json()["outcome"] == "not_needed"
    codes = (await ask("GET", "/outcomes")).json()
    assert codes[0]["code"] == "true_concern"
