"""`telecare-api outbox`: destinations, dead letters, and having one tried again."""

import argparse
import tomllib
from pathlib import Path

import msgspec

from api.commands.with_services import whose, with_services
from api.identity.people import at_the_machine
from api.outbox.service import DeadLetter, DestinationLine, OutboxView, Wanted
from api.refusals import Invalid
from api.services import Services
from api.settings import Settings
from api.store.reach import CENTRE

NEWEST = 50
"""Dead letters that are listed."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments; without any, the outbox is shown."""
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--set", type=Path, metavar="FILE", help="a destination, in TOML")
    change.add_argument("--off", metavar="NAME", help="tell this destination nothing more")
    change.add_argument("--on", metavar="NAME", help="tell it again")
    change.add_argument("--again", type=int, metavar="NUMBER", help="try a dead letter again")
    parser.add_argument("--organisation", metavar="NAME", help="whose destination (the only one)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Changes what was asked for, and shows how it then is."""
    wanted = _read_wanted(args.set) if args.set else None

    async def work(services: Services) -> str:
        await _change(services, args, wanted)
        return await show(services)

    print(with_services(settings, work))
    return 0


def _read_wanted(file: Path) -> Wanted:
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), Wanted)
    except (OSError, ValueError) as error:  # of which those of TOML and of msgspec are
        raise Invalid(f"{file}: {error}") from error


async def _change(services: Services, args: argparse.Namespace, wanted: Wanted | None) -> None:
    if args.again is not None:
        everything = [one.organisation for one in await services.organisations.all()]
        await services.outbox.again(at_the_machine(everything).reach, args.again)
    elif wanted:
        organisation = (await whose(services, args.organisation)).organisation
        await services.outbox.set(organisation, wanted)
    elif name := args.off or args.on:
        organisation = (await whose(services, args.organisation)).organisation
        await services.outbox.enable(organisation, name, on=args.on is not None)


async def show(services: Services) -> str:
    """The destinations and the newest dead letters, a line each."""
    view = await services.outbox.view(CENTRE, limit=NEWEST)
    return "\n".join(lines(view))


def lines(view: OutboxView) -> list[str]:
    """What is shown of an outbox."""
    if not view.destinations:
        return ["nobody is told anything: add a destination with telecare-api outbox --set FILE"]
    found = [_destination(one) for one in view.destinations]
    if view.dead_letters:
        found += ["", "given up; telecare-api outbox --again NUMBER has one tried again:"]
        found += [_dead(one) for one in view.dead_letters]
    return found


def _destination(one: DestinationLine) -> str:
    since = f" since {one.waiting_since:%Y-%m-%d %H:%M} UTC" if one.waiting_since else ""
    off = "" if one.enabled else ", off"
    out = f", {one.left_out} homes left out without consent" if one.left_out else ""
    return (
        f"{one.name} ({one.channel}{off}): {one.delivered} delivered, "
        f"{one.waiting} waiting{since}, {one.retried} tries failed, {one.dead} given up{out}"
    )


def _dead(one: DeadLetter) -> str:
    return (
        f"  {one.id} to {one.destination}: {one.action} of {one.subject}, {one.tries} tries until "
        f"{one.ended_at:%Y-%m-%d %H:%M} UTC: {one.reason}"
    )
