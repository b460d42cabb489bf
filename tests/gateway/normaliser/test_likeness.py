"""A help button that is listed as something else would call nobody, and nobody would know."""

import json
from collections.abc import Iterable

import pytest

from gateway.dialects.network import Network
from gateway.dialects.networks import spoken_in
from gateway.doctor.finding import State
from gateway.doctor.sensors import check_sensor
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.normaliser import Normaliser
from gateway.settings import Sensor

START = 1_772_325_000.0
DAY = 86_400.0


class Ears:
    """A hub with one device of some kinds."""

    def __init__(self, *kinds: str) -> None:
        self.normaliser = self._made(kinds)

    def be(self, *kinds: str) -> None:
        """The settings say from now on that it is of these kinds; what was heard is kept."""
        known = self.normaliser.freeze(["it"])
        self.normaliser = self._made(kinds)
        self.normaliser.thaw(known)

    @staticmethod
    def _made(kinds: Iterable[str]) -> Normaliser:
        sensors = [Sensor(name="it", kind=kind, place="hall") for kind in kinds]  # type: ignore[arg-type]  # from the table
        return Normaliser("h1", sensors)

    def hear(self, t: float, said: object, *, retain: bool = False) -> list[str]:
        """Of which kinds it has told nothing, after one message more."""
        hearing = Hearing(
            spoken_in([Network(dialect="zigbee2mqtt")]), self.normaliser, Watermark(), Past(),
            follows_wall_clock=True,
        )  # fmt: skip
        hearing.hear(
            [Message("zigbee2mqtt/it", json.dumps(said).encode(), 0, False, retain, START + t)]
        )
        return self.unlike()

    def unlike(self) -> list[str]:
        return self.normaliser.health()[0].unlike


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("motion", {"action": "on"}),
        ("button", {"occupancy": True}),
        ("opening", {"occupancy": True}),
        ("appliance", {"contact": False}),
        ("presence", {"action": "single"}),
        ("flush", {"contact": True}),
        ("flush", {"action": "on"}),
        ("button", {"action": "vibration"}),
        ("motion", {"action": "vibration"}),
        ("link", {"action": "single"}),
        ("temperature", {"action": "single", "temperature": 20}),
    ],
)
def test_what_speaks_and_never_of_its_kind_is_named_with_what_to_do(
    kind: str, said: object
) -> None:
    ears = Ears(kind)
    assert ears.unlike() == []
    assert ears.hear(0, said) == [kind]
    found = check_sensor(ears.normaliser.health()[0], START + 60)
    assert (found.state, kind in found.said, "discover" in found.remedy) == (
        State.WRONG,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("motion", {"occupancy": True, "contact": True, "temperature": 20}),
        ("motion", {"occupancy": False}),
        ("button", {"action": "on", "temperature": 20}),
        ("opening", {"contact": True, "vibration": True}),
        ("flush", {"action": "vibration"}),
        ("appliance", {"power": 0, "state": "ON"}),
    ],
)
def test_what_tells_of_its_kind_may_tell_of_other_things_too(kind: str, said: object) -> None:
    ears = Ears(kind)
    for n in range(3):
        assert ears.hear(n * DAY, said) == []
    assert ears.hear(4 * DAY, {"contact": False, "water_leak": True, "action": "on"}) == []


def test_a_pendant_listed_as_a_link_is_named_until_it_is_listed_as_a_button() -> None:
    ears = Ears("link", "temperature")
    assert ears.hear(0, {"temperature": 20}) == []
    assert ears.hear(60, {"action": "on", "temperature": 20}) == ["temperature"]
    ears.be("link")
    assert ears.unlike() == ["link"]
    ears.be("button")
    assert ears.unlike() == []


@pytest.mark.parametrize(
    "said",
    [{"state": "ON", "power": 3}, {"occupancy": True}, {"temperature": 20}, {"action": "tilt"}],
)
def test_a_device_whose_link_alone_is_watched_may_tell_what_calls_nobody(said: object) -> None:
    ears = Ears("link")
    for n in range(3):
        assert ears.hear(n * DAY, said) == []


def test_how_a_device_fares_says_nothing_of_what_it_is() -> None:
    ears = Ears("button")
    for n in range(3):
        assert ears.hear(n * DAY, {"battery": 90 - n, "linkquality": 80}) == []


def test_a_detector_that_nobody_has_walked_past_may_tell_the_temperature_for_a_day() -> None:
    ears = Ears("motion")
    assert ears.hear(0, {"temperature": 19}) == []
    assert ears.hear(DAY - 1, {"temperature": 19.5}) == []
    assert ears.hear(DAY, {"temperature": 20}) == ["motion"]
    assert ears.hear(DAY + 1, {"occupancy": True}) == []


def test_a_button_that_the_centre_makes_a_motion_sensor_is_named_at_its_first_press() -> None:
    ears = Ears("button")
    assert ears.hear(0, {"action": "on"}) == []
    ears.be("motion")
    assert ears.unlike() == []
    assert ears.hear(60, {"action": "on"}) == ["motion"]
    ears.be("button")
    assert ears.unlike() == []


def test_of_two_kinds_in_one_device_the_one_that_says_nothing_is_named() -> None:
    ears = Ears("motion", "flush")
    assert ears.hear(0, {"occupancy": True}) == []
    assert ears.hear(60, {"occupancy": False, "contact": True}) == ["flush"]


def test_what_the_broker_had_kept_is_no_word_of_the_device() -> None:
    assert Ears("motion").hear(0, {"action": "on"}, retain=True) == []


@pytest.mark.parametrize(
    "said", [{"power": 0.0, "energy": 0.0}, {"temperature": 25.0, "humidity": 40.0}]
)
def test_a_help_button_that_measures_is_not_called_faulty_before_somebody_needs_it(
    said: object,
) -> None:
    ears = Ears("button")
    assert ears.hear(0, said) == []
    assert ears.hear(3 * DAY, said) == []
    assert ears.hear(4 * DAY, {"occupancy": True}) == ["button"]


def test_a_presence_sensor_that_tells_by_actions_is_no_help_button() -> None:
    assert Ears("presence").hear(0, {"action": "region_1_enter"}) == []
    assert Ears("opening").hear(0, {"action": "region_1_enter"}) == ["opening"]


def test_a_repeater_of_which_the_link_alone_is_watched_is_heard() -> None:
    ears = Ears("link")
    heard = Hearing(
        spoken_in([Network(dialect="zigbee2mqtt")]), ears.normaliser, Watermark(), Past(),
        follows_wall_clock=True,
    )  # fmt: skip
    heard.hear(
        [Message("zigbee2mqtt/it/availability", b'{"state":"online"}', 0, False, False, START)]
    )
    assert ears.normaliser.health()[0].last_seen is not None
