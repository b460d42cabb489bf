"""`telecare-api add-organisation`: adds a client, whose homes and staff are apart from others'."""

import argparse

from api.commands.with_services import with_services
from api.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("name", help="as staff see it")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Adds it."""
    added = with_services(settings, lambda services: services.organisations.add(args.name))
    print(f"added {added.name}")
    return 0
