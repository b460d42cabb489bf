"""How virtual hubs become known to a centre: by codes, as any hub; staff give them, or a file."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

import httpx
import msgspec

from api.app import create_services
from api.clock import utc_now
from api.services import Services
from api.settings import Settings
from gateway.uplink.centre import Centre, problem
from gateway.uplink.key import public_text
from simulator.hubs.errors import JoinError
from simulator.hubs.place import Identity, Place


class Desk(Protocol):
    """Who gives a code for a home's hub."""

    async def code(self, home: str, time_zone: str) -> str:
        """A one-time code.

        Raises:
            JoinError: There is none.
        """
        ...


class Staff:
    """Adds hubs at the centre as its staff do, through its own services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def code(self, home: str, time_zone: str) -> str:
        """Adds a hub, and the home where it is new."""
        invitation = await self._services.claims.add_hub(home, organisation=1, time_zone=time_zone)
        return invitation.code


class Codes:
    """Codes that somebody has written down, one on each line."""

    def __init__(self, file: Path, lines: Sequence[str]) -> None:
        self._file = file
        self._left: Iterator[str] = iter([line.strip() for line in lines if line.strip()])

    async def code(self, home: str, time_zone: str) -> str:
        """The next one."""
        del time_zone
        found = next(self._left, None)
        if found is None:
            raise JoinError(f"{self._file}: holds no code any more for the hub of {home}")
        return found


@asynccontextmanager
async def staff(database: str) -> AsyncIterator[Staff]:
    """The centre's staff, by way of its database."""
    services = create_services(Settings(database_url=database, connections=2), utc_now)
    try:
        yield Staff(services)
    finally:
        await services.database.close()


async def join(place: Place, centre: Centre, desk: Desk, home: str, time_zone: str) -> Identity:
    """Who a hub is to the centre: as it was before, or newly claimed.

    Raises:
        JoinError: The centre cannot be reached, or will not have it.
        HubError: The hub's key cannot be used.
        ValueError: What was kept of it cannot be read.
    """
    known = place.known()
    if known is not None:
        return known
    code = await desk.code(home, time_zone)
    try:
        response = await centre.claim(code, public_text(place.key()))
    except httpx.HTTPError as error:
        said = f"{type(error).__name__}: {error}".removesuffix(": ")
        raise JoinError(f"the centre cannot be reached: {said}") from error
    if response.status_code not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        raise JoinError(f"no hub for {home}: {problem(response)}")
    try:
        claimed = msgspec.json.decode(response.content, type=Identity)
    except msgspec.DecodeError as error:
        raise JoinError(f"no hub for {home}: the answer is no claim: {error}") from error
    place.remember(claimed)
    return claimed
