"""A real OpenID provider for tests, in a process of its own; see `server.mjs`."""

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.api.timescale.database import _PATH, program

HERE = Path(__file__).parent
SECRET = "known to both"

PEOPLE: dict[str, dict[str, Any]] = {
    "u-1": {
        "preferred_username": "Olga", "name": "Olga O", "groups": ["ops", "acme"],
        "email": "olga@example.org", "email_verified": True,
    },
    "u-2": {"preferred_username": "boss", "name": "Bo S", "groups": ["bosses"], "amr": ["mfa"]},
    "u-3": {"preferred_username": "newcomer", "name": "N", "groups": ["acme"]},
    "u-4": {"preferred_username": "lost", "name": "L", "groups": ["ops"]},
    "u-5": {"name": "Nameless", "groups": ["ops", "acme"], "email": "x@example.org",
            "email_verified": False},
}  # fmt: skip


def fetch_packages() -> None:
    """Brings the locked packages, where they are not yet here."""
    if (HERE / "node_modules" / "oidc-provider").is_dir():
        return
    npm = program("npm")
    assert npm is not None
    subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=HERE, env={**os.environ, "PATH": _PATH}, check=True,
    )  # fmt: skip


class RealProvider:
    """A running provider that knows `PEOPLE` and one centre.

    Args:
        centre: By which address browsers reach it.
    """

    def __init__(self, centre: str) -> None:
        self._wanted = {"centre": centre, "secret": SECRET, "people": PEOPLE}

    def __enter__(self) -> Self:
        node = program("node")
        assert node is not None
        self._process = subprocess.Popen(
            [node, "server.mjs"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        port = self._say(json.dumps(self._wanted))
        self.issuer = f"http://127.0.0.1:{port}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=30)  # closes its input, which ends it

    def rotate(self) -> None:
        """Signs with other keys from now on."""
        self._say("rotate")

    def change(self, **people: dict[str, Any]) -> None:
        """Has other claims for somebody from now on."""
        self._say(json.dumps({name.replace("_", "-"): one for name, one in people.items()}))

    def _say(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


async def visit(address: str, who: str) -> dict[str, str]:
    """Signs in at the provider as a browser does; what it sends the browser back with."""
    async with httpx.AsyncClient(follow_redirects=True) as browser:
        form = await browser.get(address)
        assert "/interaction/" in f"{form.url}", form.text
        browser.follow_redirects = False
        answer = await browser.post(form.url, data={"who": who})
        while "/oidc/callback" not in answer.headers["location"]:
            answer = await browser.get(answer.headers["location"])
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))
