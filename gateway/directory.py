"""Who is who on the networks: a renamed device is still the one that the settings name.

A network that describes its devices tells an address with each, which stays when the name changes.
The directory remembers by which of the settings' names each address was last called. What it knows
is one serialisable structure, kept with the states of the devices: it must outlast a restart, for
the list that a network leaves with the broker tells present names alone.
"""

import math
from collections.abc import Callable, Iterable

import msgspec

from gateway.dialects.news import Bridge, Described, Listed, Met, News, Renamed
from gateway.dialects.protocol import Reading, Signal

MOST_DEVICES = 512
"""So many are remembered of a network; beyond it those met longest ago are forgotten."""

LIVE_S = 24 * 3600.0
"""A device that is not said to be out of reach is taken to be there for so long after it spoke."""

BRIDGE_AWAY_S = 300.0
"""A bridge that is back sooner was only started again; its devices were not out of reach."""

ROW = ""
"""Under which its state lies among those of the devices: no device of the settings has no name."""

_UNMET = "?"  # stands before the name of a device that was renamed before its address was told


class Entry(msgspec.Struct):
    """What is known of one address.

    Attributes:
        name: What it is called now; empty where it has left the network.
        was: The last of the settings' names that it bore.
    """

    name: str
    was: str | None = None


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


class Directory:
    """Pure: the same news at the same times give the same names.

    Args:
        knows: Whether the settings name a device so.
        parts: Which devices of the settings are parts of a node, `<node>/...`.

    Attributes:
        changed: Whether there is something to store since it was last frozen.
    """

    def __init__(
        self,
        knows: Callable[[str], bool],
        parts: Callable[[str], Iterable[str]] = lambda _: (),
    ) -> None:
        self._knows = knows
        self._parts = parts
        self._known = Known()
        self._aliases: dict[str, str] = {}
        self._deadline = math.inf
        self._met: dict[tuple[str, str], float] = {}  # when an address was last told by its bearer
        self._stale = False  # a name has changed since the aliases were found
        self.changed = False

    def knows(self, device: str) -> bool:
        """Whether the settings name a device so."""
        return self._knows(device)

    def called(self, device: str) -> str:
        """The settings' name for a device, or its own where they have none for it.

        A part of a renamed device (`kettle/switch:1`) is renamed with it.
        """
        if not self._aliases or self._knows(device):
            return device
        if (alias := self._aliases.get(device)) is not None:
            return alias
        whole, _, part = device.partition("/")
        alias = f"{self._aliases.get(whole, whole)}/{part}"
        return alias if part and self._knows(alias) else device

    def parts(self, node: str) -> list[str]:
        """The settings' devices that come and go with a node; one that is listed has its own word.

        Names on Zigbee may have a stroke in them.
        """
        nets = self._known.nets.values()
        listed = {entry.name for net in nets for entry in net.devices.values()}
        return [one for one in self._parts(self.called(node)) if one not in listed]

    def learn(self, news: Iterable[News], now: float) -> list[Reading]:
        """Takes in what networks say of themselves, at `now` by the hub's clock.

        Returns:
            Which devices are back in reach because their bridge is.
        """
        back: list[Reading] = []
        for one in news:
            net = self._known.nets.setdefault(one.network, Net())
            match one:
                case Met(network, device):
                    if not self._is_anothers(network, net, device, now):
                        self._meet(net, device)
                case Listed(_, devices):
                    self._list(net, devices)
                case Renamed(_, old, new):
                    self._rename(net, old, new)
                case Bridge(_, online):
                    back += self._bridge(net, now, online=online)
        if self._stale:
            self._find_aliases()
        return back

    def due(self, now: float) -> list[Reading]:
        """Which devices have by `now` been out of reach with their bridge for long enough.

        The text of each reading names the bridge.
        """
        if now < self._deadline:
            return []
        gone: list[Reading] = []
        for base, net in self._known.nets.items():
            if net.away_since is not None and now - net.away_since >= BRIDGE_AWAY_S:
                going = self._going(net)
                net.went += going
                gone += [Reading(name, Signal.ONLINE, 0.0, text=base) for name in going]
        self.changed |= bool(gone)
        self._set_deadline()
        return gone

    def away(self) -> dict[str, int]:
        """The bridges that are away, and with each how many of the settings' devices."""
        nets = self._known.nets.items()
        return {
            base: len(net.went) for base, net in nets if net.away_since is not None and net.went
        }

    def note(self, told: Iterable[Reading]) -> None:
        """Takes note of which of the settings' devices can be reached by their own word."""
        unreachable = self._known.unreachable
        for one in told:
            if one.signal is not Signal.ONLINE:
                continue
            if bool(one.value) == (one.device in unreachable):
                unreachable.symmetric_difference_update({one.device})
                self.changed = True

    def freeze(self) -> bytes:
        """Everything it remembers, as JSON."""
        self.changed = False
        return msgspec.json.encode(self._known)

    def thaw(self, frozen: bytes) -> None:
        """Goes on from what :meth:`freeze` gave, perhaps under other settings.

        Raises:
            ValueError: It is not such a thing.
        """
        self._known = msgspec.json.decode(frozen, type=Known)
        for net in self._known.nets.values():
            borne = {entry.was for entry in net.devices.values()}
            for entry in net.devices.values():
                if self._knows(entry.name) and entry.name not in borne:
                    entry.was = entry.name
                    borne.add(entry.was)
        self._set_deadline()
        self._find_aliases()

    def _meet(self, net: Net, device: Described) -> None:
        entry = net.devices.get(device.address)
        if entry is not None and entry.name == device.name:
            return
        was = None if entry is None else entry.was
        if (unmet := net.devices.pop(_UNMET + device.name, None)) is not None:
            was = unmet.was
        self._enter(net, device.address, Entry(device.name, was))

    def _is_anothers(self, network: str, net: Net, device: Described, now: float) -> bool:
        """Whether a device claims the address of another that is there: it must not speak for it.

        Of one that was not heard since the hub was started nobody knows better than that it is.
        """
        key, entry = (network, device.address), net.devices.get(device.address)
        others = entry is not None and entry.name not in ("", device.name)
        if entry is not None and others and device.name != entry.was:
            bearer = self.called(entry.name)
            heard = self._met.setdefault(key, now)
            if bearer not in self._known.unreachable and now - heard < LIVE_S:
                return True
        self._met.pop(key, None)
        self._met[key] = now
        if len(self._met) > MOST_DEVICES:
            del self._met[next(iter(self._met))]
        return False

    def _list(self, net: Net, devices: Iterable[Described]) -> None:
        listed = {one.address: one for one in devices}
        names = {one.name for one in listed.values()}
        for address, entry in list(net.devices.items()):
            if address not in listed and not (address.startswith(_UNMET) and entry.name in names):
                self._stale |= bool(entry.name)
                entry.name = ""
        for one in list(listed.values())[:MOST_DEVICES]:
            self._meet(net, one)

    def _rename(self, net: Net, old: str, new: str) -> None:
        addresses = {entry.name: address for address, entry in net.devices.items() if entry.name}
        address = addresses.get(old) or addresses.get(new) or _UNMET + new
        entry = net.devices.get(address, Entry(old))
        self._enter(net, address, Entry(new, old if self._knows(old) else entry.was))

    def _enter(self, net: Net, address: str, entry: Entry) -> None:
        """Puts a device where the one met last stands; a name is its last bearer's alone."""
        if self._knows(entry.name):
            entry.was = entry.name
        for other in net.devices.values():
            if entry.was is not None and other.was == entry.was:
                other.was = None
            if other.name == entry.name:
                other.name = ""
        net.devices.pop(address, None)
        net.devices[address] = entry
        while len(net.devices) > MOST_DEVICES:
            del net.devices[next(iter(net.devices))]
        self._stale = True

    def _find_aliases(self) -> None:
        entries = [
            (address, entry)
            for net in self._known.nets.values()
            for address, entry in net.devices.items()
            if entry.name and not self._knows(entry.name)
        ]
        borne = {one.name for net in self._known.nets.values() for one in net.devices.values()}
        self._aliases = {
            entry.name: entry.was
            for _, entry in entries
            if entry.was and entry.was not in borne and self._knows(entry.was)
        }
        self._aliases |= {one.name: address for address, one in entries if self._knows(address)}
        self.changed, self._stale = True, False

    def _bridge(self, net: Net, now: float, *, online: bool) -> list[Reading]:
        if online == (net.away_since is None):
            return []
        self.changed = True
        net.away_since = None if online else now
        self._set_deadline()
        back = [name for name in net.went if name not in self._known.unreachable] if online else []
        net.went = []
        return [Reading(name, Signal.ONLINE, 1.0) for name in back]

    def _going(self, net: Net) -> list[str]:
        """The devices of a network that the settings name, and that have not gone already."""
        names = (self.called(entry.name) for entry in net.devices.values() if entry.name)
        gone = self._known.unreachable.union(net.went)
        return [name for name in dict.fromkeys(names) if self._knows(name) and name not in gone]

    def _set_deadline(self) -> None:
        """When `due` has something to say at the earliest."""
        nets = self._known.nets.values()
        away = (net.away_since for net in nets if net.away_since is not None and not net.went)
        self._deadline = min(away, default=math.inf) + BRIDGE_AWAY_S
