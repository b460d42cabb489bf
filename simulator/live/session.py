"""One run: homes are moved into, lived in before all who listen, and what came of it is said."""

import argparse
import asyncio
import gc
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack

from simulator.live.arguments import setting_of
from simulator.live.clock import NEVER, LiveClock
from simulator.live.cost import Cost
from simulator.live.lived import LivedHome
from simulator.live.outputs import Outputs, UsageError, engines, open_outputs, wanted_of
from simulator.live.setting import Setting
from simulator.live.street import LiveStreet
from simulator.live.telling import Wanted
from simulator.living.cli import write_truth
from simulator.living.episodes.episode import DAY_S
from simulator.living.street import begun, too_late
from simulator.progress import Progress
from simulator.sinks.meter import Meter

_MANY = 50  # homes, from where on moving in is worth a bar


def live(args: argparse.Namespace) -> None:
    """Lives as the arguments say.

    Raises:
        ScenarioError: The scenario cannot be played.
        UsageError: The arguments do not go together.
        BrokerError: A broker refuses us.
        OSError: A file cannot be read or written.
        ValueError: An episode does not fit its home.
    """
    setting = _setting(args)
    _forewarn(args, setting)
    with ExitStack() as stack:
        if args.view:
            from simulator.view.session import watch  # noqa: PLC0415 - rich takes its time

            watch(args, setting, stack)
            return
        _live_unseen(args, setting, stack)


def move_in(setting: Setting, wanted: Wanted) -> list[LivedHome]:
    """All homes of a setting, ready to be lived in.

    Raises:
        ValueError: An episode does not fit its home.
    """
    steps = len(setting.numbers) if len(setting.numbers) > _MANY else 0
    homes = []
    with ExitStack() as stack:
        bar = stack.enter_context(Progress("moving in", steps, unit="steps")) if steps else None
        for number in setting.numbers:
            homes.append(setting.lived(number, wanted))
            if bar is not None:
                bar.advance()
    # Homes stay to the end: looking through millions of their parts for garbage, again and again,
    # would hold everything up for a second at a time.
    gc.collect()
    gc.freeze()
    return homes


def begin(args: argparse.Namespace, setting: Setting, clock: LiveClock) -> None:
    """Lets life begin, once nothing more is in its way; only then it is true what befalls whom.

    Raises:
        OSError: The truth cannot be written.
    """
    if args.truth:
        write_truth(args.truth, begun(setting.truth(), setting.end)[0])
    clock.begin()


def until_told(args: argparse.Namespace) -> Callable[[], bool]:
    """Whether the time asked for is over."""
    if args.seconds is None:
        return lambda: False
    end = time.monotonic() + args.seconds
    return lambda: time.monotonic() >= end


def _live_unseen(args: argparse.Namespace, setting: Setting, stack: ExitStack) -> None:
    start, end = setting.street.start, setting.end
    days = 0.0 if end == NEVER else (end - start) / DAY_S
    title = f"living in {_which(setting)}"
    progress = stack.enter_context(Progress(title, days, unit="days"))
    outputs = open_outputs(args, setting, progress.say, stack)
    homes = move_in(setting, wanted_of(args, spoiled=setting.spoiled))
    if (detecting := engines(args, setting, homes, stack)) is not None:
        outputs.sinks.append(detecting)
    outputs.sinks.append(Meter(progress, start, end))
    street = LiveStreet(
        homes, outputs.sinks, LiveClock(start, args.speed, time.monotonic), time.monotonic
    )
    cost = asyncio.run(_run(args, setting, street, progress.say))
    stack.close()
    report(args, setting, street, outputs, cost)


async def _run(
    args: argparse.Namespace, setting: Setting, street: LiveStreet, say: Callable[[str], None]
) -> Cost:
    async with AsyncExitStack() as stack:
        if args.centre:
            from simulator.hubs.session import join_centre  # noqa: PLC0415 - brings the centre's code

            street.listen(await join_centre(args, setting, street.homes, say, stack))
        cost = Cost()
        begin(args, setting, street.clock)
        await street.run(until_told(args))
        return cost


def report(
    args: argparse.Namespace, setting: Setting, street: LiveStreet, outputs: Outputs, cost: Cost
) -> None:
    """Says what came of a run."""
    untold = sum((home.untold for home in street.homes), Counter[str]())
    for reason, number in sorted(untold.items()):
        sys.stderr.write(f"{number:,} events not told: {reason}\n")
    events = sum(home.events for home in street.homes)
    messages = sum(home.messages for home in street.homes)
    told = f"{_which(setting)}: {events:,} events"
    if outputs.brokers is not None:
        told += f" in {messages:,} messages, all acknowledged"
    sys.stdout.write(told + "\n")
    if args.report:
        slowest = outputs.brokers.slowest_s if outputs.brokers else street.lag.worst_s
        sys.stderr.write(cost.in_words(len(street.homes), slowest) + "\n")


def _which(setting: Setting) -> str:
    names = setting.names
    return names[0] if len(names) == 1 else f"{len(names):,} homes"


def _setting(args: argparse.Namespace) -> Setting:
    try:
        setting = setting_of(args)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if setting.days is None and args.seconds is None and args.speed == 0:
        raise UsageError("without waiting it would never end: say how long by --days or --seconds")
    wanted_of(args, spoiled=False)
    return setting


def _forewarn(args: argparse.Namespace, setting: Setting) -> None:
    """Says what the end leaves out, and what the speed does to homes whose devices tell no time."""
    if never := begun(setting.truth(), setting.end)[1]:
        sys.stderr.write(too_late(never) + "\n")
    if args.broker and args.speed != 1 and not setting.tells_time:
        sys.stderr.write(
            "some devices tell no time: a hub dates what it hears on arrival. "
            "Only --speed 1 keeps the times.\n"
        )
