"""The board on the wall, the page of a shift and its hand-over, over HTTP and a real database."""

import re
from datetime import timedelta

import httpx
import pytest

from api.identity.people import Member
from api.people.spell import SpellKind, SpellRequest
from api.response.follow_ups import AddFollowUp
from api.services import Services
from contract import Outcome
from tests.api.support import NOON, PASSWORD, SettableClock, add_alert, add_device, add_user

pytestmark = pytest.mark.network

LABEL = "Flat 9, Orchard <Rise>"


async def sign_in(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.post("/sign-in", data={"username": name, "password": PASSWORD})
    assert answer.status_code == httpx.codes.SEE_OTHER


@pytest.fixture
async def boss(services: Services) -> Member:
    return await add_user(services, "sue", role="supervisor", organisations=[1])


def words(page: httpx.Response) -> str:
    assert page.status_code == httpx.codes.OK, page.text
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


async def test_the_board_tells_how_many_wait_and_how_long_and_names_no_home(
    client: httpx.AsyncClient, services: Services, clock: SettableClock, boss: Member
) -> None:
    device = await add_device(services, "orchard", label=LABEL)
    await sign_in(client, "sue")
    calm = words(await client.get("/wallboard"))
    assert "Urgent 0 waiting Nothing waits" in calm
    assert "None yet" in calm

    await add_alert(services, device, condition="help_button", severity="urgent")
    second = await add_alert(services, device, seq=2, condition="possible_fall", severity="urgent")
    await services.alerts.claim(second, boss)  # with the home's other one
    other = await add_device(services, "elm", label="Elm House")
    await add_alert(services, other, condition="help_button", severity="urgent")
    clock.move(seconds=59)
    assert "1 waits longer" not in words(await client.get("/wallboard"))
    clock.move(seconds=1)
    board = await client.get("/wallboard")
    shown = words(board)
    assert "Urgent 1 waiting Longest: 1 min 1 waits longer than promised" in shown
    assert "2 in hand" in shown
    # What a claim took along is looked at only once its holder opens it.
    assert "33.3% Promised: 97.5% within 60 s" in shown
    assert 'class="figure missed"' in board.text
    for name in (LABEL, "Flat 9", "orchard", "Elm", "elm", "Help button"):
        assert name not in board.text.replace("Sue B", "")


async def test_the_board_counts_only_whom_one_looks_after(
    client: httpx.AsyncClient, services: Services
) -> None:
    device = await add_device(services, "h1", organisation=1)
    await add_alert(services, device, condition="help_button", severity="urgent")
    there = await services.organisations.add("Elsewhere")
    await add_user(services, "eve", role="supervisor", organisations=[there.organisation])
    await sign_in(client, "eve")
    board = words(await client.get("/wallboard"))
    assert "Urgent 0 waiting" in board
    assert "0 hubs are heard" in board
    assert "0 hubs were never heard" in words(await client.get("/shift"))
    assert "Nobody has an alert." in words(await client.get("/hand-over"))


async def test_work_by_name_is_for_who_answers_for_the_shift_alone(
    client: httpx.AsyncClient, services: Services, clock: SettableClock, boss: Member
) -> None:
    ann = await add_user(services, "ann", organisations=[1])
    device = await add_device(services, "h1")
    ended = await add_alert(services, device)
    await services.alerts.claim(ended, ann)
    await services.alerts.resolve(ended, ann, Outcome.FALSE_ALARM)
    held = await add_alert(services, device, seq=2, condition="fall_risk")
    await services.alerts.claim(held, ann)
    clock.move(hours=2)
    await sign_in(client, "ann")
    refused = await client.get("/shift")
    assert refused.status_code == httpx.codes.FORBIDDEN
    assert "Ann B" not in (await client.get("/wallboard")).text.partition("<main")[2]

    client.cookies.clear()
    await sign_in(client, "sue")
    shown = words(await client.get("/shift"))
    [row] = re.findall(r"Ann B Operator ([\d ]+)", shown)
    assert row.split()[:5] == ["1", "0", "2", "1", "3"]  # has, waits, taken, ended, steps
    assert boss.name in shown.partition("<main")[0]
    assert "Sue B Supervisor" not in shown  # she did nothing


async def test_the_next_shift_reads_what_is_open_paused_due_and_done(
    client: httpx.AsyncClient, services: Services, clock: SettableClock, boss: Member
) -> None:
    ann = await add_user(services, "ann", organisations=[1])
    device = await add_device(services, "orchard", label=LABEL)
    done = await add_alert(services, device)
    await services.alerts.claim(done, ann)
    await services.alerts.resolve(done, ann, Outcome.KNOWN_REASON)
    held = await add_alert(services, device, seq=2, condition="fall_risk")
    await services.alerts.claim(held, ann)
    await services.alerts.suspend(held, ann, NOON + timedelta(minutes=90))
    elm = await add_device(services, "elm", label="Elm House")
    await add_alert(services, elm, condition="help_button", severity="urgent")
    stay = SpellRequest(kind=SpellKind.HOSPITAL, until=NOON + timedelta(days=7))
    await services.people.spells.set("elm", stay, boss)
    await services.people.spells.look()
    task = AddFollowUp(home="elm", due_on=NOON.date(), what="Ring the ward", assignee="ann")
    await services.response.follow_ups.add(boss, task)
    clock.move(minutes=5)

    await sign_in(client, "sue")
    page = await client.get("/hand-over")
    shown = words(page)
    assert "Flat 9, Orchard &lt;Rise&gt; Ann B waits until 13:30 GMT" in shown
    assert "Help button pressed, Elm House for 5 min" in shown
    assert "Elm House Hospital, until Tue 17 Mar 12:00 GMT" in shown
    assert "due 10 Mar, Ann B Ring the ward" in shown
    assert "A known reason, Ann B, 12:00 GMT" in shown
    assert f'href="/alerts/{held}"' in page.text

    clock.move(hours=9)
    assert "Nothing was ended." in words(await client.get("/hand-over"))
    assert "A known reason" in words(await client.get("/hand-over?hours=12"))
    assert (await client.get("/hand-over?hours=999999")).status_code == httpx.codes.NOT_FOUND


async def test_who_reads_the_hand_over_is_in_the_audit_log(
    client: httpx.AsyncClient, services: Services, boss: Member
) -> None:
    await sign_in(client, "sue")
    await client.get("/hand-over")
    async with services.database.transaction(boss.reach) as connection:
        found = await connection.fetchval(
            "select count(*) from audit where action = 'shift.read' and actor = $1", boss.actor
        )
    assert found == 1
