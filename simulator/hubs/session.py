"""Hubs for a run: fitted, made known to the centre, and set to work."""

import argparse
import os
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from gateway.settings import Settings, url_problem
from simulator.hub_settings.typed import settings_of
from simulator.hubs.errors import JoinError
from simulator.hubs.fleet import Fleet, Neighbourhood
from simulator.hubs.joining import Codes, Desk, staff
from simulator.hubs.place import Identity
from simulator.live.lived import LivedHome
from simulator.live.setting import Setting
from simulator.progress import Progress


async def join_centre(
    args: argparse.Namespace,
    setting: Setting,
    homes: Sequence[LivedHome],
    say: Callable[[str], None],
    stack: AsyncExitStack,
) -> Fleet:
    """A virtual hub for each home, at work.

    Args:
        args: Of the command.
        setting: What is lived.
        homes: In its order.
        say: Told how the hubs stand with the centre.
        stack: Ends them.

    Raises:
        JoinError: The centre cannot be reached, or will not have one.
        HubError: A key or journal cannot be used.
        OSError: A file cannot be read or written.
    """
    if wrong := url_problem(args.centre):
        raise JoinError(f"--centre {wrong}")

    def settings(index: int, identity: Identity) -> Settings:
        home = homes[index]
        return settings_of(
            identity.home,
            setting.dialects(home.name),
            hub=identity.hub,
            time_zone=setting.street.time_zone,
            people=home.home.household.residents,
            centre=args.centre,
            clock="wall",
        )

    street = Neighbourhood(setting.names, setting.street.time_zone, setting.street.start, settings)
    fleet = await stack.enter_async_context(Fleet(args.centre, street, args.folder, say))
    async with AsyncExitStack() as at_the_desk:
        desk = await _desk(args, at_the_desk)
        with Progress("joining the centre", len(homes), unit="steps") as progress:
            await fleet.join(desk, progress.advance)
    return fleet


async def _desk(args: argparse.Namespace, stack: AsyncExitStack) -> Desk:
    if args.codes:
        return Codes(args.codes, args.codes.read_text("utf-8").splitlines())
    if database := os.environ.get("DATABASE_URL"):
        return await stack.enter_async_context(staff(database))
    return _Nobody()


class _Nobody:
    """For hubs that the centre knows already."""

    async def code(self, home: str, time_zone: str) -> str:
        """There is none."""
        del time_zone
        raise JoinError(
            f"the hub of {home} is new to the centre: set DATABASE_URL to the centre's database, "
            "or give --codes FILE with codes that `telecare-api add-hub` has printed"
        )
