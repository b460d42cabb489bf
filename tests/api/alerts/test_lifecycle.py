"""One person, one alert, one handler: the table is all of the rules, so all of it is pinned."""

import itertools

import pytest

from api.alerts.lifecycle import OVER, TABLE, Action, Actor, AlertState, Outcome, possible, step

RAISED, ESCALATED, CLAIMED = AlertState.RAISED, AlertState.ESCALATED, AlertState.CLAIMED
SUSPENDED, SHELVED = AlertState.SUSPENDED, AlertState.SHELVED
RESOLVED, WITHDRAWN = AlertState.RESOLVED, AlertState.WITHDRAWN

STAFF = "holder named other"

# Each step that there is, told a second time and by hand; every other one must lead nowhere.
LEADS = {
    (RAISED, Action.CLAIM): (CLAIMED, STAFF),
    (RAISED, Action.NOTE): (RAISED, STAFF),
    (RAISED, Action.ESCALATE): (ESCALATED, STAFF + " centre"),
    (RAISED, Action.SHELVE): (SHELVED, "centre"),
    (RAISED, Action.ASSIGN): (CLAIMED, "centre"),
    (RAISED, Action.WITHDRAW): (WITHDRAWN, "centre"),
    (ESCALATED, Action.CLAIM): (CLAIMED, STAFF),
    (ESCALATED, Action.NOTE): (ESCALATED, STAFF),
    (ESCALATED, Action.ESCALATE): (ESCALATED, STAFF + " centre"),
    (ESCALATED, Action.ASSIGN): (CLAIMED, "centre"),
    (ESCALATED, Action.WITHDRAW): (WITHDRAWN, "centre"),
    (CLAIMED, Action.CLAIM): (CLAIMED, "holder"),
    (CLAIMED, Action.NOTE): (CLAIMED, STAFF),
    (CLAIMED, Action.SUSPEND): (SUSPENDED, "holder"),
    (CLAIMED, Action.OFFER): (CLAIMED, "holder"),
    (CLAIMED, Action.ACCEPT): (CLAIMED, "named"),
    (CLAIMED, Action.DECLINE): (CLAIMED, "holder named centre"),
    (CLAIMED, Action.TAKEOVER): (CLAIMED, "named other"),
    (CLAIMED, Action.RELEASE): (RAISED, "holder centre"),
    (CLAIMED, Action.ESCALATE): (ESCALATED, "holder centre"),
    (CLAIMED, Action.SHELVE): (SHELVED, "holder"),
    (CLAIMED, Action.RESOLVE): (RESOLVED, "holder"),
    (CLAIMED, Action.ASSIGN): (CLAIMED, "centre"),
    (CLAIMED, Action.LAPSE): (RAISED, "centre"),
    (CLAIMED, Action.WITHDRAW): (WITHDRAWN, "centre"),
    (SUSPENDED, Action.NOTE): (SUSPENDED, STAFF),
    (SUSPENDED, Action.RESUME): (CLAIMED, "holder"),
    (SUSPENDED, Action.TAKEOVER): (CLAIMED, "named other"),
    (SUSPENDED, Action.RELEASE): (RAISED, "holder centre"),
    (SUSPENDED, Action.ASSIGN): (SUSPENDED, "centre"),
    (SUSPENDED, Action.RETURN): (CLAIMED, "centre"),
    (SUSPENDED, Action.WITHDRAW): (WITHDRAWN, "centre"),
    (SHELVED, Action.NOTE): (SHELVED, STAFF),
    (SHELVED, Action.UNSHELVE): (RAISED, STAFF),
    (SHELVED, Action.RETURN): (RAISED, "centre"),
    (SHELVED, Action.WITHDRAW): (WITHDRAWN, "centre"),
    (RESOLVED, Action.NOTE): (RESOLVED, STAFF),
    (RESOLVED, Action.CORRECT): (RESOLVED, STAFF),
    (RESOLVED, Action.RETURN): (RAISED, "centre"),
    (WITHDRAWN, Action.NOTE): (WITHDRAWN, STAFF),
    **{(state, Action.ATTEMPT): (state, "centre") for state in AlertState},
    (CLAIMED, Action.ATTEMPT): (CLAIMED, "holder centre"),
    (SUSPENDED, Action.ATTEMPT): (SUSPENDED, "holder centre"),
}


@pytest.mark.parametrize(
    ("state", "action", "actor"), list(itertools.product(AlertState, Action, Actor))
)
def test_every_action_by_everybody_in_every_state(
    state: AlertState, action: Action, actor: Actor
) -> None:
    to, by = LEADS.get((state, action), (None, ""))
    assert step(state, action, actor) == (to if actor in by.split() else None)


def test_what_is_offered_is_what_can_be_done() -> None:
    for state, actor in itertools.product(AlertState, Actor):
        offered = possible(state, actor)
        assert offered == [action for action in Action if step(state, action, actor)]


def test_every_state_is_reached_and_nobody_but_who_calls_again_brings_back_what_is_over() -> None:
    assert {entry.to for entry in TABLE.values()} == set(AlertState)
    ways = {state: {TABLE[key].to for key in TABLE if key[0] is state} for state in AlertState}
    assert {state for state, to in ways.items() if to == {state}} == {WITHDRAWN}
    assert ways[RESOLVED] == {RESOLVED, RAISED}
    assert {RESOLVED, WITHDRAWN} == OVER


def test_outcomes_are_the_words_that_are_stored_so_they_do_not_change() -> None:
    assert set(Outcome) == {
        "true_concern", "known_reason", "false_alarm", "no_contact", "equipment", "test"
    }  # fmt: skip
