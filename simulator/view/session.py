"""A run that is watched: the street lives, the picture follows, and keys take effect."""

import argparse
import asyncio
import os
import sys
import time
from contextlib import ExitStack
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.live import Live
from rich.text import Text

from simulator.live.clock import LiveClock
from simulator.live.cost import Cost
from simulator.live.outputs import UsageError, engines, open_outputs, wanted_of
from simulator.live.session import begin, move_in, report, until_told
from simulator.live.setting import Setting
from simulator.live.street import LiveStreet
from simulator.view.actions import Actions
from simulator.view.board import Board
from simulator.view.keys import keys_in, single_keys
from simulator.view.screen import Scene, picture

_REDRAWN_S = 0.1


def watch(args: argparse.Namespace, setting: Setting, stack: ExitStack) -> None:
    """Lives as the arguments say, before somebody's eyes.

    Raises:
        UsageError: There is no terminal to draw on.
        BrokerError: A broker refuses us.
        OSError: A file cannot be read or written.
        ValueError: An episode does not fit its home.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("--view needs a terminal to draw on and keys to read: there is none here")
    if args.explain == "-":
        raise UsageError("--view shows reasons itself (key e); --explain FILE keeps them")
    scene = Scene(
        names=setting.names,
        residents=[],
        zone=ZoneInfo(setting.street.time_zone),
        detects=bool(args.engine or args.alerts),
    )
    board = Board(len(scene.names))
    outputs = open_outputs(args, setting, lambda text: setattr(scene, "note", text), stack)
    homes = move_in(setting, wanted_of(args, spoiled=True))
    scene.residents = [home.home.household.residents for home in homes]
    outputs.sinks.append(board)
    detecting = engines(args, setting, homes, stack, watched=board.raised)
    if detecting is not None:
        outputs.sinks.append(detecting)
    clock = LiveClock(setting.street.start, args.speed, time.monotonic)
    street = LiveStreet(homes, outputs.sinks, clock, time.monotonic)
    cost = Cost()
    begin(args, setting, clock)
    asyncio.run(_watched(args, street, scene, board))
    stack.close()
    report(args, setting, street, outputs, cost)


async def _watched(
    args: argparse.Namespace, street: LiveStreet, scene: Scene, board: Board
) -> None:
    actions, told = Actions(street, scene), until_told(args)
    console = Console()
    with (
        single_keys() as handle,
        Live(console=console, screen=True, auto_refresh=False, transient=True) as screen,
    ):
        loop = asyncio.get_running_loop()
        loop.add_reader(handle, lambda: _read(handle, actions))
        living = asyncio.ensure_future(street.run(lambda: actions.over or told()))
        try:
            while not living.done():
                _show(street, scene)
                lines = picture(scene, board, console.width, console.height)
                screen.update(Text("\n".join(lines), no_wrap=True), refresh=True)
                await asyncio.wait([living], timeout=_REDRAWN_S)
            await living
        finally:
            loop.remove_reader(handle)
            living.cancel()


def _read(handle: int, actions: Actions) -> None:
    for key in keys_in(os.read(handle, 64)):
        actions.press(key)


def _show(street: LiveStreet, scene: Scene) -> None:
    scene.at = street.at
    scene.speed, scene.paused = street.clock.speed, street.clock.paused
    late = street.clock.present() - street.at
    scene.lag_s = max(0.0, late / scene.speed) if scene.speed and not scene.paused else 0.0
