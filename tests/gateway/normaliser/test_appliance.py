"""A boil of the kettle is one event with its energy: fewer boils may mean less to drink."""

import csv
import gzip
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser.appliance import CUT_SHORT, DISAGREES, LONGEST_S, SILENT_S, Appliance
from gateway.normaliser.channel import Told


def kettle() -> Appliance:
    return Appliance(on_w=500, off_w=100, gap_s=90)


def watts(value: float) -> Reading:
    return Reading("kettle", Signal.POWER, value)


def kwh(value: float) -> Reading:
    return Reading("kettle", Signal.ENERGY, value)


def heard(channel: Appliance, said: Iterable[tuple[float, Reading]]) -> list[Told]:
    return [told for t, reading in said for told in channel.hear(reading, t)]


def test_a_boil_is_told_with_its_end_its_length_and_its_energy() -> None:
    channel = kettle()
    assert heard(channel, [(0, watts(0)), (100, watts(2000)), (280, watts(0))]) == []
    assert channel.settle(369) == []
    assert channel.settle(370) == [Told(280, 100.0, 180.0)]


def test_a_use_that_a_device_tells_as_a_whole_is_told_as_it_is_and_once() -> None:
    channel = kettle()
    weak = Reading("kettle", Signal.USE, 3.5, at=100, seconds=42)
    assert heard(channel, [(100, weak), (100, weak)]) == [Told(100, 3.5, 42)]
    undated = Reading("kettle", Signal.USE, 3.5)
    assert heard(channel, [(200, undated), (200, undated)]) == [Told(200, 3.5)] * 2


def test_a_brief_false_zero_does_not_split_a_boil() -> None:
    channel = kettle()
    said = [(0, 2000), (60, 0), (70, 2000), (180, 0)]
    assert heard(channel, [(t, watts(power)) for t, power in said]) == []
    (told,) = channel.settle(1000)
    assert (told.at, told.duration) == (180, 180)
    assert told.value == pytest.approx(2000 * 170 / 3600, abs=0.001)


def test_two_boils_a_while_apart_are_two() -> None:
    channel = kettle()
    said = [(0, 2000), (180, 0), (300, 2000), (400, 0)]
    first = heard(channel, [(t, watts(power)) for t, power in said])
    assert [told.at for told in first + channel.settle(1000)] == [180, 400]


def test_keeping_warm_is_no_boil_and_standby_does_not_keep_one_alive() -> None:
    channel = kettle()
    assert heard(channel, [(0, watts(400)), (60, watts(3))]) == []
    heard(channel, [(100, watts(2000)), (200, watts(3)), (230, watts(3))])
    assert [told.at for told in channel.settle(1000)] == [200]


def test_power_between_the_thresholds_goes_on_with_the_use() -> None:
    channel = kettle()
    heard(channel, [(0, watts(2000)), (60, watts(300)), (400, watts(0))])
    assert [told.duration for told in channel.settle(490)] == [400]


def test_a_plug_pulled_in_the_midst_of_a_boil_ends_it_where_it_was_last_heard() -> None:
    channel = kettle()
    heard(channel, [(0, watts(2000)), (30, watts(2100))])
    assert channel.settle(30 + SILENT_S - 1) == []
    (told,) = channel.settle(30 + SILENT_S)
    assert (told.at, told.duration, told.note) == (30, 30, CUT_SHORT)


def test_a_boil_of_which_only_the_beginning_was_heard_is_told_as_cut_short_and_not_as_weak() -> (
    None
):
    channel = kettle()
    heard(channel, [(0, watts(0)), (0, kwh(5.0)), (60, watts(2000)), (60, kwh(5.0))])
    assert channel.settle(60 + SILENT_S) == [Told(60, 0.0, 0.0, CUT_SHORT)]


def test_what_never_switches_off_is_ended() -> None:
    channel = kettle()
    said = ((float(t), watts(2000)) for t in range(0, int(LONGEST_S) + 1200, 600))
    told = heard(channel, said)
    assert told
    assert all(one.duration is not None and one.duration <= LONGEST_S for one in told)


def test_a_meter_that_agrees_changes_nothing() -> None:
    channel = kettle()
    said = [(0, kwh(12.4)), (10, watts(2000)), (190, watts(0)), (190, kwh(12.5))]
    heard(channel, said)
    assert channel.settle(900) == [Told(190, 100.0, 180.0)]


def test_where_powers_were_missed_the_meter_is_believed_and_that_is_told() -> None:
    channel = kettle()
    missed = [(10, watts(2000)), (20, watts(150))]
    heard(channel, [(0, kwh(12.4)), *missed, (190, watts(0)), (190, kwh(12.5))])
    (told,) = channel.settle(900)
    assert told.value == pytest.approx(100.0)
    assert told.note == DISAGREES


def test_a_meter_that_was_reset_is_not_believed() -> None:
    channel = kettle()
    heard(channel, [(0, kwh(12.4)), (10, watts(2000)), (190, watts(0)), (190, kwh(0.1))])
    assert channel.settle(900) == [Told(190, 100.0, 180.0)]


def test_a_fine_counter_is_believed_to_the_watt_hour() -> None:
    channel = kettle()
    said = [(0, kwh(12.4)), (10, watts(2000)), (100, watts(0)), (110, watts(2000))]
    heard(channel, [*said, (190, watts(0)), (190, kwh(12.5004))])
    (told,) = channel.settle(900)
    assert told.value == pytest.approx(100.4)
    assert not told.note


def test_what_was_drawn_while_nothing_was_heard_is_no_part_of_the_next_use() -> None:
    channel = kettle()
    heard(channel, [(0, watts(0)), (0, kwh(12.4))])
    late = [(5000, watts(2000)), (5000, kwh(13.1)), (5090, watts(0)), (5090, kwh(13.15))]
    heard(channel, late)
    assert [told.value for told in channel.settle(6000)] == [pytest.approx(50)]


def test_what_an_oven_draws_between_its_pulses_counts_and_what_it_draws_after_does_not() -> None:
    channel = kettle()
    said = [(0, 1200), (30, 60), (60, 1200), (90, 60)]
    heard(channel, [(t, watts(power)) for t, power in said])
    (told,) = channel.settle(1000)
    assert told.value == pytest.approx((2 * 1200 * 30 + 60 * 30) / 3600, abs=0.001)


def test_the_power_of_a_use_that_is_over_said_again_with_its_time_begins_no_other() -> None:
    channel = kettle()
    heard(channel, [(0, watts(2000)), (30, watts(2100))])
    assert len(channel.settle(2000)) == 1
    assert channel.hear(watts(2100), 30) == []
    assert channel.deadline() == float("inf")


def test_a_plug_whose_counter_goes_on_has_not_been_unplugged() -> None:
    """Some tell their power only where it changes, and their counter every minute."""
    channel = kettle()
    heard(channel, [(0, watts(2000)), *((60.0 * n, kwh(12 + n / 30)) for n in range(1, 40))])
    heard(channel, [(2400, watts(0))])
    assert [told.duration for told in channel.settle(9000)] == [2400]


def test_a_counter_that_is_reset_within_a_use_costs_it_nothing() -> None:
    channel = kettle()
    heard(channel, [(0, kwh(12.4)), (0, watts(2000)), (90, kwh(12.45)), (91, kwh(0.0))])
    heard(channel, [(180, kwh(0.05001)), (180, watts(0))])
    (told,) = channel.settle(900)
    assert told.value == pytest.approx(100, abs=1)


_SAID = st.lists(st.tuples(st.floats(0, 200), st.sampled_from([0.0, 50.0, 300.0, 2000.0])))


@given(_SAID)
def test_uses_never_overlap_and_never_draw_more_than_the_plug_can(
    steps: list[tuple[float, float]],
) -> None:
    channel, t, told = kettle(), 0.0, []
    for step, power in steps:
        t += step
        told += channel.hear(watts(power), t)
    told += channel.settle(t + 1e6)
    before = float("-inf")
    for one in told:
        assert one.duration is not None
        assert one.at - one.duration > before
        assert 0 <= one.value <= 2000 * one.duration / 3600 + 0.001
        before = one.at


@given(_SAID, st.data())
def test_how_often_it_is_asked_changes_nothing(
    steps: list[tuple[float, float]], data: st.DataObject
) -> None:
    asked, left_alone = kettle(), kettle()
    t, told, expected = 0.0, [], []
    for step, power in steps:
        told += asked.settle(t + step * data.draw(st.floats(0, 1)))
        t += step
        told += asked.hear(watts(power), t)
        expected += left_alone.hear(watts(power), t)
    assert told + asked.settle(t + 1e6) == expected + left_alone.settle(t + 1e6)


def _metered(path: Path) -> Iterator[tuple[float, float]]:
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            if row["Kettle"]:
                at = datetime.fromisoformat(row["Time"]).replace(tzinfo=UTC).timestamp()
                yield at, float(row["Kettle"])


def test_boils_of_a_real_kettle_match_those_counted_by_others(recordings: Path) -> None:
    """Power in 30 s means, read by the hub's own state machine, against the published list."""
    months = sorted((recordings / "kettle").glob("REFIT_House2_2014-0*.csv.gz"))
    channel = kettle()
    told = [
        one
        for month in months
        for t, power in _metered(month)
        for one in channel.hear(watts(power), t)
    ]
    told += channel.settle(float("inf"))
    with (recordings / "kettle" / "boils.csv").open() as file:
        listed = [
            row
            for row in csv.DictReader(file)
            if "2014-0" in " ".join(row.values()) and "REFIT" in " ".join(row.values())
        ]
    assert len(told) == pytest.approx(len(listed), rel=0.01)
