"""A home in which every device of the golden payloads is fitted, heard by the hub's real parts."""

from collections.abc import Iterator

from contract import Kind
from gateway.dialects.network import Network
from gateway.dialects.networks import spoken_in
from gateway.dialects.protocol import Signal
from gateway.dialects.registry import DIALECTS
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.normaliser import Normaliser
from gateway.normaliser.channels import CHANNELS
from gateway.settings import Sensor
from tests.gateway.dialects.golden import golden
from tests.gateway.fuzz.mutations import Said

KINDS: dict[str, str] = {
    Signal.OCCUPANCY: Kind.MOTION,
    Signal.PRESENCE: Kind.PRESENCE,
    Signal.OPEN: Kind.OPENING,
    Signal.SWITCH: Kind.OPENING,
    Signal.POWER: Kind.APPLIANCE,
    Signal.ENERGY: Kind.APPLIANCE,
    Signal.USE: Kind.APPLIANCE,
    Signal.ACTION: Kind.BUTTON,
    Signal.VIBRATION: Kind.FLUSH,
    Signal.WATER: Kind.FLUSH,
    Signal.TEMPERATURE: Kind.TEMPERATURE,
    Signal.HUMIDITY: Kind.HUMIDITY,
    Signal.GAIT_SPEED: Kind.GAIT_SPEED,
}


def corpus() -> list[Said]:
    """Every golden payload of every dialect that is registered, below the dialect's own name."""
    return [
        (one.topic.replace("base/", f"{dialect}/", 1), one.payload)
        for dialect in DIALECTS
        for one in golden(dialect)
    ]


def sensors() -> list[Sensor]:
    """What listens to each signal of each device there."""
    fitted = dict.fromkeys(_fitted())
    return [Sensor(name=device, kind=kind, place="lounge") for device, kind in fitted]  # type: ignore[arg-type] # the kinds above


def _fitted() -> Iterator[tuple[str, str]]:
    for dialect in DIALECTS:
        for one in golden(dialect):
            for device, said in one.says.items():
                for signal in said:
                    if KINDS.get(signal) in CHANNELS:
                        yield device, KINDS[signal]


def hearing(states: dict[str, bytes], past: Past) -> tuple[Hearing, Normaliser]:
    """The parts of a hub that hear, standing where earlier ones stood."""
    normaliser = Normaliser("h1", sensors())
    normaliser.thaw(states)
    networks = [Network(dialect=one) for one in DIALECTS]
    heard = Hearing(spoken_in(networks), normaliser, Watermark(), past, follows_wall_clock=True)
    return heard, normaliser
