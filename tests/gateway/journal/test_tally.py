"""However often it is asked, the hub tells just how many records wait, of each kind."""

import sqlite3
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from gateway.journal.tally import Tally

KINDS = ("event", "alert", "health")


class Counting(RuleBasedStateMachine):
    """A journal that grows, is pruned and is received, forwards and backwards."""

    @initialize()
    def begin(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute("create table journal (seq integer primary key, kind text)")
        self.tally = Tally(self.connection)
        self.cursor = self.last = 0

    @rule(kinds=st.lists(st.sampled_from(KINDS), max_size=6))
    def write(self, kinds: list[str]) -> None:
        for kind in kinds:
            self.last += 1
            self.connection.execute("insert into journal values (?, ?)", (self.last, kind))

    @rule(data=st.data())
    def receive(self, data: st.DataObject) -> None:
        self.cursor = data.draw(st.integers(0, self.last))

    @rule(data=st.data())
    def prune(self, data: st.DataObject) -> None:
        until = data.draw(st.integers(0, self.last))
        self.connection.execute("delete from journal where seq <= ?", (until,))

    @rule()
    def ask(self) -> None:
        query = "select kind, count(*) from journal where seq > ? group by kind order by kind"
        assert self.tally.beyond(self.cursor) == dict(
            self.connection.execute(query, (self.cursor,))
        )

    def teardown(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()


TestCounting: Any = Counting.TestCase
TestCounting.settings = settings(max_examples=40)


def test_what_was_counted_is_not_read_again() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table journal (seq integer primary key, kind text)")
    connection.executemany(
        "insert into journal values (?, 'event')", [(seq,) for seq in range(1, 20_001)]
    )
    tally = Tally(connection)
    assert tally.beyond(0) == {"event": 20_000}
    steps: list[int] = []
    connection.set_progress_handler(lambda: steps.append(1), 1000)
    for cursor in range(5):
        assert tally.beyond(cursor) == {"event": 20_000 - cursor}
    assert len(steps) < 2
    connection.close()


@pytest.mark.parametrize("cursor", [0, 5])
def test_an_empty_journal_has_nothing_waiting(cursor: int) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table journal (seq integer primary key, kind text)")
    assert Tally(connection).beyond(cursor) == {}
    connection.close()
