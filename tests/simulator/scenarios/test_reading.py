"""A slip in a scenario file must be named, with its place, or a team's evening is lost."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.living.episodes.episode import DAY_S
from simulator.scenarios import ScenarioError, Staged, read_scenario
from simulator.scenarios.form import Scenario
from simulator.scenarios.library import find, library, load
from simulator.scenarios.reading import slips
from tests.simulator.scenarios.writing import HEAD, written

_ONE_SENSOR = '[street]\nsensors = ["hallway-pir"]\n'


@pytest.mark.parametrize("name", library())
def test_every_scenario_of_the_library_can_be_played(name: str) -> None:
    scenario = load(name)
    assert scenario.about.strip()
    assert scenario.title


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("nights = 3\n", 5, "`nights`; allowed here are title, about, start, days"),
        ("[street]\nhomse = 3\n", 6, "`homse`; allowed here are homes, alone"),
        ("[street]\nhomes = 0\n", 6, "street.homes: Expected `int` >= 1"),
        ("[street]\ncouples = 1.5\n", 6, "street.couples: Expected `float` <= 1.0"),
        ('[street]\nsensors = ["radar"]\n', 6, "'radar' is no sensor; there are bathroom-pir"),
        ('[street]\ndialect = "knx"\n', 6, "'knx' is no dialect; there are zigbee2mqtt, shelly"),
        ("[street]\ndialect = []\n", 6, "is empty"),
        ('[[home]]\nname = "villa"\n', 6, "'villa' is no home here; there are home1 to home1"),
        ('[[home]]\n[[home]]\nname = "home1"\n', 7, "home1 has a table above"),
        ("[[home]]\nresidents = 3\n", 6, "home[0].residents: Expected `int` <= 2"),
        ("[home.street]\n", None, "home: Expected `array`"),
        ('[[home]]\ndialects = { flue = "plain" }\n', 6, "'flue' is no sensor"),
        ('[[episode]]\nkind = "flu"\n', 6, "'flu' is no episode; there are uti, low_intake"),
        ('[[episode]]\nkind = "uti"\nseverity = 2\n', 7, "Expected `float` <= 1.0"),
        ('[[episode]]\nkind = "uti"\nseverity = [0.8, 0.3]\n', 7, "[0.8, 0.3] is no range"),
        ('[[episode]]\nkind = "uti"\nday = 30\n', 7, "30 is never reached: days are 0 to 29 here"),
        ('[[episode]]\nkind = "uti"\ndays = 1\nhours = 2\n', 8, "stands beside days"),
        ('[[episode]]\nkind = "uti"\nhome = "home2"\n', 7, "'home2' is no home here"),
        ('[[episode]]\nkind = "uti"\nroom = "kitchen"\n', 7, "is nothing that uti has"),
        ('[[episode]]\nkind = "sensor_death"\n', 5, "episode[0].sensor: is missing"),
        ('[[episode]]\nkind = "fall"\nroom = "attic"\n', 7, "'attic' is no room"),
        (
            '[[fault]]\nkind = "late"\nhours = 1\nsettings = { by_s = 1e12 }\n',
            8,
            "by_s must be from 0 to 3.15619e+08",
        ),
        ('[[episode]]\nkind = "clock_change"\nday = 3\n', 7, "the clocks of Europe/London"),
        (
            '[[episode]]\nkind = "moved_sensor"\nsensor = "kettle-plug"\nroom = "bedroom"\n',
            7,
            "kettle-plug is no motion sensor",
        ),
        (
            _ONE_SENSOR + '[[episode]]\nkind = "sensor_death"\nsensor = "bathroom-pir"\n',
            9,
            "'bathroom-pir' is fitted in none of the homes",
        ),
        (
            _ONE_SENSOR
            + '[[fault]]\nkind = "late"\nhours = 1\nhome = "home1"\nsensor = "kettle-plug"',
            11,
            "'kettle-plug' is no sensor of home1; there are hallway-pir",
        ),
        ('[street]\nhomes = 2\n[[episode]]\nkind = "uti"\n', 7, "say whom it befalls"),
        (
            '[street]\nhomes = 2\n[[episode]]\nkind = "uti"\nevery = true\nshare = 0.1\n',
            10,
            "stands beside every",
        ),
        (
            '[[episode]]\nkind = "pet"\nseverity = [0.5, 1]\n',
            7,
            "0.5: pet is all or nothing: its severity is 1, or 0",
        ),
        (
            '[[episode]]\nkind = "holiday"\nhours = [1, 48]\n',
            7,
            "1: holiday lasts 6 hours at least",
        ),
        ('[[fault]]\nkind = "gremlins"\nhours = 1\n', 6, "'gremlins' is no fault; there are"),
        ('[[fault]]\nkind = "bounce"\n', 5, "fault[0].hours: is missing"),
        ('[[fault]]\nkind = "bounce"\nhours = 1\nsettings = { x = 1 }\n', 8, "bounce has no x"),
        ('time_zone = "Mars/Olympus"\n', 5, "'Mars/Olympus' is no time zone"),
        ("start = 2026-02-30\n", None, "not TOML"),
    ],
)
def test_a_slip_is_told_with_its_line_and_what_is_possible(
    tmp_path: Path, text: str, line: int | None, complaint: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    said = str(caught.value)
    assert complaint in said
    assert said.startswith(f"{path}:{line}: " if line else f"{path}: ")
    assert "\n" not in said


def test_a_scenario_that_is_nowhere_is_answered_with_those_that_are() -> None:
    with pytest.raises(ScenarioError, match="uti-in-week-4"):
        find("uti-in-week-5")


_VALUES = st.one_of(
    st.integers(-5, 50),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.booleans(),
    st.sampled_from(["home1", "uti", "fall", "bounce", "kettle-plug", "bathroom", ""]),
    st.lists(st.floats(0, 2), max_size=3),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_value_anywhere_does_worse_than_a_sentence(data: st.DataObject) -> None:
    """Whatever somebody writes in place of a value, they get a scenario or a reason."""
    name = data.draw(st.sampled_from(["a-mesh-that-misbehaves", "uti-in-week-4", "five-dialects"]))
    document = tomllib.loads(library()[name].read_text("utf-8"))
    tables = [document, *document.get("episode", []), *document.get("fault", [])]
    table = data.draw(st.sampled_from(tables))
    keys = st.sampled_from([*table, "room", "severity", "hours", "sensor", "home", "share"])
    table[data.draw(keys)] = data.draw(_VALUES)
    try:
        scenario = msgspec.convert(document, Scenario)
    except msgspec.ValidationError:
        return
    for keys_of_slip, wrong in slips(scenario):
        assert keys_of_slip
        assert wrong
        return


def test_the_head_alone_is_a_scenario(tmp_path: Path) -> None:
    scenario = read_scenario(written(tmp_path, "", HEAD))
    assert scenario.homes == 1
    assert scenario.names == ("home1",)


@pytest.mark.parametrize(
    ("start", "hour", "possible"),
    [
        ("2026-03-02", 24, True),  # of the 30 days one has 23 hours
        ("2026-04-06", 23.5, True),
        ("2026-04-06", 24, False),
        ("2026-10-05", 23.5, False),  # one has 25
    ],
)
def test_an_hour_that_the_last_day_does_not_reach_is_told(
    tmp_path: Path, start: str, *, hour: float, possible: bool
) -> None:
    head = HEAD.replace("2026-03-02", start)
    path = written(tmp_path, f'[[episode]]\nkind = "uti"\nday = 29\nhour = {hour}\n', head)
    if possible:
        (plan,) = Staged.of(read_scenario(path)).street.planned
        assert plan.episode.onset < 30 * DAY_S
    else:
        with pytest.raises(ScenarioError, match=rf"s\.toml:8: .*{hour:g} of the last day"):
            read_scenario(path)
