"""`telecare-simulator play`: a recording, as the devices of its home would have told it."""

import argparse
import sys
import time

from simulator.arguments import recording_to_read, speed
from simulator.devices.cast import Cast
from simulator.devices.voices import VOICES, Voice
from simulator.playing.arguments import add_broker, address
from simulator.playing.pace import Pace
from simulator.playing.player import Played, play
from simulator.playing.publisher import Address, BrokerError, Publisher
from simulator.playing.recording import HomeError, choose_home, events_of
from simulator.progress import Progress

_EPILOG = """\
examples
  telecare-simulator play tihm.jsonl.gz --home tihm-c55f8 --broker localhost --speed 3600
  telecare-simulator play home.jsonl --broker localhost:1884 --speed 0
  telecare-simulator play home.jsonl --broker localhost --dialect shelly

Every event becomes the messages that make a hub see it once, where it was and when. Let the hub
keep time by its events: `telecare-simulator hub-settings` prints such settings. The last line comes
when the broker has acknowledged every message.

A broker lets go, without a word, of what a slower hub has not taken: Mosquitto beyond 1,000
messages. For a fast play give it `max_queued_messages 0`.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("recording", type=recording_to_read, metavar="RECORDING")
    parser.add_argument("--home", metavar="HOME", help="which, where the recording holds several")
    parser.add_argument(
        "--speed", type=speed, default=3600.0, metavar="S", help="times life (3600); 0: no waiting"
    )
    add_broker(parser)


def run(args: argparse.Namespace) -> int:
    """Plays, and says what came of it."""
    try:
        home = choose_home(args.recording, args.home, lambda told: print(told, file=sys.stderr))
        played = _play(args, home, address(args))
    except (HomeError, BrokerError, OSError) as error:
        print(f"telecare-simulator play: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("telecare-simulator play: stopped before the end", file=sys.stderr)
        return 130
    report(home, played)
    return 0


def report(home: str, played: Played) -> None:
    """Says what was played."""
    for reason, count in sorted(played.untold.items()):
        print(f"{count:,} events not told: {reason}", file=sys.stderr)
    print(f"{home}: {played.events:,} events in {played.messages:,} messages, all acknowledged")


def voice(args: argparse.Namespace) -> Voice:
    """The dialect asked for. One that tells no time is complained of at any speed but life's."""
    speaks = VOICES[args.dialect]()
    if not speaks.tells_time and args.speed != 1:
        print(
            f"{args.dialect} tells no time: a hub dates what it hears on arrival. "
            "Only --speed 1 keeps the times.",
            file=sys.stderr,
        )
    return speaks


def _play(args: argparse.Namespace, home: str, broker: Address) -> Played:
    cast = Cast(events_of(args.recording, home))
    with (
        Progress(f"playing {home}", cast.events, unit="events") as progress,
        Publisher(broker, progress.say) as publisher,
    ):
        return play(
            events_of(args.recording, home),
            cast,
            publisher=publisher,
            pace=Pace(args.speed, clock=time.monotonic, sleep=time.sleep),
            voice=voice(args),
            advance=progress.advance,
        )
