"""A made-up household: what its devices say, and what is raised of it undisturbed."""

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from contract import Alert, Assessment, Kind, SensorEvent, encode
from gateway.detecting import hub_engine
from gateway.settings import Settings
from tests.crash.wording import NETWORKS, UNDATED

HOME = "h1"
START = datetime(2024, 3, 4, tzinfo=UTC)
"""A Monday long ago: no message may be dated ahead of the hub's clock."""

ROOMS = ("bathroom", "bedroom", "kitchen", "lounge", "hallway")

SETTINGS = """\
[hub]
id = "{hub}"
home = "h1"
data = "{data}"
health_every_s = 3600

[broker]
host = "127.0.0.1"
port = {port}
dialect = "plain"

[centre]
url = "{centre}"

"""
_BY_EVENTS = """
[clock]
source = "events"

[[rules]]
kind = "no_use"
name = "kettle by ten"
place = "kettle"
by = "10:00"
"""
_BY_THE_CLOCK = """
[[rules]]
kind = "open_door"
name = "front door"
place = "front_door"
minutes = 1
urgent = true

[[sensors]]
name = "plug"
kind = "appliance"
place = "kettle"
gap_s = 10
"""
_SENSOR = '\n[[sensors]]\nname = "{0}-{1}"\nkind = "{1}"\nplace = "{0}"\ndebounce_s = 0\n'
_OTHERS = (
    ("front_door", Kind.OPENING),
    ("kettle", Kind.APPLIANCE),
    ("pendant", Kind.BUTTON),
    ("bedside", Kind.BUTTON),
    ("lounge", Kind.TEMPERATURE),
    ("bathroom", Kind.HUMIDITY),
)

Happening = tuple[float, str, str, float, dict[str, float]]
"""Hours into the day, place, kind, value, and what else the device tells."""


def settings_text(**of: object) -> str:
    """The hub's settings, for given `hub`, `data`, `port` and `centre`."""
    return _settings(_BY_EVENTS, of)


def clocked_settings(**of: object) -> str:
    """The same for a hub that goes by the wall clock, with timers of seconds and of a minute."""
    # What a sensor holds back is borne with all that is heard: the less, the sooner a word is late.
    return _settings(_BY_THE_CLOCK, of).replace("debounce_s = 0", "debounce_s = 0\ngap_s = 10")


def _settings(more: str, of: Mapping[str, object]) -> str:
    sensors = [*((room, Kind.MOTION) for room in ROOMS), *_OTHERS]
    fitted = "".join(_SENSOR.format(*one) for one in sensors)
    return SETTINGS.format(**of) + more + NETWORKS + fitted


def story(seed: int) -> Iterator[SensorEvent]:
    """What happens in the home, for ever, in the order of time.

    No two are dated at the same millisecond. What bears no time counts, by the time of events, at
    that of the one before it; no two such figures are the same, so that each is known by its own.
    """
    chance = random.Random(seed)  # noqa: S311 - the same every time, nothing secret
    newest = START
    for day in range(10**6):
        for hours, place, kind, value, more in sorted(_day(day, chance), key=lambda one: one[0]):
            at = START + timedelta(days=day, milliseconds=round(hours * 3.6e6))
            sensor = f"{place}-{kind}"
            if sensor not in UNDATED:
                newest = max(at, newest + timedelta(milliseconds=1))
            yield SensorEvent(
                home=HOME, sensor=sensor, kind=kind, place=place, at=newest,
                value=value, duration=more.get("duration"), battery=more.get("battery"),
            )  # fmt: skip


def _day(day: int, chance: random.Random) -> Iterator[Happening]:
    yield 2.5 + chance.random(), "bathroom", Kind.MOTION, 1.0, {}
    yield 7.0 + chance.random(), "bedroom", Kind.MOTION, 1.0, {"battery": max(5.0, 40.0 - 4 * day)}
    for _ in range(24):
        yield chance.uniform(7.5, 22), chance.choice(ROOMS), Kind.MOTION, 1.0, {}
    boils = (11.0, 15.5) if day % 4 == 3 else (8.2, 11.0, 15.5)  # some mornings without a cup
    for hour in boils:
        wh = round(chance.uniform(40, 90), 1)
        yield hour + chance.random() / 2, "kettle", Kind.APPLIANCE, wh, {"duration": 150.0}
    for hour in (13.0, 13.1, 14.5, 14.6):
        yield hour, "front_door", Kind.OPENING, float(hour in {13.0, 14.5}), {}
    for turn, hour in enumerate((6, 12, 18)):
        # What was told days before must not be near: what hardly moved is no news.
        day_of = day % 19
        degrees = 18 + 2.9 * turn + 0.15 * day_of + day / 1e5
        humid = 20 + 25 * turn + 1.1 * day_of + day / 1e5
        yield hour, "lounge", Kind.TEMPERATURE, round(degrees, 5), {}
        yield hour + chance.random(), "bathroom", Kind.HUMIDITY, round(humid, 5), {}
    if day % 3 == 1:  # asks for help, and takes it back
        yield 19.0, "pendant", Kind.BUTTON, 1.0, {}
        yield 19.4, "pendant", Kind.BUTTON, 0.0, {}
    if day % 5 == 2:
        yield 23.2, "bedside", Kind.BUTTON, 1.0, {}


def newest_alerts(alerts: Iterable[Alert]) -> Mapping[str, bytes]:
    """The last word on each alert, as its bytes, by its id."""
    newest: dict[str, Alert] = {}
    for one in alerts:
        if one.id not in newest or newest[one.id].version <= one.version:
            newest[one.id] = one
    return {name: encode(one) for name, one in newest.items()}


def undisturbed(settings: Settings, events: Iterable[SensorEvent]) -> list[Assessment | Alert]:
    """What a hub answers that hears these, each once, and to which nothing ever happens."""
    engine = hub_engine(settings.profile, settings.lag_s)
    return [out for one in events for out in engine.process(one)]


def alerts_in(answers: Iterable[Assessment | Alert]) -> list[Alert]:
    """The alerts among them."""
    return [one for one in answers if isinstance(one, Alert)]
