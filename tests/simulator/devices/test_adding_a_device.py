"""How a device is added, as docs/simulator.md walks through it: a mat in front of the bed.

The first part is what would stand in `simulator/devices/mat.py`, the second the line in
`simulator/devices/registry.py`. The tests are those that a new device should bring.
"""

import msgspec
import pytest

from contract import Kind, SensorEvent
from gateway.dialects.protocol import Signal
from simulator.devices import Raw, Stage
from simulator.devices.cast import Cast
from simulator.devices.edges import States, two_state
from simulator.devices.registry import DEVICES
from simulator.devices.voices import VOICES
from tests.simulator.devices.events import START, event
from tests.simulator.devices.hub import below_its_name, told_by

# simulator/devices/mat.py: what it tells when it is stepped on, and after five seconds by itself.
MAT = States(
    active={Signal.OCCUPANCY: 1, Raw.PRESSURE: 3900},
    rest={Signal.OCCUPANCY: 0, Raw.PRESSURE: 90},
    hold_s=5,
)


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    # simulator/devices/registry.py
    monkeypatch.setitem(DEVICES, (Kind.MOTION, "bedside"), two_state(MAT))


def step(t: float) -> SensorEvent:
    return event("bedside-mat", Kind.MOTION, "bedside", t)


def test_it_tells_a_step_and_falls_back_by_itself() -> None:
    events = [step(100), step(104), step(900)]
    stage = Stage(Cast(events), lambda _event, _reason: None)
    said = [(message.t - START, msgspec.json.decode(message.payload)["illuminance"])
            for message in stage.messages(events)]  # fmt: skip
    assert said == [(100, 3900), (102, 90), (104, 3900), (109, 90), (900, 3900), (905, 90)]


@pytest.mark.parametrize("dialect", VOICES)
def test_a_hub_hears_each_step_once_in_every_dialect(dialect: str) -> None:
    events = [step(100), step(200), step(900)]
    heard, refused = told_by(events, below_its_name(dialect))
    assert not refused
    assert [(one.kind, one.place, one.at) for one in heard] == [
        (Kind.MOTION, "bedside", one.at) for one in events
    ]
