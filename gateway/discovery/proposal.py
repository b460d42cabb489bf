"""The settings that would make a hub hear what was found: tables of TOML, ready to paste."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gateway.dialects.network import Network
from gateway.discovery.finding import Findings, Found
from gateway.discovery.roles import Role, roles
from gateway.settings import Settings

LONGEST = 128
_BARE = re.compile(r"[^a-z0-9]+")
_ADDRESS = re.compile(r"(0x)?[0-9a-f]{4,16}|([0-9a-f]{2}:){5}[0-9a-f]{2}", re.IGNORECASE)
_HEAD = "# Found on the broker. Look at each place before you paste it: a name is only a hint."


class Proposal(NamedTuple):
    """One sensor to be.

    Attributes:
        name: What it would be called.
        found: The device.
        role: What it would be; without a place where the name told none.
    """

    name: str
    found: Found
    role: Role


def proposals(findings: Findings, settings: Settings) -> list[Proposal]:
    """Sensors for all devices that the settings do not have yet; each name is one device's.

    Of two devices that bear one name, on two networks, the settings can only have one.
    """
    taken = {one.name for one in settings.sensors}
    heard = {one.heard_as for one in settings.sensors}
    made: list[Proposal] = []
    for found in findings.devices.values():
        address = found.described.address if found.described is not None else found.name
        if {found.name, address} & heard or not _can_be_named(found.name):
            continue
        fitting = [one for one in roles(found) if one.kind]
        if fitting:
            name = _name(found, fitting[0], taken)
            taken.add(name)
            heard.add(found.name)
            made += [Proposal(name, found, one) for one in fitting]
    return made


def toml(findings: Findings, settings: Settings) -> Iterator[str]:
    """The lines of the proposed settings, with a comment where something must be looked at."""
    yield _HEAD
    yield from _networks(findings.networks, settings.heard)
    for one in proposals(findings, settings):
        yield ""
        yield "[[sensors]]"
        yield f"name = {_text(one.name)}"
        if one.found.name != one.name:
            yield f"device = {_text(one.found.name)}"
        yield f'kind = "{one.role.kind}"{_comment(one.role.doubt)}'
        place = one.role.place or "somewhere"
        unknown = "" if one.role.place else "write here which room or thing it watches"
        yield f'place = "{place}"{_comment(unknown)}'


def _networks(found: Iterable[Network], heard: Iterable[Network]) -> Iterator[str]:
    known = {(one.dialect, one.base) for one in heard}
    for one in found:
        if (one.dialect, one.base) not in known:
            yield ""
            yield "[[networks]]"
            yield f"dialect = {_text(one.dialect)}"
            yield f"base_topic = {_text(one.base)}"


def _name(found: Found, role: Role, taken: set[str]) -> str:
    """Its own name where that is one; else one made of what it is, and always another's."""
    whole = found.name
    if _ADDRESS.fullmatch(whole.rpartition("/")[2]):
        model = found.described.model if found.described is not None else ""
        tail = _BARE.sub("", whole.lower())[-4:]
        whole = "-".join(filter(None, (_BARE.sub("-", model.lower()).strip("-"), role.kind, tail)))
    name, number = whole, 2
    while name in taken:
        name, number = f"{whole[: LONGEST - 5]}-{number}", number + 1
    return name


def _can_be_named(name: str) -> bool:
    return 0 < len(name) <= LONGEST and name.isprintable()


def _text(value: str) -> str:
    """A basic string of TOML."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _comment(words: str) -> str:
    return f"  # {words}" if words else ""
