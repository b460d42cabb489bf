"""`telecare-api add-hub`: adds a hub to a home, and prints its claim code."""

import argparse
import sys
from datetime import timedelta

from api.commands.common import Stop
from api.commands.with_services import whose, with_services
from api.hubs.claims import Invitation
from api.services import Services
from api.settings import Settings

_LONGEST_DAYS = 365


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("--home", required=True, help="identifier; never a person's name")
    parser.add_argument("--organisation", metavar="NAME", help="whose home it is (the only one)")
    parser.add_argument("--name", default="", help='what staff call the home, such as "Flat 12"')
    parser.add_argument("--time-zone", default="Europe/London", help="of a new home (%(default)s)")
    parser.add_argument("--days", type=float, default=7, help="the code can be used (%(default)s)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Adds it. The code alone goes to standard output, for scripts."""
    if not 0 < args.days <= _LONGEST_DAYS:
        raise Stop(f"--days must be above 0 and at most {_LONGEST_DAYS}")

    async def add(services: Services) -> Invitation:
        return await services.claims.add_hub(
            args.home,
            organisation=(await whose(services, args.organisation)).organisation,
            label=args.name,
            time_zone=args.time_zone,
            lifetime=timedelta(days=args.days),
        )

    invitation = with_services(settings, add)
    print(
        f"{invitation.hub} in home {invitation.home} can be claimed until "
        f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC, once, with the code",
        file=sys.stderr,
    )
    print(invitation.code)
    return 0
