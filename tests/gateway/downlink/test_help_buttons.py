"""A configuration that forgets a help button would have it call nobody, and nobody would know."""

from pathlib import Path

import msgspec
import pytest

from gateway.doctor.finding import Finding, State
from gateway.doctor.sensors import check_sensors
from gateway.journal import Intake
from gateway.journal.intake import quarantined
from gateway.settings import Files, Sensor, Settings
from tests.gateway.downlink.bench import SETTINGS, Bench
from tests.gateway.events import event

PIR = {"name": "pir", "kind": "motion", "place": "bathroom"}
PENDANT = {"name": "pendant", "kind": "button", "place": "pendant"}
CORD = {"name": "cord", "kind": "button", "place": "bathroom", "device": "0xc0"}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize(
    "sensors",
    [
        [PIR],
        [PIR, {**PENDANT, "kind": "motion"}],
        [PIR, {**PENDANT, "kind": "link"}],
        [PIR, {**PENDANT, "device": "pendnat"}],
        [PIR, CORD],
    ],
)
def test_a_help_button_that_is_left_out_or_made_something_else_still_calls(
    bench: Bench, sensors: list[dict[str, str]]
) -> None:
    assert not bench.take(bench.told(version=1, sensors=sensors, people=2))
    assert bench.effective.settings == SETTINGS
    (refused,) = bench.reports()
    assert refused.state == "refused"
    assert "'pendant' (device 'pendant'); a call by one would be lost" in refused.reason
    assert '"removed_buttons": ["pendant"]' in refused.reason


def test_a_help_button_that_was_taken_away_can_be_let_go_by_name(bench: Bench) -> None:
    assert bench.take(bench.told(version=1, sensors=[PIR], removed_buttons=["pendant"]))
    assert [one.name for one in bench.effective.settings.sensors] == ["pir"]
    assert bench.reports()[-1].state == "applied"
    assert bench.reports()[-1].ignored == []
    bench.restart()
    assert bench.effective.version == 1


def test_a_help_button_may_get_another_name_or_place_where_its_device_stays(bench: Bench) -> None:
    moved = {"name": "red-pendant", "kind": "button", "place": "hall", "device": "pendant"}
    assert bench.take(bench.told(version=1, sensors=[PIR, moved]))


def test_a_help_button_that_the_centre_had_set_is_not_lost_with_the_next_version(
    bench: Bench,
) -> None:
    assert bench.take(bench.told(version=1, sensors=[PIR, PENDANT, CORD]))
    for content in ({"sensors": [PIR, PENDANT]}, {"people": 2}):  # the second: the file's own again
        version = bench.reports()[-1].version + 1
        assert not bench.take(bench.told(version=version, **content))
        assert "'cord' (device '0xc0')" in bench.reports()[-1].reason
    assert bench.take(bench.told(version=9, sensors=[PIR, PENDANT], removed_buttons=["0xc0"]))
    assert bench.take(bench.told(version=10, sensors=[PIR, PENDANT]))


def test_a_hub_that_passes_one_over_already_takes_what_the_centre_says_of_other_things(
    bench: Bench,
) -> None:
    assert bench.take(bench.told(version=1, sensors=[PIR], removed_buttons=["pendant"]))
    assert bench.take(bench.told(version=2, sensors=[PIR], off=["uti_risk"]))
    assert bench.effective.settings.hub.off == ("uti_risk",)
    (said,) = said_of_buttons(bench)
    assert "pendant" in said


def looked_over(bench: Bench, base: Settings) -> list[Finding]:
    path = Path(bench.journal.rows("select file from pragma_database_list")[0][0])
    places = Files(journal=path, key=path, password=None, ca=None)
    return list(check_sensors(base, places, bench.now))


def said_of_buttons(bench: Bench, base: Settings = SETTINGS) -> list[str]:
    found = looked_over(bench, base)
    buttons = [one for one in found if one.check == "help buttons"]
    assert all(one.state is State.WRONG and one.remedy for one in buttons)
    return [one.said for one in buttons]


def with_button(*buttons: str) -> Settings:
    more = (Sensor(name=one, kind="button", place="hall") for one in buttons)
    return msgspec.structs.replace(SETTINGS, sensors=(*SETTINGS.sensors, *more))


def test_doctor_names_a_help_button_of_the_file_that_the_centre_passes_over(bench: Bench) -> None:
    sensors = [PIR, PENDANT]
    assert bench.take(bench.told(version=1, sensors=sensors))
    assert said_of_buttons(bench) == []
    (said,) = said_of_buttons(bench, with_button("second-cord"))
    assert "configuration 1 of the centre" in said
    assert "second-cord; a call by one is lost" in said
    told = bench.told(version=2, sensors=sensors, removed_buttons=["second-cord"])
    assert bench.take(told)
    assert said_of_buttons(bench, with_button("second-cord")) == []


def heard(bench: Bench, device: str) -> None:
    """The hub hears a device that the settings do not name."""
    reason = "no sensor of this name is in the settings"
    aside = quarantined(
        bench.now, f"zigbee2mqtt/{device}", reason, b'{"action":"single"}', once=True
    )
    bench.journal.write_intake(Intake(quarantine=[aside]), bench.now)


def test_doctor_names_a_help_button_that_was_taken_out_of_the_file_and_still_speaks(
    bench: Bench,
) -> None:
    states = {"old-cord": b'{"channels":{"button":{},"link":{}}}', "lamp": b'{"channels":{}}'}
    bench.journal.write_intake(Intake(events=[event(0)], devices=states), bench.now)
    heard(bench, "lamp")
    assert said_of_buttons(bench) == []
    heard(bench, "old-cord")
    (said,) = said_of_buttons(bench)
    assert "not in the settings any more: old-cord" in said
    assert said_of_buttons(bench, with_button("old-cord")) == []


def test_doctor_names_as_unknown_no_device_that_was_listed_since(bench: Bench) -> None:
    def unknown(base: Settings) -> list[str]:
        found = looked_over(bench, base)
        return [one.said for one in found if one.check == "unknown devices"]

    heard(bench, "new-cord")
    heard(bench, "neighbour")
    assert unknown(SETTINGS) == ["zigbee2mqtt/neighbour, zigbee2mqtt/new-cord"]
    assert unknown(with_button("new-cord")) == ["zigbee2mqtt/neighbour"]
    assert unknown(with_button("new-cord", "neighbour")) == []


def test_a_device_is_known_again_though_what_it_said_is_kept_cut_short(bench: Bench) -> None:
    reason = "no sensor of this name is in the settings"
    cut = quarantined(bench.now, "zigbee2mqtt/new-cord", reason, b'{"a' * 600, once=True)
    bench.journal.write_intake(Intake(quarantine=[cut]), bench.now)
    assert "unknown devices" in {one.check for one in looked_over(bench, SETTINGS)}
    listed = with_button("new-cord")
    assert "unknown devices" not in {one.check for one in looked_over(bench, listed)}
