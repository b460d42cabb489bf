"""A programme is seen by who looks after the home, from its first day to its end."""

from datetime import UTC, date, datetime, timedelta

import asyncpg
import httpx
import pytest

from api.reablement.views import Ended, NewProgramme, Sequel
from api.refusals import Conflict, Invalid, NotAllowed, NotFound
from api.services import Services
from tests.api.reablement.test_advice import STARTS, day
from tests.api.support import PASSWORD, SettableClock, add_device, add_user

pytestmark = pytest.mark.network


async def lived(services: Services, *, days: int) -> None:
    """A home whose days are all alike."""
    device = await add_device(services, "h1", label="Flat 12")
    signs = sorted(sign for n in range(days) for sign in day(STARTS + timedelta(days=n)))
    records = [
        device.event(seq, at=one.at.isoformat(), kind=one.kind, place=one.place, value=one.value)
        for seq, one in enumerate(signs, start=1)
    ]
    for first in range(0, len(records), 900):
        await services.ingest.store(device.batch(records[first : first + 900]), "h1")


async def test_a_programme_is_begun_shown_by_week_and_ended(
    services: Services, clock: SettableClock, client: httpx.AsyncClient
) -> None:
    clock.now = datetime(2026, 4, 16, 12, tzinfo=UTC)
    await lived(services, days=31)
    sue = await add_user(services, "sue", role="supervisor", organisations=[1])
    shown = await services.reablement.begin(sue, "h1", NewProgramme(starts=STARTS))
    assert [(one.begins, one.days_seen) for one in shown.weeks] == [
        (STARTS + timedelta(days=7 * n), 7) for n in range(4)
    ]
    assert shown.weeks[2].kitchen == 5
    assert shown.advice.says == "no_change"
    with pytest.raises(Conflict):
        await services.reablement.begin(sue, "h1", NewProgramme(starts=STARTS))
    await client.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    page = (await client.get("/reablement/h1")).text
    assert "No change" in page
    assert "Use of kettle and kitchen: 5.0 a day, at first 5.0: as at the start." in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    ended = await client.post("/reablement/h1", data={"csrf_token": token, "do": "end"})
    assert ended.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "say how it ended" in ended.text
    end = {"csrf_token": token, "do": "end", "sequel": "less_support"}
    ended = await client.post("/reablement/h1", data=end)
    assert ended.status_code == httpx.codes.SEE_OTHER
    assert 'name="starts"' in (await client.get("/reablement/h1")).text
    wrong = {"csrf_token": token, "do": "begin", "starts": "1999-01-01", "weeks": "6"}
    refused = await client.post("/reablement/h1", data=wrong)
    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "at most 120 days ago" in refused.text


async def test_who_may_not_and_whose_home_it_is_not_changes_nothing(services: Services) -> None:
    await add_device(services, "h1")
    other = await services.organisations.add("Others")
    they = await add_user(services, "them", role="supervisor", organisations=[other.organisation])
    asked = NewProgramme(starts=date(2026, 3, 10))
    with pytest.raises(NotFound):
        await services.reablement.begin(they, "h1", asked)
    with pytest.raises(NotFound):
        await services.reablement.of(they, "h1")
    ann = await add_user(services, "ann", organisations=[1])
    with pytest.raises(NotAllowed):
        await services.reablement.begin(ann, "h1", asked)
    sue = await add_user(services, "sue", role="supervisor", organisations=[1])
    with pytest.raises(NotFound, match="No programme is running"):
        await services.reablement.end(sue, "h1")
    with pytest.raises(Invalid):
        await services.reablement.begin(sue, "h1", NewProgramme(starts=date(2020, 1, 1)))
    begun = await services.reablement.begin(sue, "h1", asked)
    assert begun.weeks == []
    assert begun.advice.says == "cannot_say"


async def test_what_a_programme_came_to_can_be_looked_up_once_it_has_ended(
    services: Services, clock: SettableClock, client: httpx.AsyncClient
) -> None:
    await lived(services, days=31)
    sue = await add_user(services, "sue", role="supervisor", organisations=[1])
    clock.now = datetime(2026, 4, 7, 23, 30, tzinfo=UTC)  # the next day has begun there
    await services.reablement.begin(sue, "h1", NewProgramme(starts=STARTS))
    await services.reablement.end(sue, "h1", Sequel.NO_SUPPORT)
    clock.now = datetime(2026, 4, 16, 12, tzinfo=UTC)
    again = await services.reablement.begin(sue, "h1", NewProgramme(starts=date(2026, 4, 9)))
    listed = await services.reablement.all(sue, "h1")
    assert [one.ended is None for one in listed] == [True, False]
    past = await services.reablement.one(sue, listed[1].programme)
    assert past.ended == Ended(
        at=datetime(2026, 4, 7, 23, 30, tzinfo=UTC), sequel=Sequel.NO_SUPPORT, by="Sue B"
    )
    assert [one.begins for one in past.weeks] == [STARTS + timedelta(days=7 * n) for n in range(3)]
    assert again == await services.reablement.of(sue, "h1")

    await client.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    how = "8 Apr 2026: lives without support"
    page = (await client.get("/reablement/h1")).text
    assert page.index("Week by week") < page.index(how)
    page = (await client.get(f"/reablement/h1?programme={past.programme}")).text
    assert f"It ended on {how}. Sue B said so." in " ".join(page.replace("</p>", "").split())
    assert "30 Mar 2026" in page
    assert "two later ones: it ended 1 too early." in page
    assert 'name="do"' not in page, "what is over is neither ended nor begun"
    page = (await client.get("/reablement")).text
    assert page.index("9 Apr 2026") < page.index(how)
    told = (await client.get("/v1/reablement?home=h1")).json()
    assert [one["ended"] and one["ended"]["sequel"] for one in told] == [None, "no_support"]
    assert (await client.get("/reablement/h1?programme=99")).status_code == httpx.codes.NOT_FOUND
    assert (await client.get("/v1/reablement?home=h9")).status_code == httpx.codes.NOT_FOUND


async def test_a_programme_that_an_older_centre_ended_is_shown_without_how(
    services: Services, client: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await add_device(services, "h1")
    sue = await add_user(services, "sue", role="supervisor", organisations=[1])
    begun = await services.reablement.begin(sue, "h1", NewProgramme(starts=date(2026, 3, 10)))
    await connection.execute("update reablement set ended_at = '2026-03-11 12:00Z'")
    await client.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    for path in ("/reablement", "/reablement/h1"):
        assert "11 Mar 2026: not said how" in (await client.get(path)).text
    page = (await client.get(f"/reablement/h1?programme={begun.programme}")).text
    assert "before its first week was over" in page
    assert "more to come" not in page
    found = await services.reablement.one(sue, begun.programme)
    assert found.ended is not None
    assert (found.ended.sequel, found.ended.by) == (None, "")


async def test_programmes_of_other_organisations_are_neither_listed_nor_found(
    services: Services,
) -> None:
    await add_device(services, "h1")
    sue = await add_user(services, "sue", role="supervisor", organisations=[1])
    begun = await services.reablement.begin(sue, "h1", NewProgramme(starts=date(2026, 3, 10)))
    await services.reablement.end(sue, "h1", Sequel.HOSPITAL)
    other = await services.organisations.add("Others")
    they = await add_user(services, "them", role="supervisor", organisations=[other.organisation])
    assert await services.reablement.all(they) == []
    for refused in (
        services.reablement.all(they, "h1"),
        services.reablement.one(they, begun.programme),
    ):
        with pytest.raises(NotFound):
            await refused
    fitter = await add_user(services, "fitter", role="installer", organisations=[1])
    with pytest.raises(NotAllowed):
        await services.reablement.all(fitter)
