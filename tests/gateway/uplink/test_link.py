"""No state is a dead end: whatever happens to the link, the hub tries again."""

from itertools import product

import pytest

from gateway.uplink.link import TABLE, LinkState, Outcome, Wait, tries

TRYING = [state for state in LinkState if tries(state)]
ANSWERS = [outcome for outcome in Outcome if outcome is not Outcome.NEWS]


def test_every_state_knows_every_outcome_it_can_meet_and_no_other() -> None:
    met = {
        *product(TRYING, ANSWERS),
        *product([LinkState.UP_TO_DATE], [Outcome.NEWS, Outcome.AWAY]),
    }
    assert set(TABLE) == met
    assert set(LinkState) == {*TRYING, LinkState.UP_TO_DATE}


@pytest.mark.parametrize("state", LinkState)
def test_from_every_state_each_other_can_be_reached_but_the_first(state: LinkState) -> None:
    reached, new = set[LinkState](), {state}
    while new - reached:
        reached |= new
        new = {turn.to for (where, _), turn in TABLE.items() if where in reached}
    assert reached >= set(LinkState) - {LinkState.UNKNOWN}


def test_nothing_but_news_is_waited_for_without_an_end() -> None:
    for (_, outcome), turn in TABLE.items():
        assert (turn.wait is Wait.NEWS) == (turn.to is LinkState.UP_TO_DATE), outcome


def test_a_centre_that_is_away_or_refuses_is_never_asked_again_at_once() -> None:
    for turn in TABLE.values():
        if turn.wait is Wait.NOTHING:
            continue
        waits = {
            LinkState.AWAY: Wait.SOON, LinkState.REFUSED: Wait.LATE, LinkState.UP_TO_DATE: Wait.NEWS
        }  # fmt: skip
        assert turn.wait is waits[turn.to]
    for state in TRYING:
        assert TABLE[state, Outcome.AWAY].wait is Wait.SOON
        assert TABLE[state, Outcome.REFUSED].wait is Wait.LATE


@pytest.mark.parametrize("outcome", [Outcome.TOO_LARGE, Outcome.MISDATED])
def test_what_can_be_mended_by_the_hub_is_tried_at_once_in_the_same_state(
    outcome: Outcome,
) -> None:
    for state in TRYING:
        assert TABLE[state, outcome] == (state, Wait.NOTHING)
