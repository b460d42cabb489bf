"""What the guide leaves out is drawn anew by the next page, a little differently."""

import re

import httpx
import pytest

from api.console.static_files import STATIC
from api.console.views.styleguide import Token, tokens
from api.services import Services
from tests.api.console.conftest import Desks
from tests.api.support import PASSWORD

pytestmark = pytest.mark.network

CSS = STATIC / "css"


@pytest.fixture
async def guide(client: httpx.AsyncClient, services: Services) -> str:
    await services.staff.add("dana", PASSWORD, name="First Operator")
    await client.post("/sign-in", data={"username": "dana", "password": PASSWORD, "next": "/"})
    answer = await client.get("/styleguide")
    assert answer.status_code == httpx.codes.OK
    return answer.text


async def test_who_has_not_signed_in_sees_no_guide(client: httpx.AsyncClient) -> None:
    answer = await client.get("/styleguide")
    assert answer.headers["location"] == "/sign-in?next=/styleguide"


async def test_every_component_and_every_token_is_in_the_guide(guide: str) -> None:
    components = set(re.findall(r"\.([a-z][a-z-]*)", (CSS / "components.css").read_text("utf-8")))
    classes = {name for one in re.findall(r'class="([^"]+)"', guide) for name in one.split()}
    assert components - classes - {"without-script"} == set()
    named = set(re.findall(r"<code>([a-z0-9-]+)</code>", guide))
    declared = set(re.findall(r"--([a-z0-9-]+):", (CSS / "tokens.css").read_text("utf-8")))
    assert declared - named == set()


def test_a_token_is_shown_once_with_what_it_usually_is() -> None:
    found = tokens(
        ":root {\n  --ink: light-dark(#15212a, #eaf0f3);\n  --space-1: 0.25rem;\n"
        "  --radius: 0.5rem;\n}\n@media (prefers-contrast: more) {\n  :root {\n"
        "    --ink: var(--line);\n  }\n}\n"
    )
    assert found.colours == [Token("ink", "light-dark(#15212a, #eaf0f3)")]
    assert (found.sizes, found.others) == (
        [Token("space-1", "0.25rem")], [Token("radius", "0.5rem")],
    )  # fmt: skip


@pytest.mark.asyncio(loop_scope="package")
async def test_the_guide_shows_the_colours_it_names_and_can_be_read_by_everybody(
    desks: Desks,
) -> None:
    dana = await desks("dana")
    await dana.go("/styleguide")
    drawn = await dana.page.evaluate(
        "Array.from(document.querySelectorAll('.swatch rect'), (one) => getComputedStyle(one).fill)"
    )
    assert len(set(drawn)) > 20, "each swatch is its token's colour, not black"
    assert await dana.axe("guide") == []
    assert dana.complaints == []
