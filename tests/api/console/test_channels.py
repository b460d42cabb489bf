"""Who else is told of alerts is set without a command, tried at once, and no secret is shown."""

from pathlib import Path

import asyncpg
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import expect

from api.channels.registry import CHANNELS
from api.console.text import catalogue
from api.console.views.channels import FIRST, fields_of, form_of, new_form, wanted_of
from api.outbox.destinations import DestinationDetail
from api.outbox.service import KNOWN, Wanted
from api.refusals import Invalid
from api.services import Services
from tests.api.channels.receiver import Got, answer, receiver
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.api.support import PASSWORD, add_user

WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
URL = "https://sms.example/v1"


def detail(wanted: Wanted) -> DestinationDetail:
    return DestinationDetail(
        destination=1, organisation=1, of_organisation="Ours", name=wanted.name,
        channel=wanted.channel, lanes=wanted.lanes, conditions=wanted.conditions,
        actions=wanted.actions, heartbeat_s=wanted.heartbeat_s, enabled=True,
        purpose=wanted.purpose, settings=wanted.settings, kept=[], version="v",
    )  # fmt: skip


@given(
    fields=st.dictionaries(WORDS, WORDS | st.lists(WORDS) | st.integers(), max_size=4),
    lanes=st.sets(st.sampled_from(KNOWN["lane"])),
    actions=st.sets(st.sampled_from(KNOWN["action"])),
    beat=st.none() | st.integers(1, 9999),
    full=st.booleans(),
)
def test_what_was_set_comes_back_from_the_form_as_it_was(
    fields: dict[str, object], lanes: set[str], actions: set[str], beat: int | None, *, full: bool
) -> None:
    settings = {"url": URL, "fields": {"t": "{text}", **fields}, "full": full}
    was = Wanted(
        name="desk", channel="sms", lanes=[one for one in KNOWN["lane"] if one in lanes],
        actions=[one for one in KNOWN["action"] if one in actions], heartbeat_s=beat,
        purpose="family", settings=settings,
    )  # fmt: skip
    again, keep = wanted_of(CHANNELS["sms"], form_of(detail(was)), {})
    assert again == was
    assert keep == {"secret"}


@pytest.mark.parametrize("name", CHANNELS)
def test_a_form_asks_for_all_that_a_channel_needs(name: str) -> None:
    channel = CHANNELS[name]
    fields = fields_of(channel, new_form(channel), [], catalogue())
    assert [one.name for one in fields.first] == list(FIRST[name])
    needed = {one.name for one in fields.more if one.required}
    assert needed == set(), "whoever fills in what is shown has filled in what is needed"


@pytest.mark.parametrize(
    "typed",
    [
        {"set_port": "smtp"},
        {"heartbeat": "often"},
        {"purpose": "neighbours"},
    ],
)
def test_a_slip_is_refused(typed: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        wanted_of(CHANNELS["email"], typed, {})


@pytest.mark.parametrize("line", ["to", "= x", "to := {"])
def test_a_line_that_cannot_be_read_is_shown(line: str) -> None:
    with pytest.raises(Invalid, match=r"line|JSON"):
        wanted_of(CHANNELS["sms"], {"set_fields": line}, {})


async def sign_in(client: httpx.AsyncClient, username: str) -> dict[str, str]:
    await client.post("/sign-in", data={"username": username, "password": PASSWORD, "next": "/"})
    return {"csrf_token": (await client.get("/v1/session")).json()["csrf"]}


@pytest.mark.network
@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.parametrize("scripts", [True, False])
async def test_an_administrator_adds_a_channel_tries_it_and_switches_it_off(
    centre: Centre, desks: Desks, tmp_path: Path, *, scripts: bool
) -> None:
    await centre.add_staff_as("administrator", boss="Ines Boss")
    boss = await desks("boss", "/organisations", java_script_enabled=scripts)
    page, found = boss.page, []

    async def look(state: str) -> None:
        if scripts:
            found.extend(await boss.axe(state))
            await page.screenshot(path=tmp_path / f"{state}.png", full_page=True)

    await page.click("#organisation-1")
    await page.click("#to-channels")
    await look("channels, none")
    await page.select_option("#channel", "scaip")
    await page.click("#next")
    await look("a new channel")
    await page.fill("#name", "receiving centre")
    await page.fill("#set_host", "receiver.example")
    await page.fill("#set_centre", "one thousand")
    await page.fill("#set_homes", "h17 = 8031372\nh18 = 8031373")
    await page.check("#lane_urgent")
    await page.click("#add")
    await expect(page.locator("#notice")).to_contain_text("must be 1 to 16 digits")
    await expect(page.locator("#set_homes")).to_have_value("h17 = 8031372\nh18 = 8031373")
    await expect(page.locator("#lane_urgent")).to_be_checked()
    await look("a new channel that will not do")
    await page.fill("#set_centre", "1000")
    await page.fill("#set_host", "127.0.0.1")
    await page.click("#add")
    await expect(page.locator("#notice")).to_contain_text("The channel is added")
    await page.click("summary:has-text('More settings')")
    await look("a channel")
    await page.click("#switch")
    await expect(page.locator("#notice")).to_contain_text("The channel is off")
    await look("a channel that is off")
    await page.click("#back")
    await expect(page.locator("#scroll-all")).to_contain_text("Off")
    await expect(page.locator("#scroll-all")).to_contain_text("Urgent")
    await look("channels")
    assert found == []
    boss.forgive("422")


@pytest.mark.network
async def test_a_test_is_sent_at_once_and_its_answer_shown(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "boss", role="administrator")
    csrf = await sign_in(client, "boss")
    async with receiver() as other:
        number = await services.outbox.set(
            1,
            Wanted(
                name="desk", channel="sms",
                settings={"url": other.url, "to": "+447700900123", "fields": {"t": "{text}"},
                          "allow_private": True, "link": "https://centre.example"},
            ),
        )  # fmt: skip
        taken = await client.post(f"/channels/{number}/try", data=csrf, follow_redirects=True)
        assert "The other side took the test" in taken.text
        assert b"This+is+a+test" in other.got[0].body
        assert b"centre.example" not in other.got[0].body, "there is no alert to look at"

        def busy(_: Got) -> bytes:
            return answer(503)

        other.reply = busy
        refused = await client.post(f"/channels/{number}/try", data=csrf)
        assert "The other side did not take the test" in refused.text
        assert "it answered 503" in refused.text


@pytest.mark.network
async def test_what_was_given_up_is_listed_with_its_reason_and_tried_again(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    number = await services.outbox.set(1, _email())
    letter = await connection.fetchval(
        """insert into outbox (organisation, destination, subject, action, version, body, state,
            written_at, ended_at, tries, reason)
        values (1, $1, 'alert/17', 'raise', 1, '{}', 'dead', $2, $2, 1, 'it answered 550')
        returning id""",
        number, services.clock(),
    )  # fmt: skip
    await add_user(services, "boss", role="administrator")
    csrf = await sign_in(client, "boss")
    page = (await client.get("/channels")).text
    assert "it answered 550" in page
    assert 'href="/alerts/17"' in page
    done = await client.post(f"/channels/letters/{letter}", data=csrf, follow_redirects=True)
    assert "The message waits again" in done.text
    assert "Nothing was given up" in done.text
    assert "1 message waits since" in done.text
    assert (await client.post(f"/channels/letters/{letter}", data=csrf)).status_code == 404
    actions = await connection.fetch("select action from audit where action = 'outbox.again'")
    assert len(actions) == 1


@pytest.mark.network
async def test_what_cannot_be_tried_says_why(client: httpx.AsyncClient, services: Services) -> None:
    await add_user(services, "boss", role="administrator")
    csrf = await sign_in(client, "boss")
    sms = {"url": URL, "fields": {"t": "{text}"}}
    prompts = Wanted(name="prompts", channel="sms", actions=["prompt"], settings=sms)
    contact = {"contact": "mailto:duty@centre.example"}
    browsers = Wanted(name="browsers", channel="webpush", settings=contact)
    for wanted, said in ((prompts, "no number of its own"), (browsers, "each tries their own")):
        number = await services.outbox.set(1, wanted)
        answered = await client.post(f"/channels/{number}/try", data=csrf)
        assert answered.status_code == 409
        assert said in answered.text


@pytest.mark.network
async def test_the_page_is_for_administrators_and_every_post_needs_its_token(
    client: httpx.AsyncClient, services: Services
) -> None:
    number = await services.outbox.set(1, _email())
    await add_user(services, "sue", role="supervisor")
    await add_user(services, "boss", role="administrator")
    posts = ("/channels", f"/channels/{number}", f"/channels/{number}/switch",
             f"/channels/{number}/try", "/channels/letters/1")  # fmt: skip
    csrf = await sign_in(client, "sue")
    assert 'id="to-channels"' not in (await client.get("/organisations/1")).text
    for path in ("/channels", "/channels/new", f"/channels/{number}"):
        assert (await client.get(path)).status_code == 403
    for path in posts:
        assert (await client.post(path, data=csrf)).status_code == 403
    await sign_in(client, "boss")
    for path in posts:
        assert (await client.post(path, data={})).status_code == 403
    assert (await client.get("/channels/99")).status_code == 404
    assert (await client.get("/channels/new?channel=pigeon")).status_code == 404


@pytest.mark.network
async def test_who_looks_after_some_alone_sees_and_switches_and_sets_nothing(
    client: httpx.AsyncClient, services: Services
) -> None:
    number = await services.outbox.set(1, _email())
    await add_user(services, "boss", role="administrator", organisations=[1])
    csrf = await sign_in(client, "boss")
    page = (await client.get(f"/channels/{number}")).text
    assert "mail.example" not in page
    assert 'id="save"' not in page
    typed = {**csrf, "channel": "email", "name": "x", "organisation": "1", "set_host": "a.example",
             "set_sender": "a@a.example", "set_to": "b@a.example"}  # fmt: skip
    refused = await client.post("/channels", data=typed)
    assert (refused.status_code, "every organisation" in refused.text) == (422, True)
    await client.post(f"/channels/{number}/switch", data={**csrf, "on": ""})
    (line,) = (await client.get("/v1/outbox")).json()["destinations"]
    assert not line["enabled"]


def _email() -> Wanted:
    settings = {"host": "mail.example", "sender": "a@mail.example", "to": "b@mail.example"}
    return Wanted(name="duty", channel="email", settings=settings)
