"""A promise that is kept otherwise than it was typed calls a supervisor too late, or all night."""

import re

import asyncpg
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.alerts.duties import Duty
from api.console.views.duties import ROWS, duties_of, form_of
from api.refusals import Invalid
from api.services import Services
from tests.api.support import PASSWORD, add_user


@st.composite
def promised(draw: st.DrawFn) -> list[Duty]:
    rows = draw(st.lists(st.sampled_from(ROWS), min_size=1, unique=True))
    found = []
    for priority, level in sorted(rows, key=ROWS.index):
        kind = draw(st.sampled_from(["seconds", "same_day", "next_working_day"]))
        timed = kind == "seconds"
        found.append(
            Duty(
                priority=priority,  # type: ignore[arg-type]  # from the table
                level=level,  # type: ignore[arg-type]  # from the table
                kind=kind,  # type: ignore[arg-type]  # from the table
                within_s=float(draw(st.integers(1, 7 * 24 * 3600))) if timed else None,
                share=draw(st.integers(1, 1000)) / 1000,
                escalates=timed and draw(st.booleans()),
            )
        )
    return found


@given(promised())
def test_what_was_promised_comes_back_from_the_form_as_it_was(duties: list[Duty]) -> None:
    again = duties_of(form_of(duties))
    assert [(one.priority, one.level, one.kind, one.within_s, one.escalates) for one in again] == [
        (one.priority, one.level, one.kind, one.within_s, one.escalates) for one in duties
    ]
    assert [one.share for one in again] == pytest.approx([one.share for one in duties])


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"kind_urgent_1": "seconds", "within_urgent_1": "soon", "share_urgent_1": "90"},
        {"kind_urgent_1": "seconds", "within_urgent_1": "", "share_urgent_1": "90"},
        {"kind_urgent_1": "seconds", "within_urgent_1": "0", "share_urgent_1": "90"},
        {"kind_urgent_1": "seconds", "within_urgent_1": "nan", "share_urgent_1": "90"},
        {"kind_urgent_1": "seconds", "within_urgent_1": "60", "share_urgent_1": "101"},
        {"kind_urgent_1": "at_once", "within_urgent_1": "60", "share_urgent_1": "90"},
    ],
)
def test_a_slip_changes_no_promise(typed: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        duties_of(typed)


@pytest.mark.network
async def test_a_supervisor_promises_sees_and_goes_back(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "sue", role="supervisor", organisations=[1])
    await client.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    page = (await client.get("/duties")).text
    assert "The centre&#39;s usual promises hold" in page

    def fields(page: str) -> dict[str, str]:
        names = dict(re.findall(r'name="(csrf_token|version|organisation)" value="([^"]*)"', page))
        return {**names, "kind_urgent_1": "seconds", "unit_urgent_1": "min", "share_urgent_1": "95"}

    typed = {**fields(page), "within_urgent_1": "a while"}
    refused = await client.post("/duties", data=typed)
    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "a while is not a number" in refused.text
    assert 'value="a while"' in refused.text  # nothing typed is lost
    assert not (await client.get("/v1/organisations/1/duties")).json()["own"]

    measured = {**fields(page), "within_urgent_1": "2"}
    refused = await client.post("/duties", data=measured)
    assert "nobody is called" in refused.text
    assert 'value="2"' in refused.text
    stale = {**measured, "escalates_urgent_1": "1"}
    kept = await client.post("/duties", data=stale, follow_redirects=True)
    assert "These promises hold now" in kept.text
    [duty] = (await client.get("/v1/organisations/1/duties")).json()["duties"]
    assert (duty["within_s"], duty["share"], duty["escalates"]) == (120, 0.95, True)

    meanwhile = await client.post("/duties", data=stale)
    assert meanwhile.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "Somebody has set other duties meanwhile" in meanwhile.text

    again = fields(kept.text)
    await client.post("/duties", data={**again, "do": "usual"})
    assert not (await client.get("/v1/organisations/1/duties")).json()["own"]


@pytest.mark.network
async def test_an_operator_sets_no_promise(client: httpx.AsyncClient, services: Services) -> None:
    await add_user(services, "ann", organisations=[1])
    await client.post("/sign-in", data={"username": "ann", "password": PASSWORD})
    assert (await client.get("/duties")).status_code == httpx.codes.FORBIDDEN


@pytest.mark.network
async def test_before_there_is_an_organisation_a_page_says_what_to_do_first(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    await connection.execute("delete from organisation")
    await add_user(services, "sue", role="supervisor")
    await client.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    page = await client.get("/duties")
    assert page.status_code == httpx.codes.OK
    assert "telecare-api add-organisation" in page.text
    assert 'id="keep"' not in page.text  # a form that could only be refused
    for path in (
        "/queue", "/homes", "/shift", "/reports", "/cohorts", "/cohorts/new", "/hand-over",
        "/plans", "/wallboard", "/people", "/places", "/follow-ups", "/reablement",
    ):  # fmt: skip
        assert (await client.get(path)).status_code == httpx.codes.OK, path
