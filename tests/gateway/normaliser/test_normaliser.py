"""A hub that restarts in the midst of a boil or a bounce tells the same as one that did not."""

from hypothesis import given
from hypothesis import strategies as st

from contract import SensorEvent
from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser import Heard, Normaliser
from gateway.settings import Sensor

SENSORS = (
    Sensor(name="bathroom-pir", kind="motion", place="bathroom"),
    Sensor(name="front-door", kind="opening", place="front_door"),
    Sensor(name="kettle", kind="appliance", place="kettle"),
    Sensor(name="lounge-climate", kind="temperature", place="lounge"),
    Sensor(name="lounge-climate", kind="humidity", place="lounge"),
)


def normaliser() -> Normaliser:
    return Normaliser("h1", SENSORS)


def say(device: str, signal: Signal, value: float, at: float | None = None) -> Reading:
    return Reading(device, signal, value, at)


def hear(one: Normaliser, t: float, *readings: Reading) -> Heard:
    heard = Heard()
    one.hear(readings, t, heard)
    return heard


def test_an_event_has_the_home_the_place_and_the_time() -> None:
    heard = hear(normaliser(), 1000, say("bathroom-pir", Signal.OCCUPANCY, 1, 990.5))
    (event,) = heard.events
    assert (event.home, event.sensor, event.kind, event.place) == (
        "h1",
        "bathroom-pir",
        "motion",
        "bathroom",
    )
    assert (event.at.timestamp(), event.value, event.quality) == (990.5, 1, "ok")
    assert heard.devices == {"bathroom-pir"}


def test_one_device_may_tell_two_things() -> None:
    climate = (
        say("lounge-climate", Signal.TEMPERATURE, 19.4),
        say("lounge-climate", Signal.HUMIDITY, 51),
    )
    events = hear(normaliser(), 0, *climate).events
    assert {(event.kind, event.value) for event in events} == {
        ("temperature", 19.4),
        ("humidity", 51),
    }


def test_a_battery_level_travels_with_what_the_sensor_saw() -> None:
    one = normaliser()
    readings = (say("bathroom-pir", Signal.OCCUPANCY, 1), say("bathroom-pir", Signal.BATTERY, 80))
    (event,) = hear(one, 0, *readings).events
    assert (event.kind, event.battery) == ("motion", 80)
    assert hear(one, 60, say("bathroom-pir", Signal.BATTERY, 80)).events == []


def test_a_battery_report_alone_says_that_the_sensor_lives_when_it_is_news() -> None:
    one = normaliser()
    (event,) = hear(one, 0, say("bathroom-pir", Signal.BATTERY, 80)).events
    assert (event.kind, event.place, event.value, event.battery) == ("link", "bathroom", 1, 80)
    assert hear(one, 3600, say("bathroom-pir", Signal.BATTERY, 80)).events == []
    assert len(hear(one, 7200, say("bathroom-pir", Signal.BATTERY, 79)).events) == 1


def test_a_device_out_of_reach_is_told() -> None:
    (event,) = hear(normaliser(), 0, say("kettle", Signal.ONLINE, 0)).events
    assert (event.kind, event.sensor, event.place, event.value) == ("link", "kettle", "kettle", 0)


def test_a_bridge_that_repeats_itself_is_marked_and_moves_no_state() -> None:
    one = normaliser()
    hear(one, 100, say("front-door", Signal.OPEN, 1, 100))
    hear(one, 200, say("front-door", Signal.OPEN, 0, 200))
    (event,) = hear(one, 300, say("front-door", Signal.OPEN, 1, 100)).events
    assert (event.quality, event.at.timestamp()) == ("replayed", 100)
    assert hear(one, 301, say("front-door", Signal.OPEN, 0, 201)).events == []


def test_only_devices_of_which_it_is_not_known_begin_with_a_state() -> None:
    doors = [
        Sensor(name=place, device=f"{place}-1", kind="opening", place=place)
        for place in ("front_door", "back_door", "garage")
    ]
    one = Normaliser("h1", doors)
    for door in doors:
        hear(one, 90, say(door.heard_as, Signal.OPEN, 0))
        hear(one, 100, say(door.heard_as, Signal.OPEN, 1))
        hear(one, 100.2, say(door.heard_as, Signal.OPEN, 0))
    assert set(one.doubt(["front_door-1", "back_door-1"])) == {"front_door", "back_door"}
    heard = [hear(one, 300, say(door.heard_as, Signal.OPEN, 1)).events for door in doors]
    told = [(event.sensor, event.value) for events in heard for event in events]
    assert told == [("garage", 0), ("garage", 1)], "what waited at that door, and its opening"


def test_a_call_for_help_that_is_told_late_is_heard_and_told_again_it_is_no_second_one() -> None:
    """A bridge sends what it could not send before; somebody may have called meanwhile."""
    one = Normaliser("h1", [Sensor(name="pendant", kind="button", place="bedroom")])

    def press(at: float) -> list[str]:
        reading = Reading("pendant", Signal.ACTION, 1, at, "single")
        return [event.quality for event in hear(one, 300, reading).events]

    assert press(200) == ["ok"]
    assert press(100) == ["ok"], "older than what was heard last, and not heard yet"
    assert press(100) == ["replayed"]
    assert press(200) == []


def test_what_one_device_left_open_is_settled_when_another_speaks() -> None:
    one = normaliser()
    for t, power in ((0, 2000.0), (180, 0.0)):
        hear(one, t, say("kettle", Signal.POWER, power))
    events = hear(one, 300, say("bathroom-pir", Signal.OCCUPANCY, 1)).events
    assert [(event.kind, event.at.timestamp()) for event in events] == [
        ("appliance", 180),
        ("motion", 300),
    ]


def test_time_alone_settles_a_boil() -> None:
    one, heard = normaliser(), Heard()
    for t, power in ((0, 2000.0), (180, 0.0)):
        hear(one, t, say("kettle", Signal.POWER, power))
    one.tick(269, heard)
    assert heard.events == []
    one.tick(270, heard)
    assert [event.value for event in heard.events] == [100.0]
    assert heard.devices == {"kettle"}


def test_how_each_sensor_fares_is_known() -> None:
    one = normaliser()
    readings = (
        say("bathroom-pir", Signal.BATTERY, 80),
        say("bathroom-pir", Signal.LINK_QUALITY, 33),
    )
    hear(one, 1000, *readings)
    one.note([say("bathroom-pir", Signal.ONLINE, 0)], Heard())
    health = {sensor.sensor: sensor for sensor in one.health()}
    pir = health["bathroom-pir"]
    assert (pir.battery, pir.link_quality, pir.online) == (80, 33, False)
    assert pir.last_seen is not None
    assert pir.last_seen.timestamp() == 1000
    assert health["kettle"].last_seen is None


_READINGS = st.sampled_from(
    [
        ("bathroom-pir", Signal.OCCUPANCY, 1.0),
        ("bathroom-pir", Signal.OCCUPANCY, 0.0),
        ("bathroom-pir", Signal.BATTERY, 80.0),
        ("front-door", Signal.OPEN, 1.0),
        ("front-door", Signal.OPEN, 0.0),
        ("kettle", Signal.POWER, 2000.0),
        ("kettle", Signal.POWER, 0.0),
        ("kettle", Signal.ONLINE, 0.0),
        ("kettle", Signal.ONLINE, 1.0),
        ("lounge-climate", Signal.TEMPERATURE, 19.0),
        ("lounge-climate", Signal.HUMIDITY, 50.0),
    ]
)
_STEPS = st.lists(st.tuples(st.floats(0, 400), st.booleans(), _READINGS), max_size=50)


@given(_STEPS, st.data())
def test_a_restart_at_any_message_tells_the_same(
    steps: list[tuple[float, bool, tuple[str, Signal, float]]], data: st.DataObject
) -> None:
    restarts = data.draw(st.sets(st.integers(0, max(0, len(steps) - 1))))
    steady, restarted = normaliser(), normaliser()
    expected: list[SensorEvent] = []
    told: list[SensorEvent] = []
    stored: dict[str, bytes] = {}
    t = 1000.0
    for number, (step, dated, (device, signal, value)) in enumerate(steps):
        t += step
        reading = say(device, signal, value, t if dated else None)
        if number in restarts:
            restarted = normaliser()
            restarted.thaw(stored)
        heard = hear(restarted, t, reading)
        stored |= restarted.freeze(heard.devices)
        told += heard.events
        expected += hear(steady, t, reading).events
    assert told == expected
    last, rest = Heard(), Heard()
    restarted.tick(t + 1e6, last)
    steady.tick(t + 1e6, rest)
    assert last.events == rest.events
