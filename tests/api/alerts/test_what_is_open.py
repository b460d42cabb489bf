"""What is over waits for nobody, wherever it is asked which alerts are open."""

import re
from pathlib import Path

import pytest

from api.alerts.lifecycle import OVER, AlertState
from api.store.queries import parse
from tests.conftest import ROOT

ROOMS = sorted((ROOT / "api").glob("*/queries.sql"))
# Written out in each query, for the indexes of what is open are chosen by these words.
_NOT = re.compile(r"(\w+\.)?state <> '(\w+)'")
_IS = re.compile(r"(\w+\.)?state (?:= '|in \()")


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.parent.name)
def test_no_query_takes_an_alert_for_open_that_was_withdrawn_or_resolved(room: Path) -> None:
    for name, sql in parse(room.read_text("utf-8")).items():
        left_out: dict[str, set[str]] = {}
        for whose, state in _NOT.findall(sql):
            left_out.setdefault(whose, set()).add(state)
        named = set(_IS.findall(sql))  # a state that it must be in says it as well
        for whose, states in left_out.items():
            if AlertState.RESOLVED in states and whose not in named:
                assert states >= OVER, f"{room.parent.name}: {name} asks for {states} alone"


def test_the_rooms_that_ask_which_alerts_are_open_are_all_looked_at() -> None:
    asking = {
        room.parent.name for room in ROOMS if f"<> '{AlertState.RESOLVED}'" in room.read_text()
    }
    assert {"alerts", "homes", "silence", "response", "operation"} <= asking
