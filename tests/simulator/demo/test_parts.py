"""What the demonstration is made of: a street that is remembered, and a pace that catches up."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import Condition
from simulator.demo.broker import broker_command
from simulator.demo.living import Pace
from simulator.demo.plan import LIVE, Household, load_street, new_street, stories
from simulator.demo.processes import DidNotStartError, Programs, run
from simulator.demo.rehearsal import rehearse
from simulator.living.episodes.registry import KINDS

NOW = datetime(2026, 3, 30, 14, 7, tzinfo=UTC)  # clocks went forward the day before
instants = st.floats(0, 1e6)


@given(instants, instants, st.floats(1, 5000))
def test_life_is_never_told_before_it_happens(behind: float, later: float, speed: float) -> None:
    began = 2e9
    pace = Pace(zero=began - behind, began=began, speed=speed)
    present = pace.present(began + later)
    assert began - behind <= present <= began + later
    assert present <= pace.present(began + later + 1)


def test_the_story_catches_up_and_then_keeps_time() -> None:
    pace = Pace(zero=1000, began=100_000, speed=100)
    assert not pace.caught_up(100_500)
    assert pace.caught_up(101_001)
    assert pace.present(200_000) == 200_000


def test_a_street_is_the_same_after_a_night(tmp_path: Path) -> None:
    street = new_street(NOW, "secret")
    street.households[3].episodes.append(KINDS["fall"].begin(NOW.timestamp()))
    street.save(tmp_path / "street.json")
    again = load_street(tmp_path / "street.json")
    assert again == street
    week = street.began + 7 * 86_400
    lives = [list(one.live_in(one.households[3]).until(week)) for one in (street, again)]
    assert lives[0] == lives[1]
    assert len(lives[0]) > 1000


def test_nothing_is_remembered_before_the_first_run(tmp_path: Path) -> None:
    assert load_street(tmp_path / "street.json") is None


def test_a_fall_is_rehearsed_so_that_it_is_noticed_while_somebody_watches() -> None:
    street = new_street(NOW, "secret")
    household = street.households[3]
    story = stories(household.told)[household.number]
    assert story.condition == Condition.POSSIBLE_FALL
    end = household.told + LIVE.total_seconds()
    found = None
    while found is None and household.life < 6:
        found = rehearse(street, household, story, after=household.told, before=end)
        household.life += found is None
    assert found in story.episodes
    assert rehearse(street, household, story, after=end, before=end) is None


def test_a_household_is_known_by_a_pseudonym_and_not_by_its_address() -> None:
    household = Household(number=2, label="2 Mill Lane", told=0)
    assert household.name == "home2"


def test_where_there_is_no_mosquitto_a_broker_in_python_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.demo.broker.shutil.which", lambda *_args, **_kwargs: None)
    name, command = broker_command(tmp_path, 1883)
    assert name == "amqtt"
    assert Path(command[0]).exists()


@pytest.mark.network
async def test_a_program_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    async with Programs(tmp_path) as programs:
        with pytest.raises(DidNotStartError, match="out of milk"):
            await programs.start("kettle", ["sh", "-c", "echo out of milk; exit 3"], ready=never)


@pytest.mark.network
async def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(DidNotStartError, match="no tea"):
        await run(["sh", "-c", "echo no tea >&2; exit 1"])
    assert await run(["echo", "tea"]) == "tea\n"
