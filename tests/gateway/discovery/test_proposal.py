"""The settings that are offered can be pasted as they are, and then the device is heard."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects.networks import spoken_in
from gateway.dialects.registry import DIALECTS
from gateway.discovery.finding import Findings, find
from gateway.discovery.proposal import proposals, toml
from gateway.discovery.samples import Overheard
from gateway.discovery.words import HEADINGS, remarks, rows
from gateway.settings import Hub, Settings
from tests.gateway.discovery.overheard import found_in, of_golden, settings

EVERYTHING = [one for dialect in DIALECTS for one in of_golden(dialect)]


def pasted(folder: Path, findings: Findings, more: str = "") -> Settings:
    return settings(folder, more + "\n".join(toml(findings, settings(folder, more))))


def test_what_is_offered_makes_a_hub_that_hears_all_of_it(tmp_path: Path) -> None:
    findings = found_in(*EVERYTHING)
    made = pasted(tmp_path, findings)
    fitted = {one.heard_as for one in made.sensors}
    dialect = spoken_in(made.heard)
    heard = {
        one.device for topic, said in EVERYTHING for one in dialect.decode(topic, said).readings
    }
    offered = {one.found.name for one in proposals(findings, settings(tmp_path))}
    assert offered <= fitted & heard | {"bathroom-pir", "kettle-plug", "my_sensor"}
    assert len(offered) > 30
    assert len(made.networks) == len(DIALECTS) - 1


def test_once_pasted_nothing_is_offered_again(tmp_path: Path) -> None:
    overheard = Overheard()
    for topic, payload in EVERYTHING:
        overheard.hear(topic, payload, retained=False)
    made = pasted(tmp_path, find(overheard.samples()))
    again = find(overheard.samples(), made.heard)
    assert list(proposals(again, made)) == []
    assert not [line for line in toml(again, made) if line.startswith("[")]


def test_a_device_without_a_name_gets_one_and_keeps_its_address(tmp_path: Path) -> None:
    findings = found_in(("z/bridge/state", b"online"), ("z/0x00158d0001dc126a", {"contact": True}))
    (sensor,) = pasted(tmp_path, findings).sensors
    assert (sensor.name, sensor.device) == ("opening-126a", "0x00158d0001dc126a")
    text = "\n".join(toml(findings, settings(tmp_path)))
    assert 'place = "somewhere"  # write here which room or thing it watches' in text


def test_a_name_that_another_sensor_has_already_gets_a_number(tmp_path: Path) -> None:
    more = '[[sensors]]\nname = "opening-126a"\ndevice = "x"\nkind = "motion"\nplace = "hallway"\n'
    said = [(f"z/0x{number}126a", {"contact": True}) for number in (1, 2)]
    findings = found_in(("z/bridge/state", b"online"), *said)
    made = pasted(tmp_path, findings, more)
    assert [one.name for one in made.sensors] == [
        "opening-126a",
        "opening-126a-2",
        "opening-126a-3",
    ]


@pytest.mark.parametrize("known", ["0x1", "fridge"])
def test_a_device_that_the_settings_have_by_name_or_address_is_not_offered(
    tmp_path: Path, known: str
) -> None:
    more = f'[[sensors]]\nname = "cold"\ndevice = "{known}"\nkind = "opening"\nplace = "fridge"\n'
    listed = [{"ieee_address": "0x1", "friendly_name": "fridge"}]
    findings = found_in(
        ("zigbee2mqtt/bridge/devices", listed), ("zigbee2mqtt/fridge", {"contact": True})
    )
    has = settings(tmp_path, more)
    assert proposals(findings, has) == []
    assert [row.could_be for row in rows(findings, has)] == ["in the settings as cold"]
    assert not any("not heard" in one for one in remarks(findings, has, left_out=0))


def test_a_sensor_of_the_settings_that_says_nothing_is_named(tmp_path: Path) -> None:
    more = '[[sensors]]\nname = "cold"\nkind = "opening"\nplace = "fridge"\n'
    told = list(remarks(found_in(), settings(tmp_path, more), left_out=3))
    assert "In the settings, and not heard so far: cold." in told
    assert any("Wake one" in one for one in told)
    assert any(one.startswith("3 messages were more") for one in told)


def test_two_devices_of_one_name_are_said_to_be_and_one_is_offered(tmp_path: Path) -> None:
    findings = found_in(
        ("z/bridge/state", b"online"),
        ("z/lounge", {"contact": True}),
        ("plain/lounge", {"kind": "motion", "value": 1}),
    )
    assert len(pasted(tmp_path, findings).sensors) == 1
    told = list(remarks(findings, settings(tmp_path), left_out=0))
    assert "Two devices bear the same name, so call one of them otherwise: lounge." in told


def test_the_table_says_it_in_plain_english(tmp_path: Path) -> None:
    findings = found_in(*of_golden("zigbee2mqtt"), ("shellies/x", b"on"))
    table = {row.device: row for row in rows(findings, settings(tmp_path))}
    assert table["bathroom-pir"] == (
        "bathroom-pir", "zigbee2mqtt", "SONOFF SNZB-03, battery", "nothing yet", "bathroom motion"
    )  # fmt: skip
    assert table["smoke"].could_be == "a smoke alarm: this hub is no fire alarm"
    assert len(HEADINGS) == len(table["smoke"])
    told = "\n".join(remarks(findings, settings(tmp_path), left_out=0))
    assert "1 topics are in no dialect known here, such as shellies/x." in told


_NAMES = st.text(max_size=20) | st.sampled_from(
    ['"', "\\", "a\nb", "\x1b[2J", "#", "'", "ü", "=" * 200]
)


@given(
    st.lists(_NAMES, max_size=5), st.sampled_from(["occupancy", "contact", "smoke", "vibration"])
)
def test_no_name_that_a_device_bears_breaks_the_settings(
    tmp_path_factory: pytest.TempPathFactory, named: list[str], tells: str
) -> None:
    said = [(f"z/{name}", {tells: True}) for name in named]
    findings = found_in(("z/bridge/state", b"online"), *said)
    folder = tmp_path_factory.getbasetemp()
    made = pasted(folder, findings)
    offered = proposals(findings, settings(folder))
    assert len({one.name for one in made.sensors}) == len({one.found.name for one in offered})
    for row in rows(findings, made):
        assert all(cell.isprintable() for cell in row)


@pytest.mark.parametrize(
    ("base", "number", "says"),
    [
        ("", 1, "1 message without a base topic could not be used"),
        ("zigbee2mqtt", 2, "2 messages below 'zigbee2mqtt' could not be used"),
    ],
)
def test_who_sees_that_something_cannot_be_used_is_sent_where_it_is_shown(
    base: str, number: int, says: str
) -> None:
    findings = Findings()
    findings.refused[base] = number
    bare = Settings(hub=Hub(id="hub-1", home="h1"))
    told = [one for one in remarks(findings, bare, left_out=0) if one.startswith(says)]
    assert len(told) == 1
    assert "`telecare-gateway quarantine` shows each" in told[0]
