"""From what was overheard to networks and devices. Pure, and the same in any order of topics.

No dialect is named here: each says for itself which messages are a sure sign of it
(:meth:`gateway.dialects.protocol.Dialect.base_of`), and is then asked to read all that lies below.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.dialects.network import LONGEST_BASE, Network, slip_in
from gateway.dialects.networks import understands
from gateway.dialects.news import Bridge, Described, Listed, Met, News
from gateway.dialects.protocol import Decoded, Dialect, DialectError, Signal
from gateway.dialects.registry import DIALECTS
from gateway.discovery.samples import Sample

MOST_NETWORKS = 32
"""Those with the most signs; a home has two or three."""

_OTHERS = ("homeassistant/", "$")
"""Where programs tell each other what there is, rather than devices what they see."""


@dataclass(slots=True)
class Found:
    """One device.

    Attributes:
        name: In its dialect, as `device` of the settings has it.
        network: Where it speaks.
        described: How its network describes it, where it does.
        signals: What it has told, with the last value of each.
        actions: The words of the actions that it told.
        messages: How many of its messages held something to use.
        dated: Whether it tells the time itself.
        online: Whether it can be reached, where that is told.
    """

    name: str
    network: Network
    described: Described | None = None
    signals: dict[Signal, float] = field(default_factory=dict)
    actions: set[str] = field(default_factory=set)
    messages: int = 0
    dated: bool = False
    online: bool | None = None

    @property
    def power(self) -> str:
        """`battery` or `mains`; empty where nothing tells."""
        if self.described is not None and self.described.power:
            return self.described.power
        if {Signal.BATTERY, Signal.BATTERY_LOW} & self.signals.keys():
            return "battery"
        return "mains" if {Signal.POWER, Signal.ENERGY} & self.signals.keys() else ""


@dataclass(slots=True)
class Findings:
    """All that was found.

    Attributes:
        networks: Each with the number of its messages.
        devices: By network and name.
        bridges: By base topic, whether the network's bridge is there.
        refused: By base topic, how many messages its dialect could not use.
        strangers: Topics that no network here understands, with how many messages each had.
    """

    networks: Counter[Network] = field(default_factory=Counter)
    devices: dict[tuple[str, str], Found] = field(default_factory=dict)
    bridges: dict[str, bool] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    strangers: Counter[str] = field(default_factory=Counter)


def find(samples: Iterable[Sample], heard: Iterable[Network] = ()) -> Findings:
    """Makes sense of what was overheard.

    Args:
        samples: All of it.
        heard: Networks that the settings name already: they are looked for in any case.
    """
    kept = [one for one in samples if not one.topic.startswith(_OTHERS)]
    networks = _networks(kept, list(heard))
    dialects = [(one, DIALECTS[one.dialect](one.base)) for one in networks]
    findings = Findings()
    for sample in kept:
        used = any(_take(sample, *one, findings) for one in dialects)
        if not used and not any(_claims(sample, *one) for one in dialects):
            findings.strangers[sample.topic] += sample.said
    return findings


def _networks(samples: list[Sample], networks: list[Network]) -> list[Network]:
    """Those that are known, and those of which there is a sure sign, each where it may stand."""
    signs: Counter[tuple[str, str]] = Counter()
    probes = {name: make("probe") for name, make in DIALECTS.items()}
    for sample in samples:
        for name, probe in probes.items():
            bases = {probe.base_of(sample.topic, payload) for payload in sample.payloads}
            signs.update((name, base) for base in bases if base is not None)
    order = list(DIALECTS)
    likely = [sign for sign, _ in signs.most_common(MOST_NETWORKS) if len(sign[1]) <= LONGEST_BASE]
    for name, base in sorted(likely, key=lambda one: (order.index(one[0]), one)):
        network = Network(dialect=name, base_topic=base)
        if slip_in(network, networks) is None:
            networks.append(network)
    return networks


def _take(sample: Sample, network: Network, dialect: Dialect, findings: Findings) -> bool:
    """Has a dialect read what was said on a topic; whether there was something to use."""
    if not understands(dialect, sample.topic):
        return False
    of_it = False
    for payload in sample.payloads:
        try:
            decoded = dialect.decode(sample.topic, payload)
        except DialectError:
            findings.refused[network.base] += 1
            continue
        of_it |= bool(decoded.readings or decoded.news or decoded.problems)
        findings.refused[network.base] += bool(decoded.problems)
        _note_readings(decoded, network, findings)
        _note_news(decoded.news, network, findings)
    if of_it:
        findings.networks[network] += sample.said
    return of_it


def _claims(sample: Sample, network: Network, dialect: Dialect) -> bool:
    """Whether it is the dialect's, though there is nothing in it for a hub."""
    signs = {dialect.base_of(sample.topic, payload) for payload in sample.payloads}
    return network.base in signs or understands(dialect, sample.topic)


def _note_readings(decoded: Decoded, network: Network, findings: Findings) -> None:
    for device in {one.device for one in decoded.readings}:
        _device(device, network, findings).messages += 1
    for one in decoded.readings:
        found = _device(one.device, network, findings)
        if one.signal is Signal.ONLINE:
            found.online = bool(one.value)
        else:
            found.signals[one.signal] = one.value
        if one.signal is Signal.ACTION:
            found.actions.add(one.text)
        found.dated |= one.at is not None


def _note_news(news: Iterable[News], network: Network, findings: Findings) -> None:
    for one in news:
        match one:
            case Listed(_, devices):
                for described in devices:
                    _device(described.name, network, findings).described = described
            case Met(_, described):
                found = _device(described.name, network, findings)
                found.described = found.described or described
            case Bridge(_, online):
                findings.bridges[network.base] = online
            case _:
                pass


def _device(name: str, network: Network, findings: Findings) -> Found:
    return findings.devices.setdefault((network.base, name), Found(name, network))
