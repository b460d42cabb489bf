"""`telecare-api reseal`: seals with the newest key what earlier ones have sealed."""

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.commands.common import Stop
from api.commands.with_services import with_services
from api.operation.reseal import Reseal
from api.services import Services
from api.settings import Settings
from api.store.sealed import seal_of

_LEFT = (
    "what is left opens with none of the keys, or was sealed meanwhile by a replica that has not "
    "the newest key: restart those, and run this again"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument(
        "--check", action="store_true", help="only say what is left; exit code 1 if anything is"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Seals it, also while the centre runs; 1 where something is left."""
    if not settings.secret_key_file:
        raise Stop("secret_key_file is not set: there is no key to seal with")
    seal = seal_of(Path(settings.secret_key_file))

    async def work(services: Services) -> dict[str, int]:
        reseal = Reseal(services.database, services.clock, seal)
        left = await reseal.left()
        if left and not args.check:
            await _seal(reseal, sum(left.values()))
            left = await reseal.left()
        return left

    left = with_services(settings, work)
    for name, count in left.items():
        print(f"{name}: {count} not sealed with the newest key")
    if not left:
        print("all is sealed with the newest key")
    elif not args.check:
        print(_LEFT, file=sys.stderr)
    return 1 if left else 0


async def _seal(reseal: Reseal, total: int) -> None:
    columns = (TextColumn("sealing anew"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=total)
        async for done in reseal.run():
            bar.advance(task, done.looked)
