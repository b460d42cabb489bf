"""What was found, in plain English: rows for a table, and what to do about what is amiss."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gateway.dialects.network import Network
from gateway.dialects.protocol import Signal
from gateway.discovery.finding import Findings, Found
from gateway.discovery.roles import Role, roles
from gateway.report.terminal import shown
from gateway.settings import Settings

_SHOWN = 5
_WORDS: dict[Signal, str] = {
    Signal.OCCUPANCY: "movement",
    Signal.OPEN: "open or closed",
    Signal.SWITCH: "on or off",
    Signal.USE: "uses",
    Signal.ACTION: "presses",
    Signal.WATER: "water",
    Signal.GAIT_SPEED: "walking speed",
    Signal.BATTERY_LOW: "battery low",
    Signal.LINK_QUALITY: "signal",
}


class Row(NamedTuple):
    """One device in the table.

    Attributes:
        device: Its name in its dialect.
        network: Where it speaks.
        looks: Model and power source, as far as they are known.
        tells: What it has told so far.
        could_be: What it is in the settings, or could be.
    """

    device: str
    network: str
    looks: str
    tells: str
    could_be: str


HEADINGS = Row("device", "speaks", "looks like", "has told", "could be")


def rows(findings: Findings, settings: Settings) -> list[Row]:
    """All devices: those that the settings lack first, and by name."""
    known = {one.heard_as: one.name for one in settings.sensors}

    def row(found: Found) -> tuple[bool, Row]:
        address = found.described.address if found.described is not None else ""
        name = known.get(found.name) or known.get(address)
        could_be = _could_be(found) if name is None else f"in the settings as {name}"
        cells = (_safe(found.name), _safe(spoken(found.network)), _looks(found), _tells(found))
        return name is not None, Row(*cells, could_be)

    return [made for _, made in sorted(map(row, findings.devices.values()))]


def remarks(findings: Findings, settings: Settings, *, left_out: int) -> Iterator[str]:
    """What the reader should know beside the table."""
    if not findings.devices:
        yield (
            "No device was heard. Wake one (open a door, press a button), wait longer with "
            "--seconds, or look whether the broker lets this user read its topics."
        )
    heard = {(one.dialect, one.base) for one in settings.heard}
    for network in findings.networks:
        if (network.dialect, network.base) not in heard:
            yield f"The settings do not name {spoken(network)}: add it as [[networks]]."
    yield from (
        f"The bridge of {_safe(base)} is away: none of its devices can be heard."
        for base, online in findings.bridges.items()
        if not online
    )
    yield from (_refused(base, number) for base, number in findings.refused.items() if number)
    yield from _missing(findings, settings)
    yield from _namesakes(findings)
    if findings.strangers:
        some = ", ".join(_safe(topic) for topic, _ in findings.strangers.most_common(_SHOWN))
        yield f"{len(findings.strangers):,} topics are in no dialect known here, such as {some}."
    if left_out:
        yield f"{left_out:,} messages were more than could be kept, and were not looked at."


def _refused(base: str, number: int) -> str:
    messages = "1 message" if number == 1 else f"{number:,} messages"
    below = f"below {_safe(base)!r}" if base else "without a base topic"
    return (
        f"{messages} {below} could not be used; once a hub listens there, "
        "`telecare-gateway quarantine` shows each with its reason."
    )


def _missing(findings: Findings, settings: Settings) -> Iterator[str]:
    """Sensors of the settings of which nothing was heard or listed."""
    found = {one.name for one in findings.devices.values()}
    found |= {one.described.address for one in findings.devices.values() if one.described}
    missing = [one.heard_as for one in settings.sensors if one.heard_as not in found]
    if missing:
        names = ", ".join(dict.fromkeys(missing))
        yield f"In the settings, and not heard so far: {names}."


def _namesakes(findings: Findings) -> Iterator[str]:
    """Names that two devices bear: the hub could not tell them apart."""
    times = Counter(name for _, name in findings.devices)
    twice = [_safe(name) for name, number in times.items() if number > 1]
    if twice:
        yield f"Two devices bear the same name, so call one of them otherwise: {', '.join(twice)}."


def spoken(network: Network) -> str:
    """A network in words."""
    if not network.base:
        return f"{network.dialect} without a base topic"
    same = network.base == network.dialect
    return network.dialect if same else f"{network.dialect} below {network.base}"


def _could_be(found: Found) -> str:
    return "; ".join(map(_role, roles(found)))


def _role(role: Role) -> str:
    if not role.kind:
        return role.doubt
    place = role.place.replace("_", " ") or "somewhere:"
    words = role.kind.replace("_", " ")
    told = f"{place} {words}" if role.place else f"{words}, its name tells no place"
    return f"{told} ({role.doubt})" if role.doubt else told


def _looks(found: Found) -> str:
    described = found.described
    make = f"{described.vendor} {described.model}".strip() if described is not None else ""
    reach = "out of reach" if found.online is False else ""
    return ", ".join(filter(None, (_safe(make), found.power, reach)))


def _tells(found: Found) -> str:
    told = [_WORDS.get(one, one.replace("_", " ")) for one in found.signals]
    return ", ".join(sorted(told)) or "nothing yet"


def _safe(text: str) -> str:
    """A name of somebody else's making, in bounds."""
    return shown(text)[:64]
