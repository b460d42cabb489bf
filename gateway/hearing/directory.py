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
from gateway.hearing.known_devices import Entry, Known, Net

MOST_DEVICES = 512
"""So many are remembered of a network; beyond it those met longest ago are forgotten."""

LIVE_S = 24 * 3600.0
"""A device that is not said to be out of reach is taken to be there for so long after it spoke."""

BRIDGE_AWAY_S = 300.0
"""A bridge that is back sooner was only started again; its devices were not out of reach."""

MOST_BEARERS = 8
"""So many that say they are the same one are told apart; the last to say so is among them."""

_UNMET = "?"  # stands before the name of a device that was renamed before its address was told


class Directory:
    """Pure: the same news at the same times give the same names.

    Args:
        knows: Whether the settings name a device so.
        parts: Which devices of the settings are parts of a node, `<node>/...`.
        named: How the settings call the sensor that they hear as a device; None where they do not.

    Attributes:
        changed: Whether there is something to store since it was last frozen.
    """

    def __init__(
        self,
        knows: Callable[[str], bool],
        parts: Callable[[str], Iterable[str]] = lambda _: (),
        named: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._knows = knows
        self._parts = parts
        self._named = named
        self._known = Known()
        self._aliases: dict[str, str] = {}
        self._deadline = math.inf
        self._met: dict[tuple[str, str, str], float] = {}  # when each last said that it is one
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
        if (alias := self._aliases.get(device)) is not None and self._knows(alias):
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
        whole = node if self._knows(node) else self._aliases.get(node, node)
        return [one for one in self._parts(whole) if one not in listed]

    def claims(self, news: Iterable[News]) -> dict[str, str]:
        """Which devices of the settings strangers say that they are, by the strangers' names."""
        found: dict[str, str] = {}
        for one in news:
            if isinstance(one, Met) and not self._knows(one.device.name):
                net = self._known.nets.get(one.network, Net())
                entry = net.devices.get(one.device.address, Entry(""))
                known = entry.name if self._knows(entry.name) else entry.was
                if self._is_listed(one.device.address):
                    found[one.device.name] = one.device.address
                elif known is not None and self._knows(known):
                    found[one.device.name] = known
        return found

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
                    self._claim(network, net, device, now)
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

    def _claim(self, network: str, net: Net, device: Described, now: float) -> None:
        """A device says which one it is. One that is there does not lose its address to another.

        Where the settings name the address, and none of those who say so, nobody knows which is.
        """
        address, name = device.address, device.name
        self._met.pop((network, address, name), None)
        self._met[network, address, name] = now
        if len(self._met) > MOST_DEVICES:
            del self._met[next(iter(self._met))]
        listed = self._is_listed(address)
        if listed and self._is_other(address, name):
            return  # by the settings it is another one, as which it is heard
        entry = net.devices.get(address, Entry(""))
        bearers = [
            one
            for one in dict.fromkeys([entry.name, *entry.rivals])
            if one == name or self._is_there(network, address, one, now)
        ]
        if self._is_meant(address, name, entry):
            bearers = [name, *(one for one in bearers if one != name)]
        elif name not in bearers:
            bearers = [*bearers[: MOST_BEARERS - 1], name]
        self._bear(net, address, bearers if listed else bearers[:1])

    def _bear(self, net: Net, address: str, bearers: list[str]) -> None:
        """Enters who says that it is the one with an address, who is to be believed first."""
        self._meet(net, Described(address, bearers[0]))
        entry = net.devices[address]
        self._stale |= entry.rivals != bearers[1:]
        entry.rivals = bearers[1:]

    def _is_there(self, network: str, address: str, name: str, now: float) -> bool:
        """Whether one that said so may say so still, and may be the one.

        Of one that was not heard since the hub was started nobody knows better than that it is.
        """
        if not name or (self._is_listed(address) and self._is_other(address, name)):
            return False
        heard = self._met.setdefault((network, address, name), now)
        return self.called(name) not in self._known.unreachable and now - heard < LIVE_S

    def _is_meant(self, address: str, name: str, entry: Entry) -> bool:
        """Whether by the settings a device of this name is the one with an address."""
        unknown = entry.was is None and not self._knows(entry.name)
        by_name = name == entry.was or (unknown and self._knows(name))
        return by_name or name in (address, self._named(address))

    def _is_other(self, address: str, name: str) -> bool:
        return name != address and self._knows(name)

    def _is_listed(self, address: str) -> bool:
        """Whether the settings name an address, or a part of the device that has it."""
        return self._knows(address) or any(self._parts(address))

    def leave(self, device: str) -> None:
        """One of those who say that they are the same one is out of reach."""
        for net in self._known.nets.values():
            for address, entry in list(net.devices.items()):
                if entry.rivals and device in (entry.name, *entry.rivals):
                    rest = [one for one in (entry.name, *entry.rivals) if one != device]
                    self._bear(net, address, rest)
        if self._stale:
            self._find_aliases()

    def _list(self, net: Net, devices: Iterable[Described]) -> None:
        listed = {one.address: one for one in devices}
        names = {one.name for one in listed.values()}
        for address, entry in list(net.devices.items()):
            if address not in listed and not (address.startswith(_UNMET) and entry.name in names):
                self._stale |= bool(entry.name)
                entry.name = ""
        for one in list(listed.values())[:MOST_DEVICES]:
            self._bear(net, one.address, [one.name])

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
        self._aliases |= {
            one.name: address
            for address, one in entries
            if self._is_listed(address)
            and (not one.rivals or self._is_meant(address, one.name, one))
        }
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
