"""Opens what the command line asks for: the one place that knows every sink."""

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from contract import Alert
from gateway.settings import Settings
from simulator.files import log
from simulator.hub_settings.typed import settings_of
from simulator.live.arguments import base_of
from simulator.live.lived import LivedHome
from simulator.live.setting import Setting
from simulator.live.telling import Wanted
from simulator.playing.arguments import address
from simulator.playing.publisher import Say
from simulator.sinks import Sink
from simulator.sinks.alerts import AlertLines, Engines
from simulator.sinks.broker import Brokers
from simulator.sinks.explainer import Explainer, ExplainerJson
from simulator.sinks.recorder import Recorder

_WAYS = ("broker", "centre", "record", "engine", "alerts", "view", "explain")


class UsageError(Exception):
    """The arguments do not go together. The sentence says why."""


@dataclass
class Outputs:
    """All that listens.

    Attributes:
        sinks: In the order in which they are told.
        brokers: Where messages go, if any do.
    """

    sinks: list[Sink] = field(default_factory=list)
    brokers: Brokers | None = None


def wanted_of(args: argparse.Namespace, *, spoiled: bool) -> Wanted:
    """What the outputs listen to.

    Raises:
        UsageError: There are none.
    """
    chosen = {name: getattr(args, name) for name in _WAYS}
    if not any(chosen.values()):
        raise UsageError(f"say where it goes: one or more of {', '.join(f'--{n}' for n in _WAYS)}")
    if args.centre and args.view:
        raise UsageError("--view watches without a centre: leave one of them out")
    if not args.centre and (args.hubs or args.folder or args.codes):
        raise UsageError("--hubs, --folder and --codes are for hubs against a --centre")
    speaks = args.broker or args.view or args.centre
    messages = bool(speaks or (spoiled and _detects(args)))
    return Wanted(messages=messages, reasons=bool(args.explain or args.view))


def open_outputs(args: argparse.Namespace, setting: Setting, say: Say, stack: ExitStack) -> Outputs:
    """Opens all but what needs the homes themselves.

    Raises:
        BrokerError: A broker refuses us.
        OSError: A file cannot be written.
        ValueError: Topics of homes would be the same.
    """
    outputs = Outputs()
    if args.broker:
        outputs.brokers = stack.enter_context(_brokers(args, setting, say))
        outputs.sinks.append(outputs.brokers)
    if args.record:
        outputs.sinks.append(stack.enter_context(Recorder(args.record)))
    if args.explain:
        outputs.sinks.append(_explainer(args, setting, stack))
    return outputs


def engines(
    args: argparse.Namespace,
    setting: Setting,
    homes: list[LivedHome],
    stack: ExitStack,
    *,
    watched: Callable[[int, Alert], None] | None = None,
) -> Engines | None:
    """Detects here, where that is asked for.

    Args:
        args: Of the command.
        setting: What is lived.
        homes: In its order.
        stack: Closes what is opened.
        watched: Is told of alerts in place of the terminal.

    Raises:
        OSError: The file for alerts cannot be written.
    """
    if not _detects(args):
        return None
    raised = watched
    if args.alerts:
        keep = stack.enter_context(log(args.alerts))
        raised = AlertLines(setting.street.time_zone, _print, keep)
    spoken = [home.spoiled or watched is not None for home in homes]
    heard = [hub_settings_of(setting, home) for home in homes]
    return Engines(heard, spoken, raised or AlertLines(setting.street.time_zone, _print))


def hub_settings_of(setting: Setting, home: LivedHome) -> Settings:
    """What the hub of a home must know."""
    return settings_of(
        home.name,
        setting.dialects(home.name),
        time_zone=setting.street.time_zone,
        people=home.home.household.residents,
    )


def _detects(args: argparse.Namespace) -> bool:
    return bool(args.engine or args.alerts)


def _brokers(args: argparse.Namespace, setting: Setting, say: Say) -> Brokers:
    names = setting.names
    base = base_of(args, len(names))
    named = replace(address(args), base_topic=base)
    where = [replace(named, host=named.host.replace("{home}", name)) for name in names]
    return Brokers(where, names, connections=args.connections, say=say)


def _explainer(args: argparse.Namespace, setting: Setting, stack: ExitStack) -> Sink:
    if args.explain == "-":
        return Explainer(setting.names, setting.street.time_zone, _print)
    return ExplainerJson(setting.names, stack.enter_context(log(Path(args.explain))))


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
