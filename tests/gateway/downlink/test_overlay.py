"""The centre's word counts where it may, the file's where it must, and nonsense nowhere."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contract import HomeSettings, decode
from detectors.risk import RiskProfile
from gateway.downlink.overlay import Overlaid, overlay, trial
from gateway.settings import Settings, load
from gateway.toml_file import TomlError

FILE = """\
[hub]
id = "hub-1"
home = "h1"
people = 2
[broker]
host = "mosquitto"
[centre]
url = "https://centre.example"
[budget]
uti_risk = 0.5
fall_risk = 0.5
[risk]
age = "80_or_more"
[[sensors]]
name = "pir"
kind = "motion"
place = "bathroom"
"""


@pytest.fixture
def base(tmp_path: Path) -> Settings:
    path = tmp_path / "hub.toml"
    path.write_text(FILE)
    return load(path)


def lay(base: Settings, **content: Any) -> Overlaid:
    return overlay(base, decode(msgspec.json.encode(content), HomeSettings))


def laid(base: Settings, **content: Any) -> Settings:
    found = lay(base, **content)
    assert found.settings is not None, found.reason
    return found.settings


def test_what_the_centre_leaves_out_stays_as_the_file_has_it(base: Settings) -> None:
    assert laid(base) == base


def test_a_part_that_the_centre_gives_replaces_the_file_s_as_a_whole(base: Settings) -> None:
    settings = laid(base, budget={"uti_risk": 0.25}, risk={"medicines": 6}, people=1)
    assert settings.budget == {"uti_risk": 0.25}
    assert settings.risk == RiskProfile(medicines=6)
    assert settings.hub == msgspec.structs.replace(base.hub, people=1)
    assert settings.sensors == base.sensors


def test_every_part_reaches_the_detectors(base: Settings) -> None:
    profile = laid(
        base,
        time_zone="Europe/Madrid",
        outcomes=[{"condition": "uti_risk", "outcome": "false_alarm", "on": "2026-03-01"}],
        context=[{"situation": "away", "since": "2026-03-01"}],
        rules=[{"kind": "no_use", "name": "kettle by ten", "by": "10:00"}],
        unusual_day={},
        sensors=[{"name": "door", "kind": "opening", "place": "front_door", "edges": "rising"}],
    ).profile
    assert profile.time_zone == "Europe/Madrid"
    assert [(one.condition, one.on) for one in profile.outcomes] == [("uti_risk", date(2026, 3, 1))]
    assert [one.until for one in profile.context] == [None]
    assert [one.name for one in profile.rules] == ["kettle by ten"]
    assert profile.unusual_day is not None
    assert [one.sensor for one in profile.sensors] == ["door"]
    assert trial(laid(base, rules=[]), None) == ""


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"time_zone": "Mars/Base"}, "hub.time_zone: 'Mars/Base' is no time zone"),
    ({"risk": {"age": "old"}}, 'risk.age: .*allowed are "65_to_79"'),
    ({"risk": {"agee": "x"}}, "risk.agee: .*allowed here are age"),
    ({"rules": [{"kind": "dance", "name": "x"}]}, "rules"),
    (
        {"rules": [{"kind": "unoccupied", "name": "x", "hours": 12}] * 2},
        r"rules\[1\].name: 'x' names a rule above",
    ),
    ({"sensors": [{"name": "pir", "kind": "motion"}]}, "place"),
    (
        {"sensors": [{"name": "k", "kind": "appliance", "place": "k", "off_w": 900}]},
        r"sensors\[0\].off_w: 900 is not below on_w",
    ),
    ({"unusual_day": {"scorer": "Dice"}}, "unusual_day.scorer"),
    (
        {"context": [{"situation": "away", "since": "2026-03-02", "until": "2026-03-01"}]},
        "until 2026-03-01 is before since 2026-03-02",
    ),
]


def test_a_home_is_not_left_without_a_sensor_by_an_empty_list(base: Settings) -> None:
    found = lay(base, sensors=[], people=3)
    assert found.settings is None
    assert "would no longer hear a call for help; allowed is at least one sensor" in found.reason
    unfitted = msgspec.structs.replace(base, sensors=())
    assert laid(unfitted, sensors=[], people=3).hub.people == 3


@pytest.mark.parametrize(("content", "says"), WRONG)
def test_what_a_file_may_not_say_the_centre_may_not_either(
    base: Settings, content: dict[str, Any], says: str
) -> None:
    found = lay(base, **content)
    assert found.settings is None
    with pytest.raises(TomlError, match=says):  # the sentence is one that a file would get
        raise TomlError(found.reason)


def test_words_of_a_newer_centre_are_left_out_and_named(base: Settings) -> None:
    found = lay(
        base,
        quiet_hours=["22:00"],
        budget={"uti_risk": 0.25, "gout_risk": 1},
        outcomes=[
            {"condition": "gout_risk", "outcome": "false_alarm", "on": "2026-03-01"},
            {"condition": "uti_risk", "outcome": "referred", "on": "2026-03-01"},
            {"condition": "uti_risk", "outcome": "false_alarm", "on": "2026-03-01"},
        ],
        context=[
            {"situation": "renovation", "since": "2026-03-01"},
            {"situation": "away", "since": "2026-03-01", "room": "attic"},
        ],
    )
    assert found.settings is not None
    assert found.ignored == (
        "quiet_hours",
        "budget.gout_risk",
        "outcomes[0].condition",
        "outcomes[1].outcome",
        "context[0].situation",
        "context[1].room",
    )
    assert len(found.settings.outcomes) == 1
    assert found.settings.context == ()


def test_what_is_the_hub_s_own_the_centre_cannot_touch(base: Settings) -> None:
    found = lay(base, hub={"id": "hub-2"}, broker={"host": "evil"}, centre={"url": "https://x"})
    assert found.settings == base
    assert found.ignored == ("broker", "centre", "hub")


def test_a_checkpoint_that_cannot_be_gone_on_from_is_told_before_it_is_tried(
    base: Settings,
) -> None:
    assert "detectors cannot work" in trial(base, b"no checkpoint")


def test_what_the_person_did_not_agree_to_is_off_and_a_call_for_help_never(base: Settings) -> None:
    assert laid(base, off=["uti_risk"]).hub.off == ("uti_risk",)
    assert laid(base).hub.off == ()
    assert "help_button" in lay(base, off=["help_button"]).reason
    newer = lay(base, off=["uti_risk", "mood"])
    assert (newer.ignored, newer.settings is not None) == (("off.mood",), True)
