"""`telecare-simulator scenarios`: streets with a story, from the library or a file of yours."""

import argparse
import sys
from pathlib import Path

from simulator.living.street import begun, too_late
from simulator.scenarios.form import Scenario
from simulator.scenarios.keys import keys_text
from simulator.scenarios.library import find, library
from simulator.scenarios.reading import ScenarioError, read_scenario
from simulator.scenarios.schema import schema_text
from simulator.scenarios.staged import Staged

_EPILOG = """\
examples
  telecare-simulator scenarios                          what the library holds
  telecare-simulator scenarios show uti-in-week-4       one of them, as it is written
  telecare-simulator scenarios copy a-quiet-week my.toml
  telecare-simulator scenarios check my.toml
  telecare-simulator scenarios keys                     what may stand in a file
  telecare-simulator scenarios schema > scenario.schema.json

`generate --scenario NAME` records one, `run --scenario NAME` lives in it; both take a file, too.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.set_defaults(work=_list)
    works = parser.add_subparsers(metavar="WHAT")
    works.add_parser("list", help="name what the library holds (where nothing is asked for)")
    show = works.add_parser("show", help="print one as it is written")
    show.add_argument("name", metavar="NAME")
    show.set_defaults(work=_show)
    check = works.add_parser("check", help="say whether a file can be played, and what it comes to")
    check.add_argument("name", metavar="FILE")
    check.set_defaults(work=_check)
    copy = works.add_parser("copy", help="copy one, to change it")
    copy.add_argument("name", metavar="NAME")
    copy.add_argument("file", type=Path, metavar="FILE")
    copy.set_defaults(work=_copy)
    works.add_parser("keys", help="say what may stand in such a file").set_defaults(work=_keys)
    works.add_parser("schema", help="print the JSON Schema of such files").set_defaults(
        work=_schema
    )


def run(args: argparse.Namespace) -> int:
    """Does what was asked."""
    try:
        args.work(args)
    except ScenarioError as error:
        print(f"telecare-simulator scenarios: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"telecare-simulator scenarios: {error}", file=sys.stderr)
        return 1
    return 0


def _list(_args: argparse.Namespace) -> None:
    found = {name: read_scenario(path) for name, path in library().items()}
    width = max(map(len, found))
    for name, scenario in found.items():
        print(f"{name:{width}}  {_size(scenario):19}  {scenario.title}")


def _show(args: argparse.Namespace) -> None:
    print(find(args.name).read_text("utf-8"), end="")


def _check(args: argparse.Namespace) -> None:
    scenario = read_scenario(find(args.name))
    staged = Staged.of(scenario)
    if never := begun(staged.truth(), staged.end)[1]:
        print(f"{args.name}: {too_late(never)}", file=sys.stderr)
    episodes, faults = len(staged.street.planned), len(staged.faults)
    print(
        f"{args.name}: {_size(scenario)} from {scenario.start}, "
        f"{_count(episodes, 'episode')}, {_count(faults, 'fault')}"
    )


def _copy(args: argparse.Namespace) -> None:
    text = find(args.name).read_bytes()
    with args.file.open("xb") as out:  # never over a file that is there
        out.write(text)
    print(f"{args.file}: a copy of {args.name}")


def _keys(_args: argparse.Namespace) -> None:
    print(keys_text(), end="")


def _schema(_args: argparse.Namespace) -> None:
    print(schema_text(), end="")


def _size(scenario: Scenario) -> str:
    return f"{_count(scenario.homes, 'home')}, {_count(scenario.days, 'day')}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
