"""`telecare-simulator`: homes without hardware."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from importlib import import_module

# Each module has `configure(parser)` and `run(args) -> int`; only the one asked for is imported.
_COMMANDS = {
    "import": ("simulator.importers.cli", "turn a public recording of real homes into ours"),
    "generate": ("simulator.living.cli", "record made-up homes and people, ill or well"),
    "scenarios": ("simulator.scenarios.cli", "list, show and check streets with a story"),
    "play": ("simulator.playing.cli", "publish a recording as the messages of its devices"),
    "run": ("simulator.live.cli", "live in made-up homes, told as they are lived"),
    "hub-settings": ("simulator.hub_settings.cli", "print settings for a hub to hear a home"),
    "evaluate": ("simulator.evaluation.cli", "measure the detectors"),
    "realism": ("simulator.realism.cli", "compare made-up homes with real ones"),
    "scaip-receiver": ("simulator.receiving.cli", "take alarms as a receiving centre would"),
    "demo": ("simulator.demo.cli", "bring up homes, hubs and a centre on this machine"),
}

_EPILOG = """\
examples
  telecare-simulator import tihm DATA/tihm --out tihm.jsonl.gz
  telecare-simulator generate --homes 5 --days 60 --episode uti:home3:day40 --out homes.jsonl.gz
  telecare-simulator hub-settings homes.jsonl.gz --home home3 --broker localhost --data DIR
  telecare-simulator play homes.jsonl.gz --home home3 --broker localhost --speed 3600
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    parser = argparse.ArgumentParser(
        prog="telecare-simulator",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, summary) in _COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if arguments[:1] == [name]:
            import_module(module).configure(command)
    args = parser.parse_args(arguments)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _end)
    module, _ = _COMMANDS[args.command]
    return int(import_module(module).run(args))


def _end(number: int, _frame: object) -> None:
    """Ends in good order, as at Ctrl-C: nothing half written is left."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
