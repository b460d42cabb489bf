"""What a directory of the networks' devices remembers, and keeps in the journal."""

import msgspec

ROW = ""
"""Under which its state lies among those of the devices: no device of the settings has no name."""


class Entry(msgspec.Struct, omit_defaults=True):
    """What is known of one address.

    Attributes:
        name: What it is called now; empty where it has left the network.
        was: The last of the settings' names that it bore.
        rivals: Who else says that it is this one, of those the settings have by the address.
    """

    name: str
    was: str | None = None
    rivals: list[str] = []


class Net(msgspec.Struct):
    """What is known of one network.

    Attributes:
        devices: By address, those met longest ago first.
        away_since: When its bridge went, by the hub's clock; None while it is there.
        went: The settings' names of the devices that were said to have gone with it.
    """

    devices: dict[str, Entry] = {}
    away_since: float | None = None
    went: list[str] = []


class Known(msgspec.Struct):
    """All that a directory remembers.

    Attributes:
        nets: By base topic.
        unreachable: The settings' names of devices that are out of reach by themselves.
    """

    nets: dict[str, Net] = {}
    unreachable: set[str] = set()


def reads(frozen: bytes) -> bool:
    """Whether that is what a directory gave to be stored."""
    try:
        msgspec.json.decode(frozen, type=Known)
    except ValueError:
        return False
    return True


def names_in(frozen: bytes) -> dict[str, frozenset[str]]:
    """Of each name and address of a device all that mean it; nothing where that cannot be read."""
    try:
        known = msgspec.json.decode(frozen, type=Known)
    except ValueError:
        return {}
    found: dict[str, frozenset[str]] = {}
    for net in known.nets.values():
        for address, entry in net.devices.items():
            same = frozenset(one for one in (address, entry.name, entry.was) if one)
            for one in same:
                found[one] = found.get(one, frozenset()) | same
    return found
