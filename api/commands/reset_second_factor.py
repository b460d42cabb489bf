"""`telecare-api reset-second-factor`: lets in who has lost their app and their recovery codes."""

import argparse

from api.commands.with_services import with_services
from api.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("username")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Takes the second factor off."""
    name = args.username
    with_services(settings, lambda services: services.second_factors.reset(name))
    print(f"{name} signs in with the password alone until a second factor is set up anew")
    return 0
