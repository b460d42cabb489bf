"""The steps beyond claim and end, as a browser posts them: forms alone, nothing typed is lost."""

import re
from datetime import timedelta

import httpx
import pytest

from api.alerts.lifecycle import AlertState
from api.identity.people import Member
from api.services import Services
from api.store.reach import CENTRE
from tests.api.support import PASSWORD, SettableClock, add_alert, add_device, add_user

pytestmark = pytest.mark.network

_FORM = re.compile(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


async def sign_in(client: httpx.AsyncClient, username: str) -> None:
    client.cookies.clear()
    await client.post("/sign-in", data={"username": username, "password": PASSWORD, "next": ""})


async def submit(client: httpx.AsyncClient, page: str, action: str, **typed: str) -> httpx.Response:
    """Fills in the form of a page that posts to `action`, and follows where it leads."""
    forms = dict(_FORM.findall((await client.get(page)).text))
    assert action in forms, f"{page} has no form for {action}, only {list(forms)}"
    hidden = dict(_HIDDEN.findall(forms[action]))
    return await client.post(action, data={**hidden, **typed}, follow_redirects=True)


async def state(services: Services, alert: int) -> AlertState:
    return (await services.alerts.one(CENTRE, alert)).alert.state


@pytest.fixture
async def ann(services: Services) -> Member:
    return await add_user(services, "ann")


@pytest.fixture
async def bob(services: Services) -> Member:
    return await add_user(services, "bob")


async def test_wait_and_go_on(services: Services, client: httpx.AsyncClient, ann: Member) -> None:
    alert = await add_alert(services, await add_device(services))
    await services.alerts.claim(alert, ann)
    await sign_in(client, "ann")
    steps = f"/alerts/{alert}/steps"
    done = await submit(client, steps, f"{steps}/suspend", minutes="60", reason="Rings back.")
    assert done.url.path == "/queue"
    assert "That is done" in done.text
    assert "Waits until" in done.text
    assert await state(services, alert) is AlertState.SUSPENDED
    back = await submit(client, f"/alerts/{alert}", f"{steps}/resume")
    assert "You have had this since" in back.text
    assert await state(services, alert) is AlertState.CLAIMED


async def test_an_urgent_alert_is_offered_no_long_wait_and_takes_none(
    services: Services, client: httpx.AsyncClient, ann: Member
) -> None:
    alert = await add_alert(services, await add_device(services), severity="urgent")
    await services.alerts.claim(alert, ann)
    await sign_in(client, "ann")
    steps = f"/alerts/{alert}/steps"
    offered = (await client.get(steps)).text
    assert 'value="30"' in offered
    assert 'value="60"' not in offered
    refused = await submit(client, steps, f"{steps}/suspend", minutes="60")
    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "at most 30 minutes" in refused.text
    assert await state(services, alert) is AlertState.CLAIMED


async def test_hand_over_to_a_colleague_who_sees_the_offer(
    services: Services, client: httpx.AsyncClient, ann: Member, bob: Member
) -> None:
    alert = await add_alert(services, await add_device(services))
    await services.alerts.claim(alert, ann)
    await sign_in(client, "ann")
    steps = f"/alerts/{alert}/steps"
    offered = await submit(client, steps, f"{steps}/offer", to=bob.username)
    assert "Offered to Bob B" in offered.text
    await sign_in(client, "bob")
    page = (await client.get(f"/alerts/{alert}")).text
    assert "Ann B asks you to take this over." in page
    await submit(client, f"/alerts/{alert}", f"{steps}/accept")
    claim = (await services.alerts.one(CENTRE, alert)).alert.claim
    assert claim is not None
    assert claim.by == bob.shown


async def test_taking_over_without_a_reason_keeps_the_page_and_says_so(
    services: Services, client: httpx.AsyncClient, ann: Member, bob: Member
) -> None:
    alert = await add_alert(services, await add_device(services))
    await services.alerts.claim(alert, ann)
    await sign_in(client, bob.username)
    steps = f"/alerts/{alert}/steps"
    refused = await submit(client, steps, f"{steps}/takeover", reason=" ")
    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "Taking over needs a reason." in refused.text
    taken = await submit(client, steps, f"{steps}/takeover", reason="Ann is at lunch.")
    assert "Bob B took it over" in taken.text
    assert "Ann is at lunch." in taken.text


async def test_call_for_help_shows_everywhere_until_somebody_claims(
    services: Services, client: httpx.AsyncClient, ann: Member
) -> None:
    alert = await add_alert(services, await add_device(services), severity="urgent")
    await services.alerts.claim(alert, ann)
    await sign_in(client, "ann")
    steps = f"/alerts/{alert}/steps"
    assert f"{steps}/shelve" not in (await client.get(steps)).text  # never an urgent one
    done = await submit(client, steps, f"{steps}/escalate", reason="She fell and I am alone.")
    assert "Help was called" in done.text
    assert "A supervisor was called" in (await client.get(f"/alerts/{alert}")).text
    claimed = await submit(client, f"/alerts/{alert}", f"/alerts/{alert}/claim")
    assert "A supervisor was called" not in claimed.text


async def test_a_nuisance_leaves_the_queue_but_not_the_page(
    services: Services, client: httpx.AsyncClient, clock: SettableClock, ann: Member
) -> None:
    alert = await add_alert(services, await add_device(services))
    await services.alerts.claim(alert, ann)
    await sign_in(client, "ann")
    steps = f"/alerts/{alert}/steps"
    offered = (await client.get(steps)).text
    assert 'value="1440"' in offered
    assert 'value="20160"' not in offered  # for supervisors
    done = await submit(client, steps, f"{steps}/shelve", minutes="480", reason="Loose sensor.")
    assert "Set aside as nuisances" in done.text
    assert "Nobody is waiting." in done.text
    shelf = (await services.alerts.one(CENTRE, alert)).alert.shelf
    assert shelf is not None
    assert shelf.until == clock.now + timedelta(hours=8)
    back = await submit(client, f"/alerts/{alert}", f"{steps}/unshelve")
    assert "Nobody has this alert yet." in back.text


async def test_what_came_along_is_marked_and_must_be_looked_at_before_it_can_be_ended(
    services: Services, client: httpx.AsyncClient, ann: Member
) -> None:
    device = await add_device(services)
    first, second = [await add_alert(services, device, seq) for seq in (1, 2)]
    await services.alerts.claim(first, ann)
    await sign_in(client, "ann")
    assert "Not looked at yet" in (await client.get("/queue")).text
    page = (await client.get(f"/alerts/{second}")).text
    assert f"/alerts/{second}/resolve" not in page
    looked = await submit(client, f"/alerts/{second}", f"/alerts/{second}/claim")
    assert f"/alerts/{second}/resolve" in looked.text


async def test_a_note_that_came_after_a_colleague_s_is_not_lost(
    services: Services, client: httpx.AsyncClient, ann: Member, bob: Member
) -> None:
    alert = await add_alert(services, await add_device(services))
    await services.alerts.claim(alert, ann)
    await sign_in(client, "ann")
    forms = dict(_FORM.findall((await client.get(f"/alerts/{alert}")).text))
    hidden = dict(_HIDDEN.findall(forms[f"/alerts/{alert}/note"]))
    await services.alerts.note(alert, bob, "Her son is there.")
    refused = await client.post(f"/alerts/{alert}/note", data={**hidden, "note": "No answer."})
    assert refused.status_code == httpx.codes.CONFLICT
    assert "Her son is there." in refused.text
    assert ">No answer.</textarea>" in refused.text


@pytest.mark.parametrize("taken", [False, True], ids=["news", "taken over"])
async def test_what_was_written_to_end_an_alert_outlives_a_refusal(
    services: Services, client: httpx.AsyncClient, ann: Member, bob: Member, *, taken: bool
) -> None:
    alert = await add_alert(services, await add_device(services))
    await services.alerts.claim(alert, ann)
    await sign_in(client, "ann")
    forms = dict(_FORM.findall((await client.get(f"/alerts/{alert}")).text))
    hidden = dict(_HIDDEN.findall(forms[f"/alerts/{alert}/resolve"]))
    if taken:
        await services.alerts.take_over(alert, bob, "Ann is at lunch.")
    else:
        await services.alerts.note(alert, bob, "Her son is there.")
    typed = {"outcome": "true_concern", "note": "Drank two cups."}
    refused = await client.post(f"/alerts/{alert}/resolve", data={**hidden, **typed})
    assert refused.status_code == httpx.codes.CONFLICT
    kept = {
        action: form
        for action, form in _FORM.findall(refused.text)
        if ">Drank two cups.</textarea>" in form
    }
    assert list(kept) == [f"/alerts/{alert}/{'note' if taken else 'resolve'}"]
    if not taken:
        assert 'value="true_concern" id="outcome-true_concern" required checked' in refused.text
        again = dict(_HIDDEN.findall(kept[f"/alerts/{alert}/resolve"]))
        await client.post(f"/alerts/{alert}/resolve", data={**again, **typed})
        assert await state(services, alert) == AlertState.RESOLVED


async def test_a_step_that_is_none_is_not_found(
    services: Services, client: httpx.AsyncClient, ann: Member
) -> None:
    alert = await add_alert(services, await add_device(services))
    await sign_in(client, ann.username)
    page = (await client.get(f"/alerts/{alert}")).text
    csrf = dict(_HIDDEN.findall(page))["csrf_token"]
    for word in ("dance", "lapse", "resolve"):
        answer = await client.post(f"/alerts/{alert}/steps/{word}", data={"csrf_token": csrf})
        assert answer.status_code == httpx.codes.NOT_FOUND
