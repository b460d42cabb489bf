"""A recording's lines are written by columns: they must be the bytes that everybody else writes."""

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from contract.codec import encode
from simulator.living.episodes.episode import DAY_S
from simulator.living.lines import Lines
from simulator.living.senses.columns import MEASURED, Columns, events, interleaved, joined
from simulator.living.senses.registry import MAKES, roles_of
from tests.simulator.living.people import EVERYTHING, home

ROLES = roles_of(EVERYTHING)
NEXT_CENTURY_MS = 4_102_444_800_000

tenths = st.integers(min_value=0, max_value=200_000).map(lambda number: number / 10)
told = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=NEXT_CENTURY_MS),
        st.integers(min_value=0, max_value=len(ROLES) - 1),
        tenths,
        st.one_of(st.just(float("nan")), st.integers(0, 10_000).map(float), tenths),
    ),
    max_size=30,
)


def columns_of(rows: list[tuple[int, int, float, float]]) -> Columns:
    """Of these in order of time, with the values that each sensor can have."""
    rows = sorted(rows, key=lambda row: row[0])
    measured = [ROLES[sensor].kind in MEASURED for _, sensor, _, _ in rows]
    values = [
        value if real else float(value >= 100)
        for (_, _, value, _), real in zip(rows, measured, strict=True)
    ]
    lasted = [row[3] if ROLES[row[1]].kind == "appliance" else float("nan") for row in rows]
    times, sensors = [row[0] for row in rows], [row[1] for row in rows]
    return Columns(np.array((times, sensors, values, lasted), np.float64))


def both(name: str, columns: Columns) -> tuple[list[str], list[str]]:
    lines = Lines(["another", name], [ROLES[:3], ROLES])
    mine = np.full(len(columns), 1, np.int32)
    encoded = [encode(event).decode() + "\n" for event in events(name, ROLES, columns)]
    return lines.text(mine, columns).splitlines(keepends=True), encoded


@given(told, st.sampled_from(["home1", "h", "Haus-7 \u00fc"]))
def test_a_line_is_what_the_contract_writes_for_the_event(
    rows: list[tuple[int, int, float, float]], name: str
) -> None:
    lines, encoded = both(name, columns_of(rows))
    assert lines == encoded


def test_the_lines_of_a_life_are_what_the_contract_writes_for_every_sensor() -> None:
    lived = home(1)
    columns = joined(lived.columns(lived.start + 6 * DAY_S))
    assert {role.sensor for role in lived.sensors} == set(MAKES)
    assert set(columns.sensor.tolist()) == set(range(len(MAKES)))
    lines, encoded = both("home1", columns)
    assert lines == encoded


def test_the_turn_of_a_year_and_a_leap_day_are_dated_right() -> None:
    moments = [
        datetime(2027, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
        datetime(2028, 1, 1, tzinfo=UTC),
        datetime(2028, 2, 29, 12, 0, 0, 7000, tzinfo=UTC),
        datetime(2028, 3, 1, tzinfo=UTC),
    ]
    rows = [(round(moment.timestamp() * 1000), 0, 100.0, float("nan")) for moment in moments]
    lines, encoded = both("home1", columns_of(rows))
    assert lines == encoded
    assert [f'"at":"{at}Z"' in line for at, line in zip(
        ("2027-12-31T23:59:59.999000", "2028-01-01T00:00:00", "2028-02-29T12:00:00.007000",
         "2028-03-01T00:00:00"), lines, strict=True)] == [True] * 4  # fmt: skip


def test_no_event_no_line() -> None:
    assert both("home1", columns_of([])) == ([], [])


@given(st.lists(told, max_size=6))
def test_homes_that_tell_at_one_instant_are_told_in_their_order(
    homes: list[list[tuple[int, int, float, float]]],
) -> None:
    parts = [columns_of(rows) for rows in homes]
    whole, index = interleaved(parts)
    expected = sorted(
        (row[0], home, place)
        for home, part in enumerate(parts)
        for place, row in enumerate(part.table.T.tolist())
    )
    assert index.tolist() == [home for _, home, _ in expected]
    rows = [parts[home].table[:, place] for _, home, place in expected]
    np.testing.assert_array_equal(whole.table, np.array(rows).reshape(-1, 4).T)
