"""`telecare-simulator run`: lives in made-up homes, told live by their devices."""

import argparse
import sys

from gateway.errors import HubError
from simulator.hubs.errors import JoinError
from simulator.live.arguments import add_homes, add_outputs
from simulator.live.outputs import UsageError
from simulator.live.session import live
from simulator.living.episode_spec import HELP
from simulator.playing.publisher import BrokerError
from simulator.scenarios import ScenarioError

_EPILOG = f"""\
{HELP}
examples
  telecare-simulator run --home home1 --broker localhost --days 1
  telecare-simulator run --home home3 --broker localhost --days 60 --start 2026-03-01 \\
      --speed 3600 --episode uti:home3:day40
  telecare-simulator run --homes 2000 --broker localhost --seconds 60 --report
  telecare-simulator run --scenario uti-in-week-4 --speed 0 --engine
  telecare-simulator run --centre http://localhost:8000 --hubs 20 --folder hubs
  telecare-simulator run --homes 5 --view --engine --speed 60

At speed 1, from now on, a hub lives by its own clock. At any other speed let it keep time by its
events: `telecare-simulator hub-settings --home HOME` prints settings for either. Several homes
speak below {{home}}/{{dialect}}, unless --base-topic says otherwise; --broker may hold {{home}}.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    add_homes(parser)
    add_outputs(parser)


def run(args: argparse.Namespace) -> int:
    """Lives, and says what came of it."""
    try:
        live(args)
    except (ScenarioError, UsageError) as error:
        print(f"telecare-simulator run: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        raise  # nobody reads our output any more: the caller knows what to do
    except (BrokerError, HubError, JoinError, OSError, ValueError) as error:
        print(f"telecare-simulator run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("telecare-simulator run: stopped before the end", file=sys.stderr)
        return 130
    return 0
