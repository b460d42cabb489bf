"""`telecare-api hubs`: shows the hubs, lets one go, and makes room for one that follows another."""

import argparse
import sys
from datetime import datetime

from api.commands.with_services import with_services
from api.hubs.places import MOST_DAYS, HubLine, Place
from api.identity.people import at_the_machine
from api.refusals import Invalid
from api.services import Services
from api.settings import Settings
from api.store.reach import CENTRE


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments; without any, the hubs are shown."""
    change = parser.add_mutually_exclusive_group()
    change.add_argument(
        "--revoke", metavar="HUB", help="let it go at once: it must be claimed anew to come back"
    )
    change.add_argument(
        "--replace", metavar="HUB", help="add the hub that follows it, and print its claim code"
    )
    change.add_argument(
        "--code", metavar="HUB", help="print a new claim code for a hub that nobody has claimed"
    )
    parser.add_argument("--days", type=float, default=7, help="the code can be used (%(default)s)")
    parser.add_argument("--organisation", metavar="NAME", help="show its hubs alone")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Does what was asked for. A code alone goes to standard output, for scripts."""
    if not 0 < args.days <= MOST_DAYS:
        raise Invalid(f"--days must be above 0 and at most {MOST_DAYS}")

    async def work(services: Services) -> Place | str:
        return await _change(services, args)

    done = with_services(settings, work)
    if isinstance(done, str):
        print(done)
        return 0
    follows = f"; {done.replaces} is heard until it first speaks" if done.replaces else ""
    print(
        f"{done.hub} in home {done.home} can be claimed until "
        f"{done.expires_at:%Y-%m-%d %H:%M} UTC, once, with the code{follows}",
        file=sys.stderr,
    )
    print(done.code)
    return 0


async def _change(services: Services, args: argparse.Namespace) -> Place | str:
    everything = [one.organisation for one in await services.organisations.all()]
    operator = at_the_machine(everything)
    if args.replace:
        return await services.places.replace(args.replace, operator, args.days)
    if args.code:
        return await services.places.renew(args.code, operator, args.days)
    if args.revoke:
        await services.places.revoke(args.revoke, operator)
        return f"{args.revoke} is let go: nothing more is taken from it"
    only = args.organisation
    if only is not None:
        await services.organisations.named([only])
    found = await services.places.all(CENTRE)
    lines = [line(one) for one in found if only in (None, one.organisation)]
    return "\n".join(lines) or "there is no hub: add one with telecare-api add-hub"


def line(one: HubLine) -> str:
    """What is shown of a hub."""
    where = f"{one.hub} in {one.home} ({one.organisation})"
    follows = f", follows {one.replaces}" if one.replaces else ""
    if one.revoked_at is not None:
        return f"{where}: {one.revoked_why} {_face(one.revoked_at)}{follows}"
    if one.claimed_at is None:
        return f"{where}: not claimed{follows}"
    heard = f"heard {_face(one.last_seen_at)}" if one.last_seen_at else "never heard"
    return f"{where}: {heard}{follows}"


def _face(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
