"""`telecare-api create-user`: adds a member of staff."""

import argparse
import getpass
from pathlib import Path

from api.commands.common import WHOSE, Stop, add_whose, read_text
from api.commands.with_services import with_services
from api.identity.permissions import Role
from api.services import Services
from api.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments, of which a password is none: others could see it."""
    parser.add_argument("username")
    parser.add_argument("--name", default="", help="as others see it; the username if left out")
    parser.add_argument(
        "--role", type=str, choices=[role.value for role in Role], default=Role.OPERATOR.value
    )
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help="its first line; else it is asked for"
    )
    add_whose(parser)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Asks for the password first, where no file has it.

    Raises:
        Stop: It was not said whose homes they look after, or there is no password.
    """
    if not (args.organisation or args.everywhere):
        raise Stop(WHOSE)
    file: Path | None = args.password_file
    password = _first_line(file) if file else _typed()

    async def add(services: Services) -> str:
        named = await services.organisations.named(args.organisation or [])
        user = await services.staff.add(
            args.username,
            password,
            name=args.name,
            role=Role(args.role),
            organisations=None if args.everywhere else [one.organisation for one in named],
        )
        return user.username

    print(f"added {with_services(settings, add)}")
    return 0


def _first_line(file: Path) -> str:
    lines = read_text(file).splitlines()
    return lines[0] if lines else ""


def _typed() -> str:
    try:
        password = getpass.getpass("Password: ")
        again = getpass.getpass("The same again: ")
    except EOFError as error:
        raise Stop("nobody typed a password; --password-file FILE takes one") from error
    if password != again:
        raise Stop("the two passwords differ")
    return password
