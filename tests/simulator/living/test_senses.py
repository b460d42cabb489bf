"""Sensors must miss what real ones miss, and tell the rest in order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.living.chance import Chance
from simulator.living.rooms import INDOORS
from simulator.living.senses.block import Block, Times
from simulator.living.senses.contacts import bed, door
from simulator.living.senses.motion import Glimpse, Motion
from simulator.living.senses.registry import MAKES, USUAL, roles_of
from simulator.living.senses.senses import Senses
from simulator.living.senses.uses import Flush, Plug
from simulator.living.trace import Acts
from simulator.living.weather import Weather, sky_of

WEATHER = Weather(sky_of(1, 2))
BLIND_S = 60.9

Act = tuple[float, float, float]
NO_LENGTH = float("nan")

moments = st.lists(st.floats(min_value=0, max_value=20_000), max_size=60).map(sorted)


def block(
    start: float = 0.0,
    end: float = 30_000.0,
    *,
    moves: dict[str, list[float]] | None = None,
    acts: dict[str, list[Act]] | None = None,
) -> Block:
    there: dict[str, Times] = {room: np.array((moves or {}).get(room, [])) for room in INDOORS}
    done: dict[str, Acts] = {place: np.array(rows) for place, rows in (acts or {}).items()}
    return Block(start, end, there, done, WEATHER)


def as_times(times: list[float]) -> Times:
    return np.array(times, np.float64)


def sharp() -> Motion:
    return Motion("lounge", 1.0, Chance.of(1))


@given(moments)
def test_a_pir_that_sees_all_tells_the_first_movement_and_each_after_its_cool_down(
    times: list[float],
) -> None:
    told: list[float] = []
    for t in times:
        if not told or t >= told[-1] + BLIND_S:
            told.append(t)
    assert sharp().fired(as_times(times)).tolist() == told


@given(moments, st.floats(min_value=0, max_value=20_000))
def test_a_pir_stays_blind_from_one_block_to_the_next(times: list[float], cut: float) -> None:
    whole, parted = sharp(), sharp()
    early = [t for t in times if t < cut]
    parts = [parted.fired(as_times(early)), parted.fired(as_times(times[len(early) :]))]
    assert np.concatenate(parts).tolist() == whole.fired(as_times(times)).tolist()


def test_a_pir_misses_what_lies_beyond_its_reach() -> None:
    dull = Motion("lounge", 0.7, Chance.of(1))
    moves = {"lounge": [100.0 * n for n in range(5000)]}
    assert 0.67 < len(dull.sense(block(0, 500_000, moves=moves), 0)) / 5000 < 0.73


def test_a_pir_may_see_some_of_what_moves_beyond_an_open_door() -> None:
    into_the_hall = Motion("lounge", 1.0, Chance.of(1), Glimpse("hallway", 0.2, Chance.of(2)))
    moves = {"lounge": [10.0], "hallway": [100.0 * n for n in range(1, 5000)]}
    told = into_the_hall.sense(block(0, 500_000, moves=moves), 0)
    assert told.at_ms[0] == 10_000
    assert 0.17 < len(told) / 5000 < 0.23


def edges(sensor: str, *acts: tuple[float, float]) -> list[tuple[float, float]]:
    rows = [(t, value, NO_LENGTH) for t, value in acts]
    told = (bed() if sensor == "bed" else door(sensor)).sense(block(acts={sensor: rows}), 0)
    return list(zip((told.at_ms / 1000).tolist(), told.value.tolist(), strict=True))


def test_a_door_that_two_hold_is_open_until_the_second_lets_go() -> None:
    assert edges("fridge", (10, 1), (12, 1), (15, 0), (40, 0)) == [(10, 1), (40, 0)]


def test_a_bed_tells_only_changes() -> None:
    told = edges("bed", (1, 0), (2, 1), (3, 1), (4, 0), (5, 0), (6, 0), (7, 1))
    assert told == [(2, 1), (5, 0), (7, 1)]


def test_a_door_is_held_open_from_one_block_to_the_next() -> None:
    fridge = door("fridge")
    told = []
    for rows in ([(1.0, 1.0), (2.0, 1.0)], [(3.0, 0.0)], [(4.0, 0.0), (5.0, 1.0)]):
        acts = {"fridge": [(t, value, NO_LENGTH) for t, value in rows]}
        told += fridge.sense(block(acts=acts), 0).at_ms.tolist()
    assert told == [1000, 4000, 5000]


def test_what_begins_before_the_last_use_is_well_over_belongs_to_that_one() -> None:
    """A plug cannot tell them apart, and a hub takes uses within a minute and a half for one."""
    uses = [(200.0, 90.0, 100.0), (250.0, 70.0, 100.0), (380.0, 75.0, 100.0), (700.0, 80.0, 120.0)]
    told = Plug("kettle").sense(block(acts={"kettle": uses}), 3)
    assert told.at_ms.tolist() == [200_000, 700_000]
    assert told.value.tolist() == [90, 80]
    assert told.duration.tolist() == [100, 120]
    assert told.sensor.tolist() == [3, 3]


def test_a_cistern_tells_every_flush() -> None:
    told = Flush().sense(block(acts={"toilet": [(5.0, 1.0, NO_LENGTH), (9.0, 1.0, NO_LENGTH)]}), 0)
    assert told.at_ms.tolist() == [5000, 9000]


def test_a_thermometer_reports_each_change_and_once_an_hour() -> None:
    thermometer = MAKES["lounge-temperature"](Chance.of(5))
    told = thermometer.sense(block(0, 20 * 86_400.0), 0)
    gaps = np.diff(told.at_ms) / 1000
    steps = np.abs(np.diff(told.value))
    assert gaps.max() <= 3600
    assert np.all((steps >= 0.29) | (gaps >= 3600))
    assert np.all(np.round(told.value, 1) == told.value)
    assert 15 < told.value.min() < told.value.max() < 30


def test_each_sensor_has_a_name_of_its_own_and_its_chance_does_not_hang_on_the_others() -> None:
    names = [role.sensor for role in roles_of(tuple(MAKES))]
    assert names == list(MAKES)
    assert set(USUAL) < set(MAKES)
    moves = {"lounge": [100.0 * number for number in range(200)]}
    alone = Senses(("lounge-pir",), 4).sense(block(moves=moves))
    among = Senses(tuple(MAKES), 4).sense(block(moves=moves))
    mine = among.compress(among.sensor == names.index("lounge-pir"))
    assert mine.at_ms.tolist() == alone.at_ms.tolist()


def test_what_is_not_fitted_can_neither_die_nor_be_hung_up_elsewhere() -> None:
    senses = Senses(USUAL, 1)
    with pytest.raises(ValueError, match="no sensor 'cellar-pir'; there are bathroom-pir"):
        senses.silence(0, 1, sensor="cellar-pir")
    with pytest.raises(ValueError, match="no sensor 'toilet-flush'"):
        senses.rehang("toilet-flush", "lounge", 0, 1)
    with pytest.raises(ValueError, match="kettle-plug is no motion sensor"):
        senses.rehang("kettle-plug", "lounge", 0, 1)


def test_a_silence_swallows_an_edge_and_what_would_repeat_the_state_before_it() -> None:
    senses = Senses(("front-door-contact",), 1)
    senses.silence(20, 30)
    acts = [
        (t, float(n % 2), NO_LENGTH) for n, t in enumerate((10.0, 25.0, 40.0, 50.0, 60.0), start=1)
    ]
    told = senses.sense(block(acts={"front_door": acts}))
    assert list(zip((told.at_ms / 1000).tolist(), told.value.tolist(), strict=True)) == [
        (10, 1),
        (50, 0),
        (60, 1),
    ]
