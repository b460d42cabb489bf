"""`telecare-api serve`: the centre, until it is told to stop."""

import argparse
import asyncio
import errno

from api.commands.common import Stop, database, migrated
from api.serve import bind, serve
from api.settings import ALLOWED, Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments; where given, they stand above the settings."""
    parser.add_argument("--host", help=ALLOWED["host"])
    parser.add_argument("--port", type=int, help=ALLOWED["port"])


def run(_: argparse.Namespace, settings: Settings) -> int:
    """Binds first, so that a taken port is told before a database is started."""
    try:
        bound = bind(settings.host, settings.port)
    except (OSError, UnicodeError) as error:  # the latter of a host that no resolver takes
        where = f"{settings.host}:{settings.port}"
        why = getattr(error, "strerror", None) or "no such host"
        raise Stop(f"cannot listen on {where}: {why}. Choose another {_other(error)}.") from error
    with bound, database(settings) as at:

        async def work() -> None:
            await migrated(at)
            await serve(at, bound)

        asyncio.run(work())
    return 0


def _other(error: Exception) -> str:
    return "port" if getattr(error, "errno", None) in {errno.EADDRINUSE, errno.EACCES} else "host"
