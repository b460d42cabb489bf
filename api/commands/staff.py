"""`telecare-api staff`: lists members of staff, invites them, changes them and lets them go."""

import argparse
import sys
from collections.abc import Awaitable, Callable

from api.commands.common import WHOSE, Stop, add_whose
from api.commands.with_services import with_services
from api.identity.permissions import Role
from api.identity.staff_views import NewStaff, StaffChange, StaffMember
from api.organisations.service import Organisation
from api.refusals import NotFound
from api.services import Services
from api.settings import Settings

_EXAMPLES = """examples:
  telecare-api staff list
  telecare-api staff invite bob --name "Bob C" --role supervisor --organisation "Acme Care"
  telecare-api staff invite bob           a new link: the password of before opens nothing more
  telecare-api staff change bob --role operator
  telecare-api staff change bob --everywhere
  telecare-api staff disable bob          out at once; alerts that bob held return to the queue
  telecare-api staff enable bob           back, with the password of before

A link is good once and for 72 hours. It alone goes to standard output: send it to nobody else.
"""
_Work = Callable[[Services, argparse.Namespace], Awaitable[str]]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares what can be done, each with its arguments."""
    parser.epilog = _EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    does = parser.add_subparsers(dest="does", required=True, metavar="ACTION")
    does.add_parser("list", help="everybody, those who were let go last")
    invite = does.add_parser(
        "invite", help="print a link for a password, for somebody new or who forgot theirs"
    )
    change = does.add_parser("change", help="give somebody another name, role or organisations")
    disable = does.add_parser("disable", help="let somebody go: nothing lets them in any more")
    enable = does.add_parser("enable", help="let somebody back in")
    for one in (invite, change, disable, enable):
        one.add_argument("username")
    for one in (invite, change):
        one.add_argument("--name", help="as others see it; of who is new the username if left out")
        one.add_argument("--role", choices=[role.value for role in Role])
        add_whose(one)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Does it."""
    work = _DOES[args.does]
    print(with_services(settings, lambda services: work(services, args)))
    return 0


async def _list(services: Services, _: argparse.Namespace) -> str:
    names = {one.organisation: one.name for one in await services.organisations.all()}
    found = await services.administration.all(None)
    return (
        "\n".join(_line(one, names) for one in found)
        or "nobody: telecare-api staff invite NAME --everywhere"
    )


def _line(one: StaffMember, names: dict[int, str]) -> str:
    whose = ", ".join(names[number] for number in one.organisations)
    said = [one.username, one.name, one.role, "everywhere" if one.everywhere else whose]
    if one.disabled_at:
        said.append(f"let go {one.disabled_at:%Y-%m-%d}")
    if one.by_provider:
        said.append("by the provider")
    if one.invited_until:
        said.append(f"invited until {one.invited_until:%Y-%m-%d %H:%M} UTC")
    if one.second_factor:
        said.append("second factor")
    said.append(f"last here {one.last_here_at:%Y-%m-%d}" if one.last_here_at else "never here")
    return "; ".join(said)


async def _invite(services: Services, args: argparse.Namespace) -> str:
    """A link for whoever has that name; where nobody has, they are added first."""
    try:
        known = await services.administration.number(args.username)
        _unchanged(args)
        made = await services.administration.invite(known, None)
    except NotFound:
        if not (args.organisation or args.everywhere):
            raise Stop(WHOSE) from None
        whose = [one.organisation for one in await _organisations(services, args)]
        asked = NewStaff(
            username=args.username,
            name=args.name or args.username,
            role=args.role or Role.OPERATOR,
            organisations=whose,
            everywhere=args.everywhere,
        )
        made = await services.administration.add(asked, None)
    until = f"{made.expires_at:%Y-%m-%d %H:%M} UTC"
    print(f"good once, for {made.username}, until {until}", file=sys.stderr)
    if made.link.startswith("/"):
        print("put the centre's address before it, or set public_url", file=sys.stderr)
    return made.link


def _unchanged(args: argparse.Namespace) -> None:
    if args.name or args.role or args.organisation or args.everywhere:
        print("known already: name, role and organisations stay (staff change)", file=sys.stderr)


async def _organisations(services: Services, args: argparse.Namespace) -> list[Organisation]:
    return await services.organisations.named(args.organisation or [])


async def _change(services: Services, args: argparse.Namespace) -> str:
    number = await services.administration.number(args.username)
    if not (args.name or args.role or args.organisation or args.everywhere):
        raise Stop("Say what is to change: --name, --role, --organisation or --everywhere.")
    was = await services.administration.one(number, None)
    whose = [one.organisation for one in await _organisations(services, args)]
    asked = StaffChange(
        version=was.version,
        name=args.name or was.name,
        role=args.role or was.role,
        organisations=whose or was.organisations,
        everywhere=args.everywhere or (was.everywhere and not whose),
    )
    await services.administration.change(number, asked, None)
    return f"changed {was.username}"


async def _disable(services: Services, args: argparse.Namespace) -> str:
    number = await services.administration.number(args.username)
    gone = await services.administration.disable(number, None)
    return f"{gone.username} is let go"


async def _enable(services: Services, args: argparse.Namespace) -> str:
    number = await services.administration.number(args.username)
    back = await services.administration.enable(number, None)
    return f"{back.username} may come in again"


_DOES: dict[str, _Work] = {
    "list": _list,
    "invite": _invite,
    "change": _change,
    "disable": _disable,
    "enable": _enable,
}
