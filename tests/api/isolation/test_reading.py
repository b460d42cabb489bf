"""Nobody learns by asking what is another client's, nor even that it is there.

Every address of the OpenAPI document and of the console's own routers is asked for, with rows that
there really are. Whoever may see them does, or the test could not fail.
"""

import html
import re

import asyncpg
import httpx
from fastapi import FastAPI

from api.identity.doors import OPEN
from api.identity.permissions import Role
from tests.api.isolation.rows import changed, rows
from tests.api.isolation.visits import LIVE, Visit, addresses, pages, parameters
from tests.api.isolation.world import WORDS, World

ONE_S_OWN = {"job"}
"""What is nobody's but whose it is, also within an organisation."""
NOTHING_OF_OURS = {
    "/v1/exports",
    "/v1/fhir/metadata",
    "/v1/fhir/$export",
    "/v1/outcomes",
    "/v1/push/key",
    "/v1/second-factor",
    "/v1/push/subscriptions",
}
"""Lists that have no word of any client in them."""


def reads(app: FastAPI) -> list[tuple[str, str]]:
    """Path and whom it is for."""
    return [
        (path, whom) for method, path, whom in addresses(app)
        if method == "GET" and whom != OPEN and path != LIVE
    ]  # fmt: skip


def test_every_parameter_of_an_address_has_a_row_that_there_really_is(
    app: FastAPI, world: World
) -> None:
    wanted = set().union(*(parameters(path) for _, path, _ in addresses(app)))
    wanted |= set().union(*(parameters(path) for _, path in pages(app)))
    assert sorted(wanted - world.things.keys()) == [], "world.py has none of these yet"
    assert sorted(world.things.keys() - wanted) == [], "these are no longer asked for"
    assert [name for name, value in world.things.items() if value in {"", "None"}] == []
    assert not {*world.things.values()} & {
        value for name, value in world.absent.items() if name not in WORDS
    }


async def test_to_a_stranger_what_is_ours_is_as_if_it_were_not_there(
    app: FastAPI, world: World, strangers: list[Visit], connection: asyncpg.Connection
) -> None:
    who = [one.staff for one in strangers]
    before = await rows(connection, who)
    for path, whom in reads(app):
        for stranger in strangers:
            await _ask(stranger, world, path, whom)
    assert changed(before, await rows(connection, who)) == []


async def _ask(stranger: Visit, world: World, path: str, whom: str) -> None:
    told = f"{path} as {stranger.role}"
    answer = await stranger.ask("GET", path.format_map(world.things))
    assert answer is not None
    assert answer.status_code == 403 or stranger.may(whom), told
    if not parameters(path) - WORDS:
        assert world.told(answer.text) == [], told
        return
    empty = answer.text == "[]"  # what hubs were told is a list, also of a hub that there is not
    assert empty or answer.status_code == (404 if stranger.may(whom) else 403), told
    if not stranger.may(whom):  # which was said before anything was looked for
        return
    other = await stranger.ask("GET", path.format_map(world.absent))
    same_as_nothing(world.things, world.absent, answer, other, told)
    mixed = {**world.things, **world.theirs}  # what is ours, sought in what is theirs
    if parameters(path) - world.theirs.keys() - WORDS:
        answer = await stranger.ask("GET", path.format_map(mixed))
        assert answer is not None
        assert answer.status_code == 404, told
        other = await stranger.ask("GET", path.format_map({**world.absent, **world.theirs}))
        same_as_nothing(world.things, world.absent, answer, other, told)


def same_as_nothing(
    things: dict[str, str],
    absent: dict[str, str],
    answer: httpx.Response,
    other: httpx.Response | None,
    told: str,
) -> None:
    """That one answer is the other but for what was asked for."""
    assert other is not None
    expected = said(other)
    for name, value in absent.items():
        if name not in WORDS:
            expected = expected.replace(value, things[name])
    assert said(answer) == expected, told


def said(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.headers.get('location')}\n{answer.text}"


async def test_whoever_may_see_what_is_ours_does(
    app: FastAPI, boss: Visit, world: World, ours: list[Visit]
) -> None:
    seen: set[str] = set()
    for path, whom in reads(app):
        asked = path.format_map(world.things)
        for one in ours:
            answer = await one.ask("GET", asked)
            assert answer is not None
            own = not parameters(path) & ONE_S_OWN
            expected = (200 if own else 404) if one.may(whom) else 403
            if path != "/v1/fhir/$export":  # which only begins something, where that is said
                assert answer.status_code == expected, f"{path} as {one.role}: {answer.text}"
        answer = await boss.client.get(asked, headers={"Prefer": "respond-async"})
        assert answer.is_success, f"{path}: {answer.text}"
        if world.told(answer.text, but=asked):
            seen.add(path)
    lists = {path for path, _ in reads(app) if not parameters(path)}
    assert lists - seen == NOTHING_OF_OURS, "who may see it does, so that a leak would be seen"


def shown(app: FastAPI) -> list[str]:
    return [path for method, path in pages(app) if method == "GET" and "/oidc/" not in path]


async def test_no_page_of_the_console_shows_a_stranger_what_is_ours(
    app: FastAPI, world: World, strangers: list[Visit], connection: asyncpg.Connection
) -> None:
    who = [one.staff for one in strangers]
    before = await rows(connection, who)
    assert len(shown(app)) > 30
    for path in shown(app):
        for stranger in strangers:
            told = f"{path} as {stranger.role}"
            answer = await stranger.client.get(path.format_map(world.things))
            if not parameters(path):
                assert world.told(answer.text) == [], told
                continue
            assert answer.status_code in {303, 403, 404}, told
            other = await stranger.client.get(path.format_map(world.absent))
            same_as_nothing(world.things, world.absent, answer, other, told)
    assert changed(before, await rows(connection, who)) == []


async def test_every_page_of_the_console_is_there_for_whoever_may_see_it(
    app: FastAPI, boss: Visit, world: World, ours: list[Visit]
) -> None:
    for path in shown(app):
        asked = path.format_map(world.things)
        for one in ours:
            answer = await one.client.get(asked)
            assert answer.status_code in {200, 303, 403}, f"{path} as {one.role}"
        answer = await boss.client.get(asked)
        if parameters(path):
            assert answer.status_code == 200, path
            assert world.told(answer.text, but=asked), f"{path} has something of ours"


async def test_a_guest_is_shown_no_page_and_no_answer(app: FastAPI, world: World) -> None:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://centre") as guest:
        for path in [*(path for path, _ in reads(app)), *shown(app)]:
            answer = await guest.get(path.format_map(world.things))
            assert answer.status_code in {200, 303, 401}, path
            assert world.told(answer.text, but=path.format_map(world.things)) == [], path
            assert answer.status_code != 200 or not parameters(path), path


async def linked(boss: Visit, app: FastAPI, world: World) -> list[str]:
    """Where the pages that somebody sees lead, within the console."""
    links = set[str]()
    for path in shown(app):
        text = (await boss.client.get(path.format_map(world.things))).text
        links |= {html.unescape(one) for one in re.findall('href="(/[^"#]*)', text)}
    return sorted(one for one in links if not one.startswith("/static/"))


async def test_links_that_our_pages_have_lead_a_stranger_to_nothing_of_ours(
    app: FastAPI, boss: Visit, world: World, strangers: list[Visit]
) -> None:
    """Also what stands behind a question mark, which no router tells of."""
    stranger = next(one for one in strangers if one.role == Role.ADMINISTRATOR)
    asked = await linked(boss, app, world)
    assert sum("?" in one for one in asked) > 10
    for link in asked:
        answer = await stranger.client.get(link)
        assert world.told(answer.text, but=link) == [], link
