"""`telecare-simulator run`: a life in a made-up home, told live by its devices."""

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from contract import SensorEvent
from simulator.arguments import day, positive, speed
from simulator.devices.cast import Cast, Part
from simulator.living.cli import episode
from simulator.living.episode_spec import HELP
from simulator.living.episodes.episode import DAY_S
from simulator.living.home import Home
from simulator.living.street import made_up_home
from simulator.playing.arguments import add_broker, address
from simulator.playing.cli import report, voice
from simulator.playing.pace import Pace
from simulator.playing.player import Played, play
from simulator.playing.publisher import Address, BrokerError, Publisher
from simulator.progress import Progress

_LONGEST_BOIL_S = 300.0

_EPILOG = f"""\
{HELP}
examples
  telecare-simulator run --home home1 --broker localhost --days 1
  telecare-simulator run --home home3 --broker localhost --days 60 --start 2026-03-01 \\
      --speed 3600 --episode uti:home3:day40

At speed 1, from now on, a hub lives by its own clock. At any other speed let it keep time by its
events: `telecare-simulator hub-settings --home HOME` prints settings for either.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument(
        "--home", type=number_of_home, default=1, metavar="HOME", help="home1, home2 ... (home1)"
    )
    parser.add_argument("--seed", type=positive, default=1, metavar="N", help="which homes (1)")
    parser.add_argument("--days", type=positive, required=True, metavar="D", help="how long")
    parser.add_argument("--start", type=day, metavar="DATE", help="midnight UTC; by default now")
    parser.add_argument(
        "--speed", type=speed, default=1.0, metavar="S", help="times life (1); 0: no waiting"
    )
    parser.add_argument(
        "--episode", type=episode, action="append", default=[], metavar="EPISODE", help="see above"
    )
    add_broker(parser)


def number_of_home(text: str) -> int:
    """The number in `home3`."""
    number = text.removeprefix("home")
    if number == text or not (number.isascii() and number.isdigit() and int(number) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no made-up home like home1")
    return int(number)


def run(args: argparse.Namespace) -> int:
    """Lives, and says what came of it."""
    start = args.start or datetime.now(UTC)
    try:
        home = made_up_home(
            args.home, seed=args.seed, start=start.timestamp(), planned=args.episode
        )
        played = _live(args, home, address(args))
    except (BrokerError, OSError, ValueError) as error:
        print(f"telecare-simulator run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("telecare-simulator run: stopped before the end", file=sys.stderr)
        return 130
    report(home.name, played)
    return 0


def cast_of(home: Home) -> Cast:
    """The devices of a made-up home, known before any of its events."""
    cast = Cast(())
    for role in home.sensors:
        both = role.kind in {"opening", "presence"}
        part = Part(role.sensor, role.kind, role.place, both=both)
        part.longest_s = _LONGEST_BOIL_S if role.kind == "appliance" else 0.0
        cast.parts[role.sensor, role.kind] = part
    return cast


def _live(args: argparse.Namespace, home: Home, broker: Address) -> Played:
    end = home.now + args.days * DAY_S
    with (
        Progress(f"living in {home.name}", args.days, unit="days") as progress,
        Publisher(broker, progress.say) as publisher,
    ):
        return play(
            _watched(home, end, progress),
            cast_of(home),
            publisher=publisher,
            pace=Pace(args.speed, clock=time.monotonic, sleep=time.sleep),
            voice=voice(args),
        )


def _watched(home: Home, end: float, progress: Progress) -> Iterator[SensorEvent]:
    start = home.now
    for event in home.until(end):
        yield event
        if (days := (event.at.timestamp() - start) // DAY_S) > progress.done:
            progress.advance(days - progress.done)
