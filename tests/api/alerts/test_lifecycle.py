"""One person, one alert, one handler: the table is all of the rules, so all of it is pinned."""

import itertools

import pytest

from api.alerts.lifecycle import TABLE, Action, Actor, AlertState, Outcome, possible, step

RAISED, CLAIMED, RESOLVED = AlertState.RAISED, AlertState.CLAIMED, AlertState.RESOLVED

# Each triple that leads anywhere; every other one must lead nowhere.
LEADS = {
    (RAISED, Action.CLAIM, Actor.OTHER): CLAIMED,
    (RAISED, Action.CLAIM, Actor.HOLDER): CLAIMED,
    (RAISED, Action.NOTE, Actor.OTHER): RAISED,
    (RAISED, Action.NOTE, Actor.HOLDER): RAISED,
    (CLAIMED, Action.CLAIM, Actor.HOLDER): CLAIMED,
    (CLAIMED, Action.RELEASE, Actor.HOLDER): RAISED,
    (CLAIMED, Action.NOTE, Actor.HOLDER): CLAIMED,
    (CLAIMED, Action.NOTE, Actor.OTHER): CLAIMED,
    (CLAIMED, Action.RESOLVE, Actor.HOLDER): RESOLVED,
    (CLAIMED, Action.LAPSE, Actor.CENTRE): RAISED,
    (RESOLVED, Action.NOTE, Actor.HOLDER): RESOLVED,
    (RESOLVED, Action.NOTE, Actor.OTHER): RESOLVED,
}


@pytest.mark.parametrize(
    ("state", "action", "actor"), list(itertools.product(AlertState, Action, Actor))
)
def test_every_action_by_everybody_in_every_state(
    state: AlertState, action: Action, actor: Actor
) -> None:
    assert step(state, action, actor) == LEADS.get((state, action, actor))


def test_what_is_offered_is_what_can_be_done() -> None:
    for state, actor in itertools.product(AlertState, Actor):
        offered = possible(state, actor)
        assert offered == [action for action in Action if step(state, action, actor)]


def test_every_state_is_reached_and_only_the_end_has_no_way_on() -> None:
    assert {to for to, _ in TABLE.values()} == set(AlertState)
    ways = {state: {TABLE[key].to for key in TABLE if key[0] is state} for state in AlertState}
    assert [state for state, to in ways.items() if to == {state}] == [RESOLVED]


def test_outcomes_are_the_words_that_are_stored_so_they_do_not_change() -> None:
    assert set(Outcome) == {
        "true_concern", "known_reason", "false_alarm", "no_contact", "equipment", "test"
    }  # fmt: skip
