"""A pendant that calls nobody is told to the centre, and not only to who sits at the hub."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contract import Alert, RecordKind, decode
from gateway.assembly import make_hub
from gateway.downlink.help_buttons import passed_over
from gateway.downlink.standing import Peeked
from gateway.hearing.message import Message
from gateway.journal import Journal
from gateway.settings import Hub, Sensor, Settings
from tests.gateway.events import START

HOUR = 3600.0
DAY = 24 * HOUR


def fitted(**kinds: str) -> Settings:
    sensors = tuple(Sensor(name=name, kind=kind, place="hall") for name, kind in kinds.items())  # type: ignore[arg-type]  # as the file has them
    return Settings(hub=Hub(id="hub-1", home="h1"), sensors=sensors)


class Home:
    """A hub that hears what it is told, and looks at itself when asked."""

    def __init__(self, journal: Journal, settings: Settings) -> None:
        self.journal = journal
        self.now = START
        self.be(settings)

    def be(self, settings: Settings) -> None:
        """The hub begins anew."""
        self.settings = settings
        self.hub = make_hub(settings, self.journal, Path(), now=lambda: self.now).hub

    async def hear(self, device: str, **said: object) -> None:
        payload = json.dumps(said).encode()
        await self.hub.take([Message(f"zigbee2mqtt/{device}", payload, 0, False, False, self.now)])

    async def pass_time(self, seconds: float) -> None:
        self.now += seconds
        await self.hub._look_at_itself(self.now)

    @property
    def told(self) -> list[tuple[str, str, str]]:
        found = (decode(body, Alert) for _, body in self.journal.records(RecordKind.ALERT))
        return [
            (one.subject, one.phase, one.text) for one in found if one.condition == "sensor_fault"
        ]

    @property
    def phases(self) -> list[tuple[str, str]]:
        return [one[:2] for one in self.told]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1") as journal:
        yield journal


@pytest.mark.parametrize("kind", ["motion", "opening", "flush", "link", "temperature"])
async def test_a_pendant_listed_as_something_else_is_told_at_its_first_press(
    journal: Journal, kind: str
) -> None:
    home = Home(journal, fitted(pendant=kind))
    await home.pass_time(60)
    assert home.told == []
    await home.hear("pendant", action="single")
    await home.pass_time(10)
    ((subject, phase, text),) = home.told
    assert (subject, phase) == ("pendant", "open")
    assert f"listed as {kind}" in text
    assert "nobody is told of its calls" in text
    home.be(home.settings)
    await home.pass_time(60)
    await home.pass_time(DAY)
    assert home.phases == [("pendant", "open")]
    home.be(fitted(pendant="button"))
    await home.pass_time(10)
    assert home.phases == [("pendant", "open"), ("pendant", "cleared")]


async def test_what_is_listed_as_a_help_button_and_is_none_is_told_at_once(
    journal: Journal,
) -> None:
    home = Home(journal, fitted(pendant="button", hall="motion"))
    await home.hear("pendant", occupancy=True)
    await home.hear("hall", occupancy=True)
    await home.pass_time(10)
    ((subject, _, text),) = home.told
    assert subject == "pendant"
    assert "Perhaps nobody can call for help with it" in text
    home.be(fitted(hall="motion"))
    await home.pass_time(10)
    assert home.phases[-1] == ("pendant", "cleared")


async def test_any_other_slip_is_told_after_a_day_and_withdrawn_when_it_speaks_of_its_kind(
    journal: Journal,
) -> None:
    home = Home(journal, fitted(door="opening"))
    await home.hear("door", occupancy=True)
    await home.pass_time(DAY - 20)
    assert home.told == []
    await home.pass_time(20)
    assert home.phases == [("door", "open")]
    await home.hear("door", contact=False)
    await home.pass_time(10)
    assert home.phases == [("door", "open"), ("door", "cleared")]


async def test_a_detector_that_is_stuck_for_a_day_is_told_and_withdrawn_when_it_rests(
    journal: Journal,
) -> None:
    home = Home(journal, fitted(hall="motion"))
    for _ in range(23):
        await home.hear("hall", occupancy=True)
        await home.pass_time(HOUR)
    assert home.told == []
    for _ in range(3):
        await home.hear("hall", occupancy=True)
        await home.pass_time(HOUR)
    assert home.phases == [("hall", "open")]
    await home.hear("hall", occupancy=False)
    await home.hear("hall", occupancy=True)
    await home.pass_time(10)
    assert home.phases == [("hall", "open"), ("hall", "cleared")]


async def test_a_help_button_of_the_file_that_the_configuration_passes_over_is_told(
    journal: Journal,
) -> None:
    base, laid = fitted(pendant="button", hall="motion"), fitted(hall="motion")
    for removed, told in ((frozenset[str](), ["open"]), (frozenset({"pendant"}), ["cleared"])):
        faults = passed_over(base.sensors, Peeked(laid, 7, frozenset({"sensors"}), removed))
        home = Home(journal, laid)
        home.hub = make_hub(laid, journal, Path(), now=lambda: START, faults=faults).hub
        await home.pass_time(0)
        assert [phase for _, phase in home.phases][-1:] == told
    assert "configuration 7 does not: nobody is told of its calls" in home.told[0][2]
    assert passed_over(base.sensors, Peeked(base)) == []


async def test_in_a_pause_nobody_is_told_what_was_pressed_until_it_is_over(
    journal: Journal,
) -> None:
    home = Home(journal, fitted(pendant="motion"))
    parts, paused = home.hub._parts, True
    home.hub._parts = replace(parts, paused=lambda: paused)
    await home.hear("pendant", action="single")
    await home.pass_time(60)
    assert home.told == []
    paused = False
    await home.pass_time(60)
    assert home.phases == [("pendant", "open")]
