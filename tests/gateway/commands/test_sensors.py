"""Each sensor's last word and usual rate stand in one table, so that a quiet one is seen."""

from pathlib import Path

import msgspec
import pytest

from gateway.cli import main
from gateway.report.sensor_table import lines, sensor_table
from gateway.settings import files
from tests.gateway.commands.lived_in import lived_in
from tests.gateway.events import START
from tests.gateway.household import Household

DAY_S = 86_400.0


def test_the_table_tells_last_word_usual_rate_battery_and_link(tmp_path: Path) -> None:
    household, _ = lived_in(tmp_path, days=4)
    now = START + 3 * DAY_S + 10 * 3600  # the fourth day at ten: what comes later is not yet known
    rows = sensor_table(household.settings, files(household.path, household.settings), now).rows
    head, bathroom, door = lines(rows, now)
    assert head.startswith("sensor           tells    place       last word")
    assert bathroom.split() == ["bathroom-motion", "motion", "bathroom", "never", "4", "4"]
    assert " 41 %     offline" in door
    assert "1 day ago" in door


def test_there_is_no_usual_rate_before_the_first_whole_day(tmp_path: Path) -> None:
    household, _ = lived_in(tmp_path, days=1)
    places = files(household.path, household.settings)
    rows = sensor_table(household.settings, places, START + 30 * 3600).rows
    assert [row.usual for row in rows] == [None, None]
    assert [row.today for row in rows] == [0, 0]


def test_a_program_gets_it_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    household, _ = lived_in(tmp_path)
    assert main(["sensors", "--json", "--settings", str(household.path)]) == 0
    rows = msgspec.json.decode(capsys.readouterr().out)
    assert [row["health"]["sensor"] for row in rows] == ["bathroom-motion", "front-door"]


def test_a_hub_that_never_ran_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sensors", "--settings", str(Household(tmp_path).path)]) == 1
    assert "has the hub ever run?" in capsys.readouterr().err
