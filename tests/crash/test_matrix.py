"""Whatever is killed, and when: what devices said is at the centre, once, and so are alerts."""

import random
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.crash.hardships import (
    BY_THE_CLOCK,
    HARDSHIPS,
    LEAPING,
    suffer_all,
    suffer_by_the_clock,
    suffer_leaps,
)
from tests.crash.matrix import play
from tests.crash.strikes import PARTS, drawn
from tests.crash.table import matrix_table, outcomes_table
from tests.support.broker import mosquitto_binary
from tests.support.leaping import libfaketime

pytestmark = pytest.mark.network


@pytest.fixture(autouse=True)
def _needs_mosquitto() -> None:
    if mosquitto_binary() is None:
        missing("Mosquitto", "install the package `mosquitto`")


@pytest.mark.parametrize(
    ("kills", "seed"),
    [
        (12, 5),
        pytest.param(200, 1, marks=[pytest.mark.slow, pytest.mark.timeout(1500)]),
    ],
)
async def test_no_kill_of_any_part_loses_doubles_or_invents_an_event_or_an_alert(
    tmp_path: Path, kills: int, seed: int
) -> None:
    result = await play(tmp_path, kills, seed, gap_s=0.5 if kills < 20 else 1.5)
    print(f"\n{matrix_table(result)}")  # noqa: T201 - the figures are what the test is for
    assert len(result.strikes) == kills
    assert {one.part for one in result.strikes} == set(PARTS)
    assert result.faults == []
    assert {"help_button", "household_rule"} <= result.books.raised.keys()


@pytest.mark.slow
@pytest.mark.timeout(1200)
async def test_full_disks_power_cuts_and_a_broker_that_is_away_cost_no_event(
    tmp_path: Path,
) -> None:
    outcomes = [one async for one in suffer_all(tmp_path, 1)]
    print(f"\n{outcomes_table(outcomes)}")  # noqa: T201 - as above
    assert len(outcomes) == len(HARDSHIPS)


@pytest.mark.slow
@pytest.mark.timeout(1200)
async def test_what_devices_and_timers_come_to_late_by_the_wall_clock_is_not_late(
    tmp_path: Path,
) -> None:
    outcomes = [one async for one in suffer_by_the_clock(tmp_path, 1)]
    print(f"\n{outcomes_table(outcomes)}")  # noqa: T201 - as above
    assert len(outcomes) == len(BY_THE_CLOCK)


@pytest.mark.slow
@pytest.mark.timeout(1200)
async def test_a_clock_that_leaps_loses_no_event_swallows_no_call_and_makes_up_no_silence(
    tmp_path: Path,
) -> None:
    if libfaketime() is None:
        missing("libfaketime", "install the package `faketime`")
    outcomes = [one async for one in suffer_leaps(tmp_path, 1)]
    print(f"\n{outcomes_table(outcomes)}")  # noqa: T201 - as above
    assert [one.what for one in outcomes] == [LEAPING.what]


def test_each_part_is_struck_as_often_as_the_others() -> None:
    order = drawn(200, PARTS, random.Random(1))  # noqa: S311 - nothing secret
    assert {part: order.count(part) for part in PARTS} == dict.fromkeys(PARTS, 50)
    assert order != sorted(order)
