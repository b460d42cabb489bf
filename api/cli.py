"""`telecare-api`: runs the centre, and the few things that are done beside it."""

import argparse
import asyncio
import errno
import getpass
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import urlsplit

import asyncpg
import msgspec

from api.app import create_services
from api.audit.verify import Verdict, read_heads, verify, write_heads
from api.clock import utc_now
from api.exports import command as export_command
from api.hubs.claims import Invitation
from api.identity.permissions import Role
from api.oidc.settings import read_provider
from api.operation import logs
from api.operation.backup import back_up
from api.operation.restore import Restored, restore
from api.operation.traces import NoTraces
from api.organisations.service import Organisation
from api.outbox import command as outbox_command
from api.refusals import Refused
from api.serve import bind, serve
from api.services import Services
from api.settings import ALLOWED, Settings, SettingsError, read_settings, variable
from api.store.database import CONNECT_SECONDS, UNUSABLE, Connection
from api.store.drift import drift
from api.store.embedded import EmbeddedError, embedded
from api.store.migrate import MigrationError, migrate, pending
from api.store.reach import CENTRE

T = TypeVar("T")

_EPILOG = "settings, in the environment or as keys of the --settings file:\n" + "\n".join(
    f"  {variable(key)}\n      {key}: {says}" for key, says in ALLOWED.items()
)
_EXAMPLES = """examples:
  telecare-api serve                          with a PostgreSQL of its own
  DATABASE_URL=postgresql://centre@db/centre telecare-api serve --host 0.0.0.0
  telecare-api create-user ann --name "Ann B" --role supervisor
  telecare-api add-hub --home h17 --name "Flat 12"
  telecare-api migrate --check

"""


class _Stop(Exception):  # noqa: N818 - the end of the command, said in one line
    """Something a person can mend."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it is done, 1 when it failed, 2 when it was asked for wrongly."""
    arguments = _parser().parse_args(argv)
    try:
        settings = _settings(arguments)
        logs.set_up(settings.log_format)
    except SettingsError as error:
        print(f"telecare-api: {error}", file=sys.stderr)
        return 2
    try:
        return int(arguments.run(arguments, settings))
    except (_Stop, Refused, MigrationError, NoTraces) as error:
        print(f"telecare-api: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:  # noqa: PLR0915 - one line for each option
    parser = argparse.ArgumentParser(
        prog="telecare-api",
        description="The monitoring centre: takes in what home hubs report, serves the console.",
        epilog=_EXAMPLES + _EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # else `--password X` would be read as `--password-file X`, and shown
    )
    parser.add_argument("--settings", type=Path, metavar="FILE", help="a TOML file with settings")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("serve", allow_abbrev=False, help="run the centre until Ctrl-C")
    run.add_argument("--host", help=ALLOWED["host"])
    run.add_argument("--port", type=int, help=ALLOWED["port"])
    run.set_defaults(run=_serve)

    move = commands.add_parser(
        "migrate", allow_abbrev=False, help="bring the database to this version"
    )
    move.add_argument("--check", action="store_true", help="only say what is missing; 1 if any")
    move.add_argument(
        "--finish",
        action="store_true",
        help="also what only this version can live with, once no older replica runs",
    )
    move.set_defaults(run=_migrate)

    user = commands.add_parser("create-user", allow_abbrev=False, help="add a member of staff")
    user.add_argument("username")
    user.add_argument("--name", default="", help="as others see it; the username if left out")
    user.add_argument(
        "--role", type=str, choices=[role.value for role in Role], default=Role.OPERATOR.value
    )
    user.add_argument(
        "--password-file", type=Path, metavar="FILE", help="its first line; else it is asked for"
    )
    user.add_argument(
        "--organisation", action="append", default=[], metavar="NAME",
        help="whose homes they look after; may be given again (all, if left out)",
    )  # fmt: skip
    user.set_defaults(run=_create_user)

    lost = commands.add_parser(
        "reset-second-factor",
        allow_abbrev=False,
        help="for somebody who has lost their app and their recovery codes",
    )
    lost.add_argument("username")
    lost.set_defaults(run=_reset_second_factor)

    link = commands.add_parser(
        "link-user",
        allow_abbrev=False,
        help="have somebody come in by the OpenID provider from now on, and by that alone",
    )
    link.add_argument("username")
    link.add_argument("--subject", required=True, help="the provider's name for them (sub)")
    link.set_defaults(run=_link_user)

    look = commands.add_parser(
        "verify-audit",
        allow_abbrev=False,
        help="look through the audit log for what was changed, removed or put in; 1 if anything",
    )
    look.add_argument(
        "--against", type=Path, metavar="FILE",
        help="what an earlier look printed, kept elsewhere: shows also a log that was cut short",
    )  # fmt: skip
    look.set_defaults(run=_verify_audit)

    save = commands.add_parser(
        "backup", allow_abbrev=False, help="write a back-up, also while the centre runs"
    )
    save.add_argument("folder", type=Path, metavar="FOLDER", help="that is not there yet")
    save.set_defaults(run=_backup)

    bring = commands.add_parser(
        "restore", allow_abbrev=False, help="bring a back-up back into an empty database"
    )
    bring.add_argument("folder", type=Path, metavar="FOLDER", help="that a back-up wrote")
    bring.set_defaults(run=_restore)

    client = commands.add_parser(
        "add-organisation", allow_abbrev=False, help="add a client, apart from all others"
    )
    client.add_argument("name", help="as staff see it")
    client.set_defaults(run=_add_organisation)

    hub = commands.add_parser(
        "add-hub", allow_abbrev=False, help="add a hub to a home and print its claim code"
    )
    hub.add_argument("--home", required=True, help="identifier; never a person's name")
    hub.add_argument("--organisation", metavar="NAME", help="whose home it is (the only one)")
    hub.add_argument("--name", default="", help='what staff call the home, such as "Flat 12"')
    hub.add_argument("--time-zone", default="Europe/London", help="of a new home (%(default)s)")
    hub.add_argument("--days", type=float, default=7, help="the code can be used (%(default)s)")
    hub.set_defaults(run=_add_hub)

    table = commands.add_parser(
        "export", allow_abbrev=False, help="take events, counts or alerts out as a table"
    )
    export_command.add_arguments(table)
    table.set_defaults(run=_export)

    outbox = commands.add_parser(
        "outbox", allow_abbrev=False, help="show, or set, who is told of alerts"
    )
    change = outbox.add_mutually_exclusive_group()
    change.add_argument("--set", type=Path, metavar="FILE", help="a destination, in TOML")
    change.add_argument("--off", metavar="NAME", help="tell this destination nothing more")
    change.add_argument("--on", metavar="NAME", help="tell it again")
    change.add_argument("--again", type=int, metavar="NUMBER", help="try a dead letter again")
    outbox.add_argument("--organisation", metavar="NAME", help="whose destination (the only one)")
    outbox.set_defaults(run=_outbox)
    return parser


def _settings(arguments: argparse.Namespace) -> Settings:
    environment = dict(os.environ)
    for key in ("host", "port"):
        given = getattr(arguments, key, None)
        if given is not None:
            environment[variable(key)] = str(given)
    settings = read_settings(environment, arguments.settings)
    read_provider(settings)
    return settings


def _serve(_: argparse.Namespace, settings: Settings) -> int:
    try:
        bound = bind(settings.host, settings.port)
    except (OSError, UnicodeError) as error:  # the latter of a host that no resolver takes
        where = f"{settings.host}:{settings.port}"
        why = getattr(error, "strerror", None) or "no such host"
        raise _Stop(f"cannot listen on {where}: {why}. Choose another {_other(error)}.") from error
    with bound, _database(settings) as at:

        async def run() -> None:
            await _migrated(at)
            await serve(at, bound)

        asyncio.run(run())
    return 0


def _other(error: Exception) -> str:
    return "port" if getattr(error, "errno", None) in {errno.EADDRINUSE, errno.EACCES} else "host"


def _migrate(arguments: argparse.Namespace, settings: Settings) -> int:
    with _database(settings) as at:
        names = asyncio.run(_migrated(at, check=arguments.check, finish=arguments.finish))
        changed = asyncio.run(_drift(at))
    for name in names:
        print(f"missing {name}" if arguments.check else f"applied {name}")
    for line in changed:
        print(f"changed by hand, {line}")
    if not names and not changed:
        print("the database is up to date")
    return 1 if changed or (arguments.check and names) else 0


def _create_user(arguments: argparse.Namespace, settings: Settings) -> int:
    password = _password(arguments.password_file)

    async def add(services: Services) -> str:
        user = await services.staff.add(
            arguments.username,
            password,
            name=arguments.name,
            role=Role(arguments.role),
            organisations=await _looked_after(services, arguments.organisation),
        )
        return user.username

    with _database(settings) as at:
        print(f"added {_with_services(at, add)}")
    return 0


def _add_hub(arguments: argparse.Namespace, settings: Settings) -> int:
    if not 0 < arguments.days <= 365:  # noqa: PLR2004 - a year
        raise _Stop("--days must be above 0 and at most 365")

    async def add(services: Services) -> Invitation:
        return await services.claims.add_hub(
            arguments.home,
            organisation=(await _whose(services, arguments.organisation)).organisation,
            label=arguments.name,
            time_zone=arguments.time_zone,
            lifetime=timedelta(days=arguments.days),
        )

    with _database(settings) as at:
        invitation = _with_services(at, add)
    # The code alone goes to standard output, for scripts.
    print(
        f"{invitation.hub} in home {invitation.home} can be claimed until "
        f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC, once, with the code",
        file=sys.stderr,
    )
    print(invitation.code)
    return 0


def _add_organisation(arguments: argparse.Namespace, settings: Settings) -> int:
    with _database(settings) as at:
        added = _with_services(at, lambda services: services.organisations.add(arguments.name))
    print(f"added {added.name}")
    return 0


def _outbox(arguments: argparse.Namespace, settings: Settings) -> int:
    wanted = outbox_command.read_wanted(arguments.set) if arguments.set else None

    async def work(services: Services) -> str:
        if arguments.again is not None:
            await services.outbox.again(CENTRE, arguments.again)
        elif wanted or arguments.off or arguments.on:
            whose = (await _whose(services, arguments.organisation)).organisation
            if wanted:
                await services.outbox.set(whose, wanted)
            else:
                name = arguments.off or arguments.on
                await services.outbox.enable(whose, name, on=arguments.on is not None)
        return await outbox_command.show(services)

    with _database(settings) as at:
        print(_with_services(at, work))
    return 0


def _export(arguments: argparse.Namespace, settings: Settings) -> int:
    async def take(services: Services) -> int:
        whose = (await _whose(services, arguments.organisation)).organisation
        return await export_command.export(services.exports, whose, arguments)

    with _database(settings) as at:
        total = _with_services(at, take)
    print(f"{total} bytes of {arguments.dataset}", file=sys.stderr)
    return 0


def _reset_second_factor(arguments: argparse.Namespace, settings: Settings) -> int:
    name = arguments.username
    with _database(settings) as at:
        _with_services(at, lambda services: services.second_factors.reset(name))
    print(f"{name} signs in with the password alone until a second factor is set up anew")
    return 0


def _link_user(arguments: argparse.Namespace, settings: Settings) -> int:
    name = arguments.username

    async def link(services: Services) -> None:
        if services.federation is None:
            raise _Stop("the settings name no provider: oidc_issuer")
        await services.federation.link(name, arguments.subject)

    with _database(settings) as at:
        _with_services(at, link)
    print(f"{name} signs in by the provider, and no more by a password")
    return 0


def _verify_audit(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        known = arguments.against.read_text("utf-8") if arguments.against else ""
    except (OSError, UnicodeDecodeError) as error:
        raise _Stop(f"{arguments.against}: cannot be read: {error}") from error

    async def look(services: Services) -> Verdict:
        return await verify(services.database, read_heads(known))

    with _database(settings) as at:
        found = _with_services(at, look)
    print(write_heads(found.heads), end="")
    for fault in found.faults:
        print(fault, file=sys.stderr)
    entries = sum(head.entries for head in found.heads)
    print(f"{entries} entries, {len(found.faults)} faults", file=sys.stderr)
    return 1 if found.faults else 0


def _backup(arguments: argparse.Namespace, settings: Settings) -> int:
    async def work(at: Settings) -> str:
        async with _connected(at) as connection:
            made = await back_up(
                connection, at.database_url, arguments.folder,
                software=version("telecare"), now=utc_now(),
            )  # fmt: skip
        return f"{sum(made.rows.values())} rows, {made.size} bytes, as of {made.at:%F %T} UTC"

    with _database(settings) as at:
        print(asyncio.run(work(at)))
    print("the key that seals secrets is not in it: keep that apart", file=sys.stderr)
    return 0


def _restore(arguments: argparse.Namespace, settings: Settings) -> int:
    async def work(at: Settings) -> Restored:
        async with _connected(at) as connection:
            return await restore(connection, at.database_url, arguments.folder)

    with _database(settings) as at:
        done = asyncio.run(work(at))
    for fault in done.faults:
        print(fault, file=sys.stderr)
    made = done.manifest
    print(f"{sum(made.rows.values())} rows as of {made.at:%F %T} UTC, {len(done.faults)} faults")
    return 1 if done.faults else 0


async def _looked_after(services: Services, names: Sequence[str]) -> list[int] | None:
    """The organisations of a member of staff; None, which is all, where none is named."""
    found = await services.organisations.named(names)
    return [one.organisation for one in found] if names else None


async def _whose(services: Services, name: str | None) -> Organisation:
    """The organisation of a home: the one that is named, or the only one that there is."""
    if name is None:
        return await services.organisations.only()
    return (await services.organisations.named([name]))[0]


def _password(file: Path | None) -> str:
    if file is None:
        try:
            password = getpass.getpass("Password: ")
            again = getpass.getpass("The same again: ")
        except EOFError as error:
            raise _Stop("nobody typed a password; --password-file FILE takes one") from error
        if password != again:
            raise _Stop("the two passwords differ")
        return password
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _Stop(f"{file}: cannot be read: {error}") from error
    return lines[0] if lines else ""


@contextmanager
def _database(settings: Settings) -> Iterator[Settings]:
    """The settings with a database to use: the given one, or one of its own while in use."""
    if settings.database_url:
        yield settings
        return
    try:
        with embedded(settings.data_folder / "postgres") as url:
            yield msgspec.structs.replace(settings, database_url=url)
    except EmbeddedError as error:
        raise _Stop(str(error)) from error


def _with_services(settings: Settings, work: Callable[[Services], Awaitable[T]]) -> T:
    async def run() -> T:
        await _migrated(settings)
        services = create_services(settings, utc_now)
        try:
            return await work(services)
        finally:
            await services.database.close()

    return asyncio.run(run())


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[Connection]:
    """A connection outside the pool, with the rights of the login."""
    try:
        connection = await asyncpg.connect(settings.database_url, timeout=CONNECT_SECONDS)
    except UNUSABLE as error:
        where = urlsplit(settings.database_url).hostname or "its socket"
        raise _Stop(f"cannot reach the database at {where}: {error}") from error
    try:
        yield cast("Connection", connection)
    finally:
        await connection.close()


async def _migrated(settings: Settings, *, check: bool = False, finish: bool = False) -> list[str]:
    async with _connected(settings) as connection:
        return await (pending if check else migrate)(connection, finish=finish)


async def _drift(settings: Settings) -> list[str]:
    async with _connected(settings) as connection:
        return await drift(connection)
