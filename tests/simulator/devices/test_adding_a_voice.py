"""How a dialect is added on both sides, as docs/simulator.md walks through it: Homie.

The first part is what would stand in `gateway/dialects/homie.py`, the second in
`simulator/devices/voices/homie.py`; then a line in each registry, and payloads as devices say them.
https://homieiot.github.io/specification/
"""

from itertools import starmap

import pytest

from contract import Kind
from gateway.dialects.conformance import check_dialect
from gateway.dialects.fields import Gathering, levels_below, nothing, number_of, one_of, word
from gateway.dialects.protocol import Decoded, Signal
from gateway.dialects.registry import DIALECTS
from simulator.devices import Message, Said
from simulator.devices.voices import VOICES
from simulator.devices.voices.protocol import level, no_word
from tests.simulator.devices.events import event
from tests.simulator.devices.hub import below_its_name, essence, told_by

# --- gateway/dialects/homie.py ---------------------------------------------------------------

BOOLEANS = {"motion": Signal.OCCUPANCY, "open": Signal.OPEN}
FLOATS = {"temperature": Signal.TEMPERATURE}


class Homie:
    """`<base>/<device>/sensor/<property>`, a bare value without a time."""

    def __init__(self, base: str = "homie") -> None:
        self._base = base

    @property
    def topics(self) -> list[str]:
        return [f"{self._base}/+/sensor/+"]

    @property
    def lists(self) -> list[str]:
        return []

    def base_of(self, topic: str, payload: bytes) -> str | None:
        del payload
        base, _, named = topic.rpartition("/sensor/")
        return base.rpartition("/")[0] if named in {*BOOLEANS, *FLOATS} else None

    def decode(self, topic: str, payload: bytes) -> Decoded:
        match levels_below(self._base, topic):
            case [device, "sensor", name] if device:
                found = Gathering()
                if (signal := BOOLEANS.get(name)) is not None:
                    check = one_of({"true": 1.0, "false": 0.0})
                    found.take(device, name, signal, word(payload), check)
                elif (signal := FLOATS.get(name)) is not None:
                    found.take(device, name, signal, _float(payload), number_of(signal))
                return found.decoded()
            case _:
                return nothing()


def _float(payload: bytes) -> float | str:
    try:
        return float(payload)
    except ValueError:
        return "no number"  # the check says so


# --- simulator/devices/voices/homie.py -------------------------------------------------------


class HomieVoice:
    """Speaks it for any device."""

    tells_time = False

    def say(self, said: Said) -> list[Message]:
        words = [
            *((n, "true" if said.values[s] else "false") for n, s in BOOLEANS.items()
              if s in said.values),
            *((n, f"{said.values[s]:.1f}") for n, s in FLOATS.items() if s in said.values),
        ]  # fmt: skip
        if not words:
            raise no_word("Homie", said)
        topic = f"{level(said.device)}/sensor"

        def message(name: str, value: str) -> Message:
            return Message(said.t, f"{topic}/{name}", value.encode(), retain=True)

        return list(starmap(message, words))


# --- the line in each registry, and the tests that a new dialect should bring -----------------


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DIALECTS, "homie", Homie)
    monkeypatch.setitem(VOICES, "homie", HomieVoice)


def test_it_passes_the_public_examination() -> None:
    said = [("hallway/sensor/motion", b"true"), ("lounge/sensor/temperature", b"19.4")]
    check_dialect(Homie, "homie", [(f"homie/{topic}", payload) for topic, payload in said])


def test_what_is_told_in_it_a_hub_hears() -> None:
    events = [
        event("hallway-pir", Kind.MOTION, "hallway", 10),
        event("lounge-temperature", Kind.TEMPERATURE, "lounge", 15, 19.4),
        event("fridge-contact", Kind.OPENING, "fridge", 20, 1),
        event("fridge-contact", Kind.OPENING, "fridge", 25, 0),
    ]
    heard, refused = told_by(events, below_its_name("homie"))
    assert essence(heard) == essence(events)
    assert not refused


def test_what_it_has_no_word_for_is_said() -> None:
    _, refused = told_by([event("bed", Kind.PRESENCE, "bath", 10)], below_its_name("homie"))
    assert len(refused) == 1
