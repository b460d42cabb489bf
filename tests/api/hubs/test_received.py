"""A wrong receipt would make a hub forget what was never stored, or send for ever what was."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from api.hubs.received import Received
from contract import Gap

seqs = st.integers(min_value=1, max_value=40)


@given(st.lists(st.lists(seqs)))
def test_whatever_order_numbers_come_in_it_knows_exactly_which_have_come(
    batches: list[list[int]],
) -> None:
    received, model = Received(), set[int]()
    for batch in batches:
        received = received.add(batch)
        model |= set(batch)
        assert {seq for seq in range(42) if seq in received} == model
        missing = sorted(set(range(1, max(model, default=0))) - model)
        told = [seq for gap in received.gaps(100) for seq in range(gap.first, gap.last + 1)]
        assert told == missing
        assert received.contiguous == (missing[0] - 1 if missing else max(model, default=0))


@given(st.lists(seqs))
def test_ranges_rise_and_never_touch_so_an_orderly_journal_stays_one_pair(
    numbers: list[int],
) -> None:
    ranges = Received().add(numbers).ranges
    for (_, beyond), (first, _) in pairwise(ranges):
        assert beyond < first
    assert all(first < beyond for first, beyond in ranges)


def test_nothing_received_means_send_from_the_start() -> None:
    assert Received().contiguous == 0
    assert Received().gaps(10) == []


def test_an_urgent_record_ahead_of_its_turn_leaves_a_gap_not_a_false_receipt() -> None:
    received = Received().add([1, 2, 3]).add([9])
    assert received.contiguous == 3
    assert received.gaps(10) == [Gap(first=4, last=8)]


def test_a_receipt_tells_only_so_many_gaps_so_that_it_stays_small() -> None:
    received = Received().add(range(2, 100, 2))
    assert [gap.first for gap in received.gaps(3)] == [1, 3, 5]
