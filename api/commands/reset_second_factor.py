"""`telecare-api reset-second-factor`: lets in who has lost their app and their recovery codes."""

import argparse

from api.commands.with_services import with_services
from api.services import Services
from api.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("username")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Takes the second factor off, and ends what they are signed in with: it may be a thief's."""
    name = args.username

    async def work(services: Services) -> None:
        staff = services.administration
        await staff.reset_second_factor(await staff.number(name), None)

    with_services(settings, work)
    print(f"{name} is signed out, and signs in with the password alone until a second factor is")
    print("set up anew")
    return 0
