"""A newcomer is led through a night, and nobody takes what is made up for a person in need."""

import pytest
from playwright.async_api import expect

from api.alerts.lifecycle import Action
from api.console.views.tour import NAMES, steps
from tests.api.console import worlds
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]

MADE_UP = "Nobody in it is real"


@pytest.mark.parametrize(
    ("done", "now"),
    [
        (set(), "claim"),
        ({Action.CLAIM}, "call"),
        ({Action.RESOLVE}, "claim"),
        ({Action.CLAIM, Action.ATTEMPT, Action.RESOLVE}, "wait"),
        ({Action.CLAIM, Action.ATTEMPT, Action.RESOLVE, Action.SUSPEND, Action.OFFER}, None),
    ],
)
async def test_the_next_step_is_the_first_that_was_not_taken(
    done: set[str], now: str | None
) -> None:
    made = steps(done)
    assert [one.name for one in made] == list(NAMES)
    assert [one.name for one in made if one.state == "now"] == [now] * (now is not None)
    assert {one.name for one in made if one.state == "look"} == {"evidence", "home", "wallboard"}


async def test_where_people_are_real_there_is_no_tour_that_has_their_alerts_ended(
    desks: Desks,
) -> None:
    dana = await desks("dana")
    await expect(dana.page.locator("body")).not_to_contain_text(MADE_UP)
    await dana.go("/tour")
    await expect(dana.page.locator("h1")).to_have_text("Queue")


async def test_each_page_says_that_nobody_is_real_and_the_tour_shows_how_far_one_has_come(
    centre: Centre, desks: Desks
) -> None:
    await worlds.evening(centre)
    await centre.change(demonstration="yes")
    dana = await desks("dana")
    for path in ("/homes", "/alerts/1", "/account", "/queue"):
        await dana.go(path)
        await expect(dana.page.locator(".made-up")).to_contain_text(MADE_UP)
    await dana.page.click("#tour")
    await expect(dana.page.locator(".step-now h2")).to_have_text("Take the most urgent alert")
    await dana.page.click("#go-claim")
    await dana.page.locator("#lane-urgent .card.waiting button").first.click()
    await dana.page.click("#tour")
    await expect(dana.page.locator("#step-claim .sign")).to_have_text("Done")
    await expect(dana.page.locator(".step-now h2")).to_have_text("Ask the person first")
    assert await dana.axe("tour") == []
    await dana.page.click("#sign-out")
    await expect(dana.page.locator(".made-up")).to_have_text(f"This is a demonstration. {MADE_UP}.")
