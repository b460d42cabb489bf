"""No number that somebody types or follows, however long, ends in a fault of the centre's own.

An identity of the database ends at 2**63 - 1, and Python reads no number of thousands of digits.
"""

from urllib.parse import parse_qsl

import pytest
from fastapi import FastAPI

from tests.api.isolation.forms import Form
from tests.api.isolation.test_forms import found_by
from tests.api.isolation.test_reading import linked
from tests.api.isolation.visits import Visit, pages, parameters
from tests.api.isolation.world import World

pytestmark = pytest.mark.network

BEYOND = (f"{2**31}", f"{2**63 - 1}", "9" * 20, "9" * 5000)
ON_NO_PAGE = [
    Form("/key-safe-looks", {"look": "1"}),
    Form("/account/tokens", {"name": "bot", "scope-alerts:read": "on", "days": "1"}),
    Form("/places", {"organisation": "1", "home": "h-numbers", "label": ""}),
]
"""With what they have where the world has nothing to show them for."""


async def test_an_address_with_a_number_that_nothing_has_is_one_of_nothing(
    app: FastAPI, boss: Visit, world: World
) -> None:
    asked = 0
    for method, path in pages(app):
        for name in parameters(path) & world.things.keys():
            for number in BEYOND:
                where = path.format_map({**world.things, name: number})
                fields = {"csrf_token": boss.csrf} if method == "POST" else None
                answer = await boss.client.request(method, where, data=fields)
                told = f"{method} {path} with {name} {number:.30}"
                assert answer.status_code < 500, told
                asked += 1
    assert asked > 200


async def test_a_form_whose_number_was_tampered_with_is_refused_and_no_fault(
    app: FastAPI, boss: Visit, world: World
) -> None:
    numbers = set()
    for form in [*await found_by(boss, app, world), *ON_NO_PAGE]:
        for name, value in form.fields.items():
            if not value.isdecimal():
                continue
            numbers.add(name)
            for number in BEYOND:
                answer = await boss.post(form.action, {**form.fields, name: number})
                told = f"{form.action} with {name} {number:.30}"
                assert answer.status_code < 500, told
    assert {"look", "version", "organisation", "seen"} <= numbers


async def test_a_link_whose_number_was_tampered_with_is_refused_and_no_fault(
    app: FastAPI, boss: Visit, world: World
) -> None:
    names = set()
    for link in await linked(boss, app, world):
        where, _, query = link.partition("?")
        asked = dict(parse_qsl(query))
        for name, value in asked.items():
            if not value.isdecimal():
                continue
            names.add(name)
            for number in BEYOND:
                answer = await boss.client.get(where, params={**asked, name: number})
                assert answer.status_code < 500, f"{where} with {name} {number:.30}"
    assert len(names) > 2, names
