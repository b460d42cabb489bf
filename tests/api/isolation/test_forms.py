"""Nobody changes what is another client's by the console's forms.

Each form is taken from the page on which whoever may post it finds it, with what its fields hold.
"""

import re

import asyncpg
from fastapi import FastAPI

from tests.api.isolation.forms import Form, forms
from tests.api.isolation.rows import changed, rows
from tests.api.isolation.test_reading import linked, same_as_nothing, shown
from tests.api.isolation.visits import Visit, pages, parameters
from tests.api.isolation.world import World

NAMED_WITHIN = {"/key-safe-looks", "/follow-ups", "/budgets"}
"""Forms that name a row in a field, and not in their address."""
ON_NO_PAGE: dict[str, dict[str, str]] = {
    "/alerts/{alert}/claim": {},  # which is in somebody's hands
    "/channels/{destination}": {"set_contact": "mailto:x@y.example"},  # for who has all of them
    "/cohorts/{cohort}": {"home": "{home}", "outcome": "contacted"},
    "/staff/{staff}/enable": {},  # who was not let go
    "/staff/{staff}/second-factor": {},
}
"""What is posted from pages as they are at another moment, with the fields that they have then."""


async def found_by(boss: Visit, app: FastAPI, world: World) -> list[Form]:
    """Every form that somebody finds, those that end the most last."""
    found: dict[tuple[str, str], Form] = {}
    asked = [path.format_map(world.things) for path in shown(app)]
    for path in [*asked, *(one for one in await linked(boss, app, world) if "?" in one)]:
        for form in forms((await boss.client.get(path)).text):
            found.setdefault((form.action, form.fields.get("do", "")), form)
    for path, fields in ON_NO_PAGE.items():
        action = path.format_map(world.things)
        assert (action, "") not in found, "it is on a page now"
        filled = {key: value.format_map(world.things) for key, value in fields.items()}
        found[action, ""] = Form(action, filled)
    return sorted(found.values(), key=lambda one: ("erase" in one.action, "dis" in one.action))


def route_of(action: str, app: FastAPI, world: World) -> tuple[str, dict[str, str]]:
    """The console's route that a form is posted to, and what the address names."""
    for method, path in pages(app):
        match = re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path), action)
        if method == "POST" and match and parameters(path) <= world.things.keys():
            return path, match.groupdict()
    raise AssertionError(action)


async def test_what_our_pages_have_to_be_posted_a_stranger_posts_in_vain(
    app: FastAPI,
    boss: Visit,
    world: World,
    strangers: list[Visit],
    connection: asyncpg.Connection,
) -> None:
    dead = "update outbox set state = 'dead', ended_at = now(), lease = null where id = $1"
    await connection.execute(dead, int(world.things["message"]))
    found = await found_by(boss, app, world)
    who = [one.staff for one in (*strangers, boss)]
    before, tried = await rows(connection, who), set[str]()
    for form in found:
        route, named = route_of(form.action, app, world)
        if not named and route not in NAMED_WITHIN:
            continue
        tried.add(route)
        absent = route.format_map({**world.absent, "action": named.get("action", "")})
        for stranger in strangers:
            told = f"{form.action} as {stranger.role}"
            answer = await stranger.post(form.action, form.fields)
            assert world.told(answer.text, but=form.action) == [], told
            if named:
                assert answer.status_code in {403, 404}, told
                other = await stranger.post(absent, form.fields)
                same_as_nothing({**world.things, **named}, world.absent, answer, other, told)
    assert changed(before, await rows(connection, who)) == []
    wanted = {path for method, path in pages(app) if method == "POST" and parameters(path)}
    assert sorted(wanted - tried) == [], "no page that is asked for has these"
    for form in found:
        if route_of(form.action, app, world)[0] in tried:
            answer = await boss.post(form.action, form.fields)
            assert answer.status_code in {200, 303, 409, 422}, form
