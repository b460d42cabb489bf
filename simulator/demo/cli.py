"""`telecare-simulator demo`: five homes, their hubs and a centre on this machine."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from api.store.embedded import EmbeddedError
from simulator.demo.app import Options, demonstrate
from simulator.demo.plan import street_file
from simulator.demo.processes import DidNotStartError

_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_EPILOG = """\
The first run lets the hubs learn six weeks of their homes' lives; later runs go on from where the
last one ended. Ctrl-C ends everything that was started. Delete the folder to forget it all.

examples
  telecare-simulator demo
  telecare-simulator demo --port 9000 --folder /tmp/street
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument(
        "--folder", type=Path, default=Path(".demo"), metavar="DIR", help="what is kept (.demo)"
    )
    parser.add_argument("--port", type=int, default=8000, help="of the console (8000)")
    parser.add_argument(
        "--seconds", type=float, metavar="S", help="end by itself after so long (Ctrl-C)"
    )


def run(args: argparse.Namespace) -> int:
    """Demonstrates until told to stop."""
    options = Options(folder=args.folder, port=args.port, seconds=args.seconds)
    try:
        asyncio.run(_until_told(options))
    except (DidNotStartError, EmbeddedError, OSError, ValueError) as error:
        print(f"telecare-simulator demo: {error}", file=sys.stderr)
        return 1
    return 0


async def _until_told(options: Options) -> None:
    """Ends in good order at Ctrl-C, at SIGTERM and when the terminal is closed."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(demonstrate(options, _say))

    def end() -> None:
        # Ending takes seconds, and must not be ended in turn: programs would be left behind.
        for number in _ENDS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)
        task.cancel()

    for number in _ENDS:
        loop.add_signal_handler(number, end)
    try:
        await task
    except asyncio.CancelledError:
        goes_on = street_file(options.folder).exists()
        then = "goes on from here" if goes_on else "begins anew"
        _say(f"\nEverything has ended. The next run {then}.")


def _say(text: str) -> None:
    print(text, flush=True)
