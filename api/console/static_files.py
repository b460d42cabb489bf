"""The console's own files: addressed by their content, so that a browser may keep them for good."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).resolve().parent / "static"

_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_A_WHILE = "public, max-age=3600"


@cache
def address(name: str) -> str:
    """Where the browser fetches a file of `static/`; the address changes with the content.

    Pages work without the fetched assets, if less well, so a missing file is no fault here.
    """
    file = STATIC / name
    if not file.is_file():
        return f"/static/{name}"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


class Assets(StaticFiles):
    """Static files that say how long they may be kept."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be kept for good where its address names its content."""
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = _FOR_GOOD if versioned else _FOR_A_WHILE
        return response
