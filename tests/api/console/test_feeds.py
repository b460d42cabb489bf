"""Who plans a shift or visits sees figures and lists on a desk and a phone, with any senses."""

import pytest

from api.cohorts.criteria import Criteria
from api.cohorts.views import NewCohort
from api.identity.permissions import Role
from api.reablement.views import NewProgramme, Sequel
from tests.api.console.centre import PASSWORD, Centre
from tests.api.console.conftest import Desks

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]

PHONE = {"width": 390, "height": 844}
EMPTY = "/cohorts/1"
OTHER = "/cohorts/5"
PROGRAMMES = ("/reablement", "/reablement/h1", "/reablement/h1?programme=1")


async def prepare(centre: Centre) -> str:
    """A supervisor, a home, and a list with that home on it; where the list is."""
    async with centre._services() as services:
        await services.staff.add("sue", PASSWORD, name="Sue B", role=Role.SUPERVISOR)
        sue = (await services.staff.sign_in("sue", PASSWORD, "127.0.0.1")).session.user
        await services.claims.add_hub("h1", organisation=1, label="12 Ashgrove Court")
        content = b'{"risk": {"earlier_falls": true}}'
        await services.configurations.put("h1", content, sue, seen=0)
        starts = services.clock().date()
        for _ in range(2):
            await services.reablement.begin(sue, "h1", NewProgramme(starts=starts))
            await services.reablement.end(sue, "h1", Sequel.LESS_SUPPORT)
        await services.reablement.begin(sue, "h1", NewProgramme(starts=starts))
        fell = Criteria(on_record=["earlier_falls"])
        await services.cohorts.add(sue, 1, NewCohort(name="Fell once", criteria=fell))
        asked = NewCohort(name="Fell lately", criteria=fell)
        return f"/cohorts/{(await services.cohorts.add(sue, 1, asked)).cohort}"


async def test_figures_lists_and_weeks_are_for_everybody_and_fit(
    centre: Centre, desks: Desks
) -> None:
    where = await prepare(centre)
    sue = await desks("sue", "/reports")
    for path in (
        "/reports",
        "/shift",
        "/duties",
        "/cohorts",
        "/cohorts/new",
        EMPTY,
        where,
        *PROGRAMMES,
    ):
        await sue.go(path)
        assert await sue.axe(path) == []
    await sue.go(where)
    await sue.page.select_option("select[name=outcome]", "action")
    await sue.page.fill("input[name=note]", "Grab rail asked for")
    await sue.page.click("#keep-1")
    await sue.page.wait_for_selector("#notice")
    assert await sue.page.locator("td", has_text="Grab rail asked for").count() == 1
    await sue.go(OTHER)
    assert await sue.page.locator("#held").is_visible()
    assert await sue.axe("held back") == []
    await sue.go("/reablement/h1")
    await sue.page.click("#programme-1")
    await sue.page.wait_for_selector("#over")
    await sue.page.click("#back")
    await sue.page.select_option("#sequel", "no_support")
    await sue.page.click("#end")
    await sue.page.wait_for_selector("#begin")
    assert await sue.page.locator("td", has_text="lives without support").count() == 1
    await sue.go("/reports")
    await sue.page.emulate_media(media="print")
    assert not await sue.page.locator("#report-form").is_visible()
    assert await sue.page.locator("#answers").is_visible()
    phone = await desks("sue", "/cohorts", viewport=PHONE)
    for path in ("/reports", "/shift", "/duties", where, *PROGRAMMES):
        await phone.go(path)
        width = await phone.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], path
