"""`telecare-gateway`: the home hub."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from gateway.report.letters import bear_any_letter

# Each module has `configure(parser)` and `run(args) -> int`; only the one asked for is imported.
_COMMANDS = {
    "run": ("gateway.commands.run", "hear the sensors of one home and tell the centre"),
    "status": ("gateway.commands.status", "show how the hub of this machine fares"),
    "doctor": ("gateway.commands.doctor", "check everything, and say what to do about it"),
    "sensors": ("gateway.commands.sensors", "show each sensor's last word, battery and usual rate"),
    "tail": ("gateway.commands.tail", "show events as they come"),
    "quarantine": ("gateway.commands.quarantine", "show the messages that could not be used"),
    "export": ("gateway.commands.export", "write what this hub has heard as a recording"),
    "backup": ("gateway.commands.backup", "copy the journal, while the hub runs"),
    "settings": ("gateway.commands.settings", "show what is set, where, and what could be"),
    "discover": (
        "gateway.commands.discover",
        "show what speaks on the broker, and what the hub could use it for",
    ),
    "claim": ("gateway.commands.claim", "make this hub known to its centre by a one-time code"),
    "rotate-key": (
        "gateway.commands.rotate_key",
        "have the centre know this hub by a new key, and by the old one no more",
    ),
    "forget": (
        "gateway.commands.forget",
        "delete what is kept here of a home that the centre has erased",
    ),
    "import": (
        "gateway.commands.importing",
        "take in a recording of this home as if it were heard",
    ),
    "replay": (
        "gateway.replay.cli",
        "run the detectors over recordings, or over what this hub has heard",
    ),
}

_INTERRUPTED = 130  # what a shell expects after Ctrl-C

_EPILOG = """\
examples
  telecare-gateway claim 7KQ2-M4TX-9WHD --settings hub.toml
  telecare-gateway run --settings hub.toml
  telecare-gateway discover --settings hub.toml
  telecare-gateway status --settings hub.toml
  telecare-gateway doctor --settings hub.toml
  telecare-gateway tail --settings hub.toml
  telecare-gateway replay homes.jsonl.gz --alerts alerts.jsonl --assessments assessments.jsonl
"""


class _Version(argparse.Action):
    """Shows the version as heartbeats tell it, which only who asks for it waits for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Shows it, and ends."""
        sys.stdout.write(f"{import_module('gateway.health.heartbeat').software()}\n")
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command.

    Returns:
        0 when all went well, 1 when it could not be done, 2 when what was asked is wrong.
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    parser = argparse.ArgumentParser(
        prog="telecare-gateway",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", nargs=0, action=_Version, help="show which version this is")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, summary) in _COMMANDS.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=summary,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if arguments[:1] == [name]:
            import_module(module).configure(command)
    args = parser.parse_args(arguments)
    module, _ = _COMMANDS[args.command]
    bear_any_letter(sys.stdout)
    bear_any_letter(sys.stderr)
    try:
        code = int(import_module(module).run(args))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        # A file closed to whoever asks, or a full disk that is printed to. What ends the hub itself
        # is told whole, in its log.
        if args.command == "run":
            raise
        said = (error.strerror or "no such use").lower()
        sys.stderr.write(f"{error.filename or args.command}: {said}\n")
        _drop_output()
        return 1
    return code


def _drop_output() -> None:
    """Lets go of what could not be printed, which Python would try, and fail at, once more."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
