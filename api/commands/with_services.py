"""The centre's services for a command, which serves nobody; and whose homes it is about."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.app import create_services
from api.audit.note import COMMAND
from api.commands.common import database, migrated
from api.organisations.service import Organisation
from api.services import Services
from api.settings import Settings

T = TypeVar("T")


def with_services(settings: Settings, work: Callable[[Services], Awaitable[T]]) -> T:
    """Does something with the services, over a database of this version; what came of it.

    Raises:
        Stop: There is no database to be had.
        MigrationError: It cannot be brought to this version.
    """

    async def run(at: Settings) -> T:
        await migrated(at)
        services = create_services(at, actor=COMMAND)
        try:
            await services.timekeeper.look()
            return await work(services)
        finally:
            await services.database.close()

    with database(settings) as at:
        return asyncio.run(run(at))


async def whose(services: Services, name: str | None) -> Organisation:
    """The organisation of a home: the one that is named, or the only one that there is.

    Raises:
        NotFound: There is none of that name.
        Invalid: None is named, and there are several.
    """
    if name is None:
        return await services.organisations.only()
    return (await services.organisations.named([name]))[0]
