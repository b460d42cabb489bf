"""All devices together: who is heard first, and what is said of events that cannot be told."""

import msgspec

from contract import Kind, SensorEvent
from simulator.devices import Stage
from simulator.devices.cast import Cast
from tests.simulator.devices.events import START, event

REFUSED = list[tuple[str, str]]


def staged(events: list[SensorEvent]) -> tuple[list[tuple[float, str]], REFUSED]:
    refused: REFUSED = []
    stage = Stage(Cast(events), lambda one, reason: refused.append((one.sensor, reason)))
    messages = [(round(m.t - START, 3), m.topic) for m in stage.messages(events)]
    return messages, refused


def test_a_plug_speaks_from_the_start_of_a_use_though_its_event_is_at_the_end() -> None:
    events = [
        event("hallway-pir", Kind.MOTION, "hallway", 900),
        event("kettle-plug", Kind.APPLIANCE, "kettle", 1000, 100, duration=150),
    ]
    messages, refused = staged(events)
    assert not refused
    assert messages.index((850, "kettle-plug")) < messages.index((900, "hallway-pir"))
    assert messages.index((900, "hallway-pir")) < messages.index((1000, "kettle-plug"))


def test_the_plug_tells_its_counter_before_its_first_use() -> None:
    events = [event("kettle-plug", Kind.APPLIANCE, "kettle", 1000, 100, duration=150)]
    stage = Stage(Cast(events), lambda _event, _reason: None)
    first = next(iter(stage.messages(events)))
    assert msgspec.json.decode(first.payload)["energy"] == 0
    assert first.t < START + 850


def test_an_event_of_a_kind_from_the_future_is_refused_and_the_rest_told() -> None:
    events = [
        event("nose", "smell", "kitchen", 10, 3),
        event("hallway-pir", Kind.MOTION, "hallway", 20),
    ]
    messages, refused = staged(events)
    assert refused == [("nose", "no device here tells smell")]
    assert (20, "hallway-pir") in messages


def test_nothing_happens_in_a_home_without_events() -> None:
    assert staged([]) == ([], [])


def test_what_was_active_at_the_end_falls_back() -> None:
    messages, _ = staged([event("hallway-pir", Kind.MOTION, "hallway", 20)])
    assert messages == [(20, "hallway-pir"), (80, "hallway-pir")]


def test_a_cast_knows_how_its_parts_must_be_listened_to() -> None:
    cast = Cast(
        [
            event("door", Kind.OPENING, "front_door", 10, 1),
            event("fridge", Kind.OPENING, "fridge", 11, 1),
            event("fridge", Kind.OPENING, "fridge", 11.5, 0),
            event("kettle-plug", Kind.APPLIANCE, "kettle", 1000, 100, duration=150),
            event("kettle-plug", Kind.APPLIANCE, "kettle", 1200, 20, duration=120),
        ]
    )
    assert cast.events == 5
    assert cast.longest_s == 150
    assert not cast.parts["door", Kind.OPENING].both
    assert cast.parts["fridge", Kind.OPENING].both
    assert cast.parts["fridge", Kind.OPENING].shortest_s == 0.5
    kettle = cast.parts["kettle-plug", Kind.APPLIANCE]
    assert kettle.shortest_s == 80
    assert kettle.weakest_w == 600
