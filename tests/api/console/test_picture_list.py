"""Which pictures there are: of every page one, and each shown to whoever reads of it."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from fastapi import FastAPI
from PIL import Image
from starlette.routing import BaseRoute, Mount, Route

import api.console
from tests.api.console.compare import packed
from tests.api.console.pictures import PICTURES, Picture
from tests.api.console.screenshots import IMAGES
from tests.conftest import ROOT

MOST_BYTES = 3 * 2**20
NO_PAGES = {"/", "/oidc/begin", "/oidc/callback", "/oidc/sign-out"}
"""They lead elsewhere."""
NO_HTML = {"/account/notifications/worker.js"}
NAMED = {picture.name: picture for picture in PICTURES}


def routed(routes: Iterable[BaseRoute]) -> Iterator[Route]:
    """Each address, those of included routers as well, in the order in which they are tried."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from routed(included.routes)
        elif isinstance(route, Mount):
            yield from routed(route.routes or [])
        elif isinstance(route, Route):
            yield route


def pages() -> list[Route]:
    """Every address of the console that answers with a page."""
    app = FastAPI(openapi_url=None)
    api.console.mount(app)
    kinds = [one for one in routed(app.routes) if "GET" in (one.methods or ())]
    return [one for one in kinds if one.path not in NO_PAGES | NO_HTML]


def page_of(picture: Picture) -> str:
    path = re.split(r"[?#]", picture.path)[0]
    return next(one.path for one in pages() if one.path_regex.match(path))


def test_every_page_has_a_picture() -> None:
    assert {one.path for one in pages()} - {page_of(picture) for picture in PICTURES} == set()


def test_every_picture_is_there_once_and_no_other() -> None:
    assert len(NAMED) == len(PICTURES)
    assert {file.stem for file in IMAGES.glob("*.png")} == set(NAMED)


def test_every_image_is_shown_in_some_document() -> None:
    texts = [(ROOT / "README.md"), *(ROOT / "docs").rglob("*.md")]
    shown = {
        (text.parent / path).resolve()
        for text in texts
        for path in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text.read_text("utf-8"))
    }
    assert {file.name for file in IMAGES.iterdir() if file.resolve() not in shown} == set()


def test_nobody_waits_long_for_the_pictures() -> None:
    assert sum(file.stat().st_size for file in IMAGES.iterdir()) < MOST_BYTES


def test_a_small_file_keeps_the_colours_of_areas(tmp_path: Path) -> None:
    drawn = Image.new("RGB", (200, 200), "#f2f5f6")
    for index, colour in enumerate(("#a81f1a", "#7d4f00", "#ffffff")):
        drawn.paste(colour, (index * 60, 20, index * 60 + 50, 90))
    file = tmp_path / "drawn.png"
    file.write_bytes(packed(drawn))
    assert Image.open(file).convert("RGB").tobytes() == drawn.tobytes()
