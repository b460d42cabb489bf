"""The pages over HTTP: who may see them, what they carry, how they refuse."""

import re
from pathlib import Path

import httpx
import pytest

import api.console
from api.console import static_files
from api.services import Services
from tests.api.support import PASSWORD

pytestmark = pytest.mark.network

ROOM = Path(api.console.__file__).parent
PAGES = (
    "/queue",
    "/homes",
    "/homes/h1",
    "/alerts/1",
    "/hub/h1",
    "/reports",
    "/shift",
    "/duties",
    "/wallboard",
    "/hand-over",
    "/cohorts",
    "/reablement",
    "/reablement/h1",
    "/styleguide",
)


@pytest.fixture
async def signed_in(client: httpx.AsyncClient, services: Services) -> httpx.AsyncClient:
    """A client that has signed in by the form."""
    await services.staff.add("dana", PASSWORD, name="First Operator")
    answer = await client.post(
        "/sign-in", data={"username": "dana", "password": PASSWORD, "next": "/homes"}
    )
    assert answer.status_code == httpx.codes.SEE_OTHER
    assert answer.headers["location"] == "/homes"
    return client


@pytest.mark.parametrize("path", PAGES)
async def test_nobody_sees_a_page_before_signing_in(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == httpx.codes.SEE_OTHER
    assert answer.headers["location"] == f"/sign-in?next={path}"


async def test_the_live_part_of_a_page_has_the_page_sign_in_again(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/queue", headers={"HX-Request": "true"})
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert answer.headers["hx-refresh"] == "true"
    assert answer.content == b""


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "queue", "/a\nb"]
)
async def test_signing_in_never_leads_away_from_the_console(
    client: httpx.AsyncClient, services: Services, elsewhere: str
) -> None:
    await services.staff.add("dana", PASSWORD)
    answer = await client.post(
        "/sign-in", data={"username": "dana", "password": PASSWORD, "next": elsewhere}
    )
    assert answer.headers["location"] == "/queue"


async def test_a_form_of_another_site_signs_nobody_in(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/sign-in", data={"username": "dana"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == httpx.codes.FORBIDDEN
    assert "That form was not accepted" in answer.text


@pytest.mark.parametrize("action", ["claim", "release", "note", "resolve"])
async def test_no_action_without_the_sessions_own_token(
    signed_in: httpx.AsyncClient, action: str
) -> None:
    answer = await signed_in.post(f"/alerts/1/{action}", data={"csrf_token": "guessed"})
    assert answer.status_code == httpx.codes.FORBIDDEN


async def test_guessing_is_slowed_and_says_for_how_long(
    client: httpx.AsyncClient, services: Services
) -> None:
    await services.staff.add("dana", PASSWORD)
    for _ in range(5):
        answer = await client.post("/sign-in", data={"username": "dana", "password": "guess"})
        assert "do not match" in answer.text
    answer = await client.post("/sign-in", data={"username": "dana", "password": PASSWORD})
    assert answer.status_code == httpx.codes.TOO_MANY_REQUESTS
    assert re.search(r"Wait \d+ min before you try again", answer.text)


@pytest.mark.parametrize("path", ["/queue", "/homes", "/sign-in", "/nowhere"])
async def test_every_answer_forbids_scripts_that_are_not_ours(
    signed_in: httpx.AsyncClient, path: str
) -> None:
    answer = await signed_in.get(path)
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_no_template_has_a_script_or_style_of_its_own() -> None:
    for file in (ROOM / "templates").iterdir():
        source = file.read_text("utf-8")
        assert not re.search(r"\sstyle\s*=", source), file.name
        assert not re.search(r"\son\w+\s*=", source), file.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", source), file.name
        assert not re.search(r"<style|javascript:|hx-on|js:", source), file.name
        assert not re.search(r"""(src|href|action)=["']https?:""", source), file.name


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/alerts/999", 404),
        ("/alerts/seven", 404),
        ("/alerts/99999999999999999999", 404),
        ("/homes/none", 404),
        ("/homes/%00", 404),
        ("/homes/a%2Fb", 404),
    ],
)
async def test_what_is_not_there_is_said_on_a_page(
    signed_in: httpx.AsyncClient, path: str, status: int
) -> None:
    answer = await signed_in.get(path)
    assert answer.status_code == status
    assert "Page not found" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_list_of_homes_leads_to_each(
    signed_in: httpx.AsyncClient, services: Services
) -> None:
    await services.claims.add_hub("h1", organisation=1, label="<Flat> 3")
    listed = await signed_in.get("/homes")
    assert "&lt;Flat&gt; 3" in listed.text
    assert 'href="/homes/h1"' in listed.text
    home = await signed_in.get("/homes/h1")
    assert "Nothing has been heard from this home" in home.text


async def test_a_home_is_shown_over_four_weeks_too_and_stays_so_when_it_is_brought_up_to_date(
    signed_in: httpx.AsyncClient, services: Services
) -> None:
    await services.claims.add_hub("h1", organisation=1)
    week = (await signed_in.get("/homes/h1")).text
    assert "The last 7 days, by room" in week
    assert 'href="/homes/h1?days=28#week"' in week
    longer = (await signed_in.get("/homes/h1?days=28")).text
    assert "The last 28 days, by room" in longer
    assert 'hx-get="/homes/h1?days=28"' in longer
    assert (await signed_in.get("/homes/h1?days=1000")).status_code == httpx.codes.NOT_FOUND


async def test_assets_are_kept_for_good_under_an_address_that_names_their_content(
    signed_in: httpx.AsyncClient,
) -> None:
    page = (await signed_in.get("/queue")).text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(addresses) > 5
    for address in addresses:
        asset = await signed_in.get(address)
        assert asset.status_code == httpx.codes.OK, address
        assert "immutable" in asset.headers["cache-control"]
    plain = await signed_in.get("/static/css/tokens.css")
    assert "immutable" not in plain.headers["cache-control"]


async def test_pages_are_there_even_where_the_assets_were_not_built(
    signed_in: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(static_files, "STATIC", tmp_path)
    static_files.address.cache_clear()
    assert (await signed_in.get("/queue")).status_code == httpx.codes.OK
    static_files.address.cache_clear()


async def test_when_the_database_is_away_the_page_says_so(
    signed_in: httpx.AsyncClient, services: Services
) -> None:
    services.database.url = "postgresql://127.0.0.1:1/none"
    await services.database.close()
    answer = await signed_in.get("/queue")
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "The centre cannot answer just now" in answer.text
    part = await signed_in.get("/queue", headers={"HX-Request": "true"})
    assert part.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert part.content == b""
