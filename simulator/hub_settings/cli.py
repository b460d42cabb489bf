"""`telecare-simulator hub-settings`: for a hub to hear what is played or lived."""

import argparse
import sys

from simulator.arguments import positive, recording_to_read
from simulator.devices.cast import Cast
from simulator.devices.voices import VOICES
from simulator.hub_settings.settings import HubFor, Value, hub_settings, sensor_as_fitted, sensor_of
from simulator.living.senses.registry import roles_of
from simulator.playing.arguments import add_broker, base_topic, topic_of
from simulator.playing.recording import HomeError, choose_home, events_of
from simulator.scenarios import ScenarioError, Staged
from simulator.scenarios.households import household, number_of
from simulator.scenarios.library import load

_EPILOG = """\
examples
  telecare-simulator hub-settings tihm.jsonl.gz --home tihm-c55f8 --broker localhost \\
      --data data --centre http://localhost:8000 > hub.toml
  telecare-simulator hub-settings --home home1 --broker localhost --data data > hub.toml
  telecare-simulator hub-settings --scenario five-dialects --home home3 --broker localhost \\
      --data data > hub.toml

With a recording, the sensors are those that speak in it. Without one, they are those of a made-up
home, as `telecare-simulator run --home` lives in it, or of a home of a scenario, which speaks below
HOME/DIALECT and may speak several dialects.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("recording", nargs="?", type=recording_to_read, metavar="RECORDING")
    parser.add_argument("--scenario", metavar="NAME|FILE", help="that the home is of")
    parser.add_argument("--home", metavar="HOME", help="which home; needed without a recording")
    parser.add_argument("--hub", metavar="ID", help="the hub's identifier (hub-HOME)")
    parser.add_argument("--data", required=True, metavar="DIR", help="the hub's own folder")
    parser.add_argument("--centre", metavar="URL", help="where the hub sends what it knows")
    parser.add_argument(
        "--time-zone", default="Europe/London", metavar="ZONE", help="(Europe/London)"
    )
    parser.add_argument("--people", type=positive, default=1, metavar="N", help="live there (1)")
    parser.add_argument(
        "--clock",
        choices=("events", "wall"),
        help="whose time counts: that of events, or the hub's, as where a dialect tells no time",
    )
    add_broker(parser)


def run(args: argparse.Namespace) -> int:
    """Prints the settings."""
    try:
        hub, sensors = _of_scenario(args) if args.scenario else _of_home(args)
    except (HomeError, OSError, ValueError) as error:
        print(f"telecare-simulator hub-settings: {error}", file=sys.stderr)
        return 1
    except ScenarioError as error:
        print(f"telecare-simulator hub-settings: {error}", file=sys.stderr)
        return 2
    print(hub_settings(hub, sensors), end="")
    return 0


def _of_home(args: argparse.Namespace) -> tuple[HubFor, list[dict[str, Value]]]:
    home, sensors = _home_and_sensors(args)
    base = base_topic(args)
    if args.recording is None:  # `run` fills it in, `play` takes it as it is
        base = topic_of(base, home, args.dialect)
    spoken = ((args.dialect, base),)
    return _hub(args, home, spoken, people=args.people, time_zone=args.time_zone), sensors


def _of_scenario(args: argparse.Namespace) -> tuple[HubFor, list[dict[str, Value]]]:
    scenario = load(args.scenario)
    if args.home not in scenario.names:
        raise HomeError(f"name a home of the scenario by --home: home1 to home{scenario.homes}")
    dialects = Staged.of(scenario).dialects(args.home)
    lived = household(scenario, number_of(args.home))
    base = "{home}/{dialect}" if args.base_topic is None else args.base_topic
    spoken = tuple(
        (dialect, topic_of(base, args.home, dialect))
        for dialect in dict.fromkeys(dialects.values())
    )
    hub = _hub(args, args.home, spoken, people=lived.residents, time_zone=scenario.time_zone)
    return hub, [sensor_as_fitted(role) for role in roles_of(lived.sensors)]


def _hub(
    args: argparse.Namespace,
    home: str,
    spoken: tuple[tuple[str, str], ...],
    *,
    people: int,
    time_zone: str,
) -> HubFor:
    (dialect, base), *others = spoken
    tells_time = all(VOICES[name]().tells_time for name, _ in spoken)
    host, port = args.broker
    return HubFor(
        home=home,
        hub=args.hub or f"hub-{home}",
        data=args.data,
        host=host,
        port=port,
        dialect=dialect,
        base_topic=base,
        networks=tuple(others),
        username=args.username,
        password_file=str(args.password_file) if args.password_file else None,
        centre=args.centre,
        time_zone=time_zone,
        people=people,
        clock=args.clock or ("events" if tells_time else "wall"),
    )


def _home_and_sensors(args: argparse.Namespace) -> tuple[str, list[dict[str, Value]]]:
    if args.recording is None:
        if args.home is None:
            raise HomeError("name a recording, or a made-up home by --home")
        return args.home, [sensor_as_fitted(role) for role in roles_of()]
    home = choose_home(args.recording, args.home, lambda told: print(told, file=sys.stderr))
    cast = Cast(events_of(args.recording, home))
    return home, [sensor_of(part) for part in cast.parts.values()]
