"""What a scenario says must be what is played: to whom, when, and how badly."""

from datetime import UTC, datetime
from pathlib import Path

from contract import SensorEvent
from contract.codec import decode
from simulator.living.episodes.episode import DAY_S
from simulator.living.generate import write_street
from simulator.living.street import Street
from simulator.scenarios import Staged
from simulator.scenarios.households import household as household_of
from simulator.scenarios.library import library, load
from tests.simulator.scenarios.writing import staged

FORTY = "[street]\nhomes = 40\n"


def onsets(one: Staged) -> dict[str, float]:
    return {plan.home: plan.episode.onset for plan in one.street.planned}


def test_it_begins_at_midnight_on_the_clock_of_its_homes(tmp_path: Path) -> None:
    summer = 'title = "T"\nabout = ""\nstart = 2026-07-01\ndays = 3\n'
    assert staged(tmp_path, "", summer).start == datetime(2026, 6, 30, 23, tzinfo=UTC).timestamp()


def test_an_hour_is_one_on_the_wall_also_when_the_clocks_have_changed(tmp_path: Path) -> None:
    text = '[[episode]]\nkind = "fall"\nday = 28\nhour = 3\n'  # 30 March, in summer time
    (plan,) = staged(tmp_path, text).street.planned
    start = datetime(2026, 3, 2, tzinfo=UTC).timestamp()
    assert plan.episode.onset == datetime(2026, 3, 30, 2, tzinfo=UTC).timestamp() - start


def test_a_share_of_the_homes_is_that_many_of_them_and_always_the_same(tmp_path: Path) -> None:
    text = FORTY + '[[episode]]\nkind = "uti"\nshare = 0.1\nday = 3\n'
    chosen = onsets(staged(tmp_path, text))
    assert len(chosen) == 4
    assert onsets(staged(tmp_path, text)) == chosen
    other = staged(tmp_path, "seed = 2\n" + text)
    assert set(onsets(other)) != set(chosen)


def test_forty_homes_do_not_fall_at_one_second(tmp_path: Path) -> None:
    text = FORTY + '[[episode]]\nkind = "fall"\nevery = true\nday = 2\nspread_hours = 6\n'
    times = sorted(onsets(staged(tmp_path, text)).values())
    assert len(set(times)) == 40
    first = 2 * 86_400.0
    assert first <= times[0] < first + 3600
    assert first + 5 * 3600 < times[-1] <= first + 6 * 3600


def test_severity_and_length_are_drawn_within_their_ranges(tmp_path: Path) -> None:
    text = FORTY + '[[episode]]\nkind = "uti"\nevery = true\nseverity = [0.2, 0.6]\ndays = [3, 5]\n'
    episodes = [plan.episode for plan in staged(tmp_path, text).street.planned]
    assert all(0.2 <= one.severity <= 0.6 for one in episodes)
    assert all(3 <= one.plateau_s / 86_400 <= 5 for one in episodes)
    assert len({one.severity for one in episodes}) == 40


def test_a_table_added_at_the_end_changes_nothing_for_the_others(tmp_path: Path) -> None:
    one = FORTY + '[[episode]]\nkind = "uti"\nshare = 0.5\nspread_days = 9\n'
    two = one + '[[episode]]\nkind = "fall"\nshare = 0.2\n'
    before = list(staged(tmp_path, one).street.planned)
    assert list(staged(tmp_path, two).street.planned)[: len(before)] == before


def test_a_home_is_as_it_is_said_and_otherwise_as_it_would_be(tmp_path: Path) -> None:
    text = '[street]\nhomes = 3\n[[home]]\nname = "home2"\nresidents = 2\npet = true\n'
    staged_one = staged(tmp_path, text)
    said = staged_one.street
    drawn = Street(seed=said.seed, start=said.start, homes=3, mix=said.mix)
    household = said.home(2).household
    assert (household.residents, household.pet) == (2, True)
    assert household == household_of(staged_one.scenario, 2)
    assert household.carer_visits == drawn.home(2).household.carer_visits
    assert said.home(3).household == drawn.home(3).household


def test_one_home_can_speak_several_dialects(tmp_path: Path) -> None:
    text = (
        '[street]\nhomes = 9\nleft_out = 0\ndialect = ["shelly", "plain"]\n'
        '[[home]]\ndialect = "tasmota"\ndialects = { kettle-plug = "shelly" }\n'
    )
    played = staged(tmp_path, text)
    first = played.dialects("home1")
    assert first["kettle-plug"] == "shelly"
    assert {v for k, v in first.items() if k != "kettle-plug"} == {"tasmota"}
    others = [set(played.dialects(f"home{n}").values()) for n in range(2, 10)]
    assert {"shelly"} in others
    assert {"plain"} in others
    assert all(len(one) == 1 for one in others)


def test_the_truth_tells_of_faults_as_well_as_of_people(tmp_path: Path) -> None:
    text = (
        '[[episode]]\nkind = "uti"\nday = 1\n'
        '[[fault]]\nkind = "link_drop"\nday = 2\nhours = 3\nsensor = "bathroom-pir"\n'
    )
    labels = list(staged(tmp_path, text).truth())
    assert [one.kind for one in labels] == ["uti", "link_drop"]
    assert labels[1].onset == "2026-03-04T00:00:00+00:00"
    assert labels[1].end == "2026-03-04T03:00:00+00:00"
    assert labels[1].sensor == "bathroom-pir"


def test_every_home_of_the_library_can_be_lived_in() -> None:
    """Not only the first that a table befalls: a home built is a home checked."""
    for name in library():
        street = Staged.of(load(name)).street
        befallen = sorted({plan.home for plan in street.planned})
        for home in befallen:
            assert street.home(int(home.removeprefix("home"))).episodes


def test_another_start_moves_the_whole_story(tmp_path: Path) -> None:
    text = '[[episode]]\nkind = "uti"\nday = 3\nhour = 5\n'
    scenario = staged(tmp_path, text).scenario
    later = Staged.of(scenario, datetime(2026, 5, 1, tzinfo=UTC).timestamp())
    (plan,) = later.street.planned
    assert later.start + plan.episode.onset == datetime(2026, 5, 4, 4, tzinfo=UTC).timestamp()


def test_a_share_falls_only_on_homes_that_have_the_sensor(tmp_path: Path) -> None:
    text = (
        "[street]\nhomes = 40\nleft_out = 0.5\n"
        '[[episode]]\nkind = "sensor_death"\nevery = true\nsensor = "kitchen-pir"\n'
    )
    played = staged(tmp_path, text)
    struck = {plan.home for plan in played.street.planned}
    fitted = {home for home in played.street.names if "kitchen-pir" in played.dialects(home)}
    assert struck == fitted
    assert 8 < len(struck) < 32


def test_a_home_of_which_sensors_are_said_is_recorded_by_these(tmp_path: Path) -> None:
    """And no line of it goes to another sensor, or to the next home."""
    text = (
        '[street]\nhomes = 3\n[[home]]\nname = "home2"\n'
        'sensors = ["kettle-plug", "front-door-contact", "toilet-flush"]\n'
    )
    street = staged(tmp_path, text).street
    path = tmp_path / "street.jsonl"
    write_street(street, 4, path)
    written = [decode(line, SensorEvent) for line in path.read_bytes().splitlines()]
    for number in (1, 2, 3):
        home = street.home(number)
        told = list(home.until(street.start + 4 * DAY_S))
        assert [event for event in written if event.home == home.name] == told
    fitted = {event.sensor for event in written if event.home == "home2"}
    assert fitted == {"kettle-plug", "front-door-contact", "toilet-flush"}
