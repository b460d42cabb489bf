"""A programme is seen by who looks after the home, from its first day to its end."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from api.reablement.views import NewProgramme
from api.refusals import Conflict, Invalid, NotAllowed, NotFound
from api.services import Services
from tests.api.reablement.test_advice import STARTS, day
from tests.api.support import PASSWORD, SettableClock, add_device, add_user

pytestmark = pytest.mark.network


async def test_a_programme_is_begun_shown_by_week_and_ended(
    services: Services, clock: SettableClock, client: httpx.AsyncClient
) -> None:
    clock.now = datetime(2026, 4, 16, 12, tzinfo=UTC)
    device = await add_device(services, "h1", label="Flat 12")
    signs = sorted(sign for n in range(31) for sign in day(STARTS + timedelta(days=n)))
    records = [
        device.event(seq, at=one.at.isoformat(), kind=one.kind, place=one.place, value=one.value)
        for seq, one in enumerate(signs, start=1)
    ]
    await services.ingest.store(device.batch(records[:900]), "h1")
    await services.ingest.store(device.batch(records[900:]), "h1")
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
