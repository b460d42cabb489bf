"""`telecare-api verify-audit`: looks for what was changed, removed or put into the audit log."""

import argparse
import sys
from pathlib import Path

from api.audit.verify import Verdict, read_heads, verify, write_heads
from api.commands.common import read_text
from api.commands.with_services import with_services
from api.services import Services
from api.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument(
        "--against", type=Path, metavar="FILE",
        help="what an earlier look printed, kept elsewhere: shows also a log that was cut short",
    )  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Prints the heads of the chains, to be kept, and each fault; 1 where there is any."""
    known = read_text(args.against) if args.against else ""

    async def look(services: Services) -> Verdict:
        return await verify(services.database, read_heads(known))

    found = with_services(settings, look)
    print(write_heads(found.heads), end="")
    for chain, number, at in found.begins:
        kept = f"chain {chain}: kept from entry {number} of {at:%Y-%m-%d} on"
        print(f"{kept}; what was before has had its time", file=sys.stderr)
    for fault in found.faults:
        print(fault, file=sys.stderr)
    print(f"{found.entries} entries, {len(found.faults)} faults", file=sys.stderr)
    return 1 if found.faults else 0
