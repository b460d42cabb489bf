"""`telecare-api outbox`, in words: destinations, dead letters, and having one tried again."""

import tomllib
from pathlib import Path

import msgspec

from api.outbox.service import DeadLetter, DestinationLine, OutboxView, Wanted
from api.refusals import Invalid
from api.services import Services
from api.store.reach import CENTRE

NEWEST = 50
"""Dead letters that are listed."""


def read_wanted(file: Path) -> Wanted:
    """A destination from a TOML file.

    Raises:
        Invalid: The file cannot be read, or is no destination.
    """
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), Wanted)
    except (OSError, ValueError) as error:  # of which those of TOML and of msgspec are
        raise Invalid(f"{file}: {error}") from error


async def show(services: Services) -> str:
    """The destinations and the newest dead letters, a line each."""
    view = await services.outbox.view(CENTRE, limit=NEWEST)
    return "\n".join(lines(view))


def lines(view: OutboxView) -> list[str]:
    """What is shown of an outbox."""
    if not view.destinations:
        return ["nobody is told anything: add a destination with telecare-api outbox --set FILE"]
    found = [_destination(one) for one in view.destinations]
    if view.dead_letters:
        found += ["", "given up; telecare-api outbox --again NUMBER has one tried again:"]
        found += [_dead(one) for one in view.dead_letters]
    return found


def _destination(one: DestinationLine) -> str:
    since = f" since {one.waiting_since:%Y-%m-%d %H:%M} UTC" if one.waiting_since else ""
    off = "" if one.enabled else ", off"
    out = f", {one.left_out} homes left out without consent" if one.left_out else ""
    return (
        f"{one.name} ({one.channel}{off}): {one.delivered} delivered, "
        f"{one.waiting} waiting{since}, {one.retried} tries failed, {one.dead} given up{out}"
    )


def _dead(one: DeadLetter) -> str:
    return (
        f"  {one.id} to {one.destination}: {one.action} of {one.subject}, {one.tries} tries until "
        f"{one.ended_at:%Y-%m-%d %H:%M} UTC: {one.reason}"
    )
