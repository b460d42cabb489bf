"""Arguments of the commands that speak to a broker."""

import argparse
from pathlib import Path

from simulator.devices.voices import VOICES
from simulator.playing.publisher import Address

_PORT = 1883
_MOST_PORT = 65_535


def add_broker(parser: argparse._ActionsContainer, *, required: bool = True) -> None:
    """Where the broker is, who we are to it, and how devices speak there.

    Args:
        parser: Of the command.
        required: Whether it cannot do without; then the dialect has a default, too.
    """
    parser.add_argument(
        "--broker", type=host_and_port, required=required, metavar="HOST[:PORT]", help="port 1883"
    )
    parser.add_argument("--username", metavar="NAME", help="where the broker asks for one")
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help="a file with the password alone"
    )
    parser.add_argument(
        "--dialect",
        choices=tuple(VOICES),
        default="zigbee2mqtt" if required else None,
        help="how devices speak (zigbee2mqtt, or as the scenario says)",
    )
    parser.add_argument(
        "--base-topic", metavar="TOPIC", help="of all devices; by default the dialect's name"
    )


def host_and_port(text: str) -> tuple[str, int]:
    """`localhost`, `localhost:1883` or `[::1]:1883`."""
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, str(_PORT)
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        host = ""
    if not host or not (port.isascii() and port.isdigit() and 1 <= int(port) <= _MOST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is no broker like localhost or localhost:1883")
    return host, int(port)


def address(args: argparse.Namespace) -> Address:
    """The broker that the arguments name.

    Raises:
        OSError: The password file cannot be read.
    """
    host, port = args.broker
    return Address(
        host=host,
        port=port,
        username=args.username,
        password=args.password_file.read_text().strip() if args.password_file else None,
        base_topic=base_topic(args),
    )


def topic_of(base: str, home: str, dialect: str) -> str:
    """A base topic, with the names for which it has places.

    Raises:
        ValueError: It has a place for something else.
    """
    try:
        return base.format(home=home, dialect=dialect)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):
        raise ValueError(f"--base-topic {base!r} may hold {{home}} and {{dialect}} alone") from None


def base_topic(args: argparse.Namespace) -> str:
    """The topic asked for, which may be none at all, or the dialect's own."""
    return str(args.dialect if args.base_topic is None else args.base_topic)
