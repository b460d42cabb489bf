"""What the commands share: a database to work on, and how a failure ends."""

import argparse
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import asyncpg
import msgspec

from api.settings import Settings
from api.store.database import CONNECT_SECONDS, UNUSABLE, Connection
from api.store.embedded import EmbeddedError, embedded
from api.store.migrate import migrate, pending

WHOSE = (
    "Say whose homes they look after: --organisation NAME, which may be given again, "
    "or --everywhere for every organisation, those to come as well."
)


class Stop(Exception):  # noqa: N818 - the end of the command, said in one line
    """Something a person can mend."""


def add_whose(parser: argparse.ArgumentParser) -> None:
    """Whose homes a member of staff looks after: never all of them by saying nothing."""
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument(
        "--organisation", action="append", metavar="NAME",
        help="whose homes they look after; may be given again",
    )  # fmt: skip
    whose.add_argument(
        "--everywhere", action="store_true", help="of every organisation, those to come as well"
    )


@contextmanager
def database(settings: Settings) -> Iterator[Settings]:
    """The settings with a database to use: the given one, or one of its own while in use.

    Raises:
        Stop: The one of its own does not start.
    """
    if settings.database_url:
        yield settings
        return
    try:
        with embedded(settings.data_folder / "postgres") as url:
            yield msgspec.structs.replace(settings, database_url=url)
    except EmbeddedError as error:
        raise Stop(str(error)) from error


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Connection]:
    """A connection outside the pool, with the rights of the login.

    Raises:
        Stop: The database cannot be reached.
    """
    try:
        connection = await asyncpg.connect(settings.database_url, timeout=CONNECT_SECONDS)
    except UNUSABLE as error:
        where = urlsplit(settings.database_url).hostname or "its socket"
        raise Stop(f"cannot reach the database at {where}: {error}") from error
    try:
        yield cast("Connection", connection)
    finally:
        await connection.close()


async def migrated(settings: Settings, *, check: bool = False, finish: bool = False) -> list[str]:
    """Brings the database to this version; the names of what was, or is to be, applied.

    Args:
        settings: With a database.
        check: Only say what is missing.
        finish: Also what only this version can live with.

    Raises:
        Stop: The database cannot be reached.
        MigrationError: A newer version has been at it, or a file is not what was applied.
    """
    async with connected(settings) as connection:
        return await (pending if check else migrate)(connection, finish=finish)


def read_text(file: Path) -> str:
    """What a file says.

    Raises:
        Stop: It cannot be read, or is no text.
    """
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"{file}: cannot be read: {error}") from error
