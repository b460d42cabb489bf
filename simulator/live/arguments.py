"""Which homes `run` lives in, where it takes them from, and where they go: read and checked."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from simulator.arguments import (
    apart,
    day,
    how_long,
    how_many_homes,
    positive,
    recording_to_write,
    speed,
)
from simulator.live.setting import Setting
from simulator.living.cli import episode, refuse_beside_scenario
from simulator.living.household import ALONE, SETTLED
from simulator.living.street import Street
from simulator.playing.arguments import add_broker, topic_of
from simulator.scenarios import Staged
from simulator.scenarios.library import load

_ONE_HOME, _MANY_HOMES = "{dialect}", "{home}/{dialect}"


def add_homes(parser: argparse.ArgumentParser) -> None:
    """Which homes, since when and for how long."""
    homes = parser.add_argument_group("which homes")
    homes.add_argument(
        "--scenario", metavar="NAME|FILE", help="a street with a story, in place of the next five:"
    )
    homes.add_argument(
        "--home", type=number_of_home, metavar="HOME", help="one home: home1, home2 ... (home1)"
    )
    homes.add_argument("--homes", type=how_many_homes, metavar="N", help="home1 to homeN")
    homes.add_argument("--seed", type=positive, metavar="N", help="which homes (1)")
    homes.add_argument("--alone", action="store_true", help="one person in each, nobody else")
    homes.add_argument(
        "--episode", type=episode, action="append", default=[], metavar="EPISODE", help="see below"
    )
    time = parser.add_argument_group("when")
    time.add_argument("--days", type=how_long, metavar="D", help="how long; else to the end")
    time.add_argument("--seconds", type=positive, metavar="S", help="end after S seconds of yours")
    time.add_argument(
        "--start", type=moment, metavar="DATE|now", help="midnight UTC; now, or as a scenario says"
    )
    time.add_argument(
        "--speed", type=speed, default=1.0, metavar="S", help="times life (1); 0: no waiting"
    )


def add_outputs(parser: argparse.ArgumentParser) -> None:
    """Where lives go."""
    out = parser.add_argument_group("where they go; one or more of them")
    add_broker(out, required=False)
    out.add_argument(
        "--connections", type=positive, default=1, metavar="N", help="to each broker (1)"
    )
    out.add_argument("--record", type=recording_to_write, metavar="FILE", help="FILE.jsonl[.gz]")
    out.add_argument("--engine", action="store_true", help="detect here, and print alerts")
    out.add_argument("--alerts", type=Path, metavar="FILE", help="write them there as JSON lines")
    out.add_argument("--centre", metavar="URL", help="a virtual hub for each home, against it")
    out.add_argument("--hubs", type=how_many_homes, metavar="N", help="with --centre: as --homes N")
    out.add_argument(
        "--folder", type=Path, metavar="DIR", help="journals and keys of hubs; else in memory"
    )
    out.add_argument(
        "--codes", type=Path, metavar="FILE", help="claim codes, one a line; else by DATABASE_URL"
    )
    out.add_argument("--view", action="store_true", help="watch in this terminal, with keys")
    out.add_argument(
        "--explain",
        nargs="?",
        const="-",
        metavar="FILE",
        help="why people did what they did, printed, or as JSON lines in a file",
    )
    out.add_argument("--truth", type=Path, metavar="FILE", help="what befell whom, as JSON lines")
    out.add_argument("--report", action="store_true", help="at the end, what it cost and how late")


def moment(text: str) -> datetime:
    """Midnight UTC of a day, or the present."""
    return datetime.now(UTC) if text == "now" else day(text)


def number_of_home(text: str) -> int:
    """The number in `home3`."""
    number = text.removeprefix("home")
    if number == text or not (number.isascii() and number.isdigit() and int(number) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no made-up home like home1")
    return how_many_homes(number)


def setting_of(args: argparse.Namespace) -> Setting:
    """What is to be lived.

    Raises:
        ScenarioError: There is no such scenario, or it cannot be played.
        ValueError: The arguments do not go together.
    """
    files = {name: getattr(args, name) for name in ("record", "alerts", "truth")}
    apart({f"--{name}": path for name, path in files.items()} | {"--explain": _file(args.explain)})
    if args.scenario:
        refuse_beside_scenario(args)
        if args.home or args.hubs or args.dialect:
            raise ValueError("--scenario says which homes there are and how their devices speak")
        staged = Staged.of(load(args.scenario), args.start.timestamp() if args.start else None)
        return Setting.of_scenario(staged, args.days)
    if args.hubs:
        if args.homes or args.home:
            raise ValueError("--hubs says how many homes there are: leave --home and --homes out")
        args.homes = args.hubs
    if args.home and args.homes:
        raise ValueError("--home is one home, --homes that many: keep one of them")
    street = _street(args)
    numbers = range(1, args.homes + 1) if args.homes else [args.home or 1]
    strangers = {plan.home for plan in street.planned} - {f"home{n}" for n in numbers}
    if strangers:
        raise ValueError(f"an episode befalls {min(strangers)}, which is not lived in here")
    return Setting.of_street(street, numbers, args.days, args.dialect or "zigbee2mqtt")


def _file(named: str | None) -> Path | None:
    return Path(named) if named and named != "-" else None


def base_of(args: argparse.Namespace, homes: int) -> str:
    """The topic below which each home speaks, with places for its name and the dialect.

    Raises:
        ValueError: Homes would speak over each other.
    """
    one = homes == 1 and not args.scenario
    base: str = (
        args.base_topic if args.base_topic is not None else _ONE_HOME if one else _MANY_HOMES
    )
    apart = "{home}" in base or "{home}" in args.broker[0]
    if homes > 1 and not apart:
        raise ValueError("with several homes, --base-topic or --broker must hold {home}")
    topic_of(base, "", "")
    return base


def _street(args: argparse.Namespace) -> Street:
    alone = args.alone or not args.homes
    return Street(
        seed=args.seed or 1,
        start=(args.start or datetime.now(UTC)).timestamp(),
        homes=args.homes or args.home or 1,
        mix=ALONE if alone else SETTLED,
        planned=tuple(args.episode),
    )
