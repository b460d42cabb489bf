"""A bit that turned over in what the centre had told: no pause of years, no wrong sensor.

Whatever is damaged is not run with, is told to the centre, and the hub goes on.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from math import inf
from pathlib import Path
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import Alert, Condition, decode
from contract.downlink import LONGEST_PAUSE_S
from gateway.downlink.standing import PROBATION_S, Standing
from gateway.journal.lasting import LONGEST_LESSON_S, Spell
from tests.gateway.downlink.bench import SETTINGS, Bench
from tests.gateway.events import START

SENSORS = [{"name": "pendant", "kind": "button", "place": "pendant"}]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    yield one
    one.journal.close()


def said_of_damage(bench: Bench) -> list[Alert]:
    found = [decode(body, Alert) for body in bench.bodies("alert")]
    return [one for one in found if one.condition == Condition.HUB_MEMORY]


def worn(bench: Bench, statement: str, *values: object) -> None:
    changed = bench.journal._connection.execute(statement, values).rowcount
    assert changed == 1


def paused(bench: Bench) -> None:
    bench.take(bench.told(bench.command("pause", 1, until=bench.soon(3600))))
    assert bench.standing.spells.now("pause")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("until", START + 9 * 365 * 86_400),
        ("until", 1e300),
        ("until", inf),
        ("until", START + 3601),
        ("since", -1e300),
        ("since", START - 1),
        ("kind", "pausd"),
        ("kind", "away"),
        ("over", 1),
    ],
)
def test_a_pause_that_is_not_as_it_was_kept_is_over_and_the_centre_is_told_once(
    bench: Bench, column: str, value: object
) -> None:
    paused(bench)
    worn(bench, f"update spell set {column} = ?", value)  # noqa: S608 - our own
    for _ in range(2):
        bench.restart()
        assert bench.standing.spells.all == []
    (alert,) = said_of_damage(bench)
    assert alert.severity == "technical"
    assert "1 of the pauses, times away and tests" in alert.text
    assert "pause" in alert.prompt


def test_a_pause_that_is_damaged_while_the_hub_runs_is_noticed_at_the_next_word_of_the_centre(
    bench: Bench,
) -> None:
    paused(bench)
    worn(bench, "update spell set until = until * 2")
    bench.take(bench.told(bench.command("test", 2)))
    assert bench.standing.spells.damaged
    bench.run(1)
    assert len(said_of_damage(bench)) == 1
    assert not bench.standing.spells.damaged


@pytest.mark.parametrize(
    ("kind", "seconds", "believed"),
    [
        ("pause", 3600, True),
        ("pause", LONGEST_PAUSE_S + 0.0004, True),
        ("pause", LONGEST_PAUSE_S + 2, False),
        ("away", LONGEST_PAUSE_S + 2, True),
        ("away", 367 * 86_400, False),
        ("away", -86_400, True),
        ("walk_test", 2 * 3600, True),
        ("walk_test", 2 * 3600 + 2, False),
        ("relearn", LONGEST_LESSON_S, True),
        ("relearn", LONGEST_LESSON_S + 2, False),
        ("dance", 1, False),
        ("pause", inf, False),
    ],
)
def test_a_row_older_than_its_sum_is_believed_where_a_hub_can_have_written_it(
    bench: Bench, kind: str, seconds: float, believed: bool
) -> None:
    worn(
        bench,
        "insert into spell values ('c1', ?, ?, ?, 1, 1, null)",
        kind, START, START + seconds,
    )  # fmt: skip
    bench.restart()
    assert bool(bench.standing.spells.all) is believed
    assert bool(said_of_damage(bench)) is not believed


def test_what_is_over_moved_or_announced_still_bears_its_sum(bench: Bench) -> None:
    bench.take(bench.told(bench.command("away", 1, until=bench.soon(9 * 86_400))))
    bench.take(bench.told(bench.command("pause", 2, until=bench.soon(3600))))
    bench.now += 500  # the clock is set
    bench.tick()
    bench.take(bench.told(bench.command("resume", 3)))
    before = bench.standing.spells.all
    rows = bench.journal.rows("select count(*) from spell where sum is null")
    bench.restart()
    assert (bench.standing.spells.all, rows) == (before, [(0,)])
    assert [(one.kind, one.over, one.announced) for one in before] == [
        ("away", False, False), ("pause", True, True),
    ]  # fmt: skip
    assert said_of_damage(bench) == []


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Spell, int, int]:
    """A journal with a pause in it: its file, the pause, and from where to where its row stands."""
    folder = tmp_path_factory.mktemp("kept")
    with closing((bench := Bench(folder)).journal):
        paused(bench)
        (pause,) = bench.standing.spells.all
    raw = (folder / "journal.sqlite").read_bytes()
    end = raw.index(pack(">d", pause.until)) + 8 + 6
    return raw, pause, raw.index(b"c1pause") - 10, end


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_whichever_bit_of_a_pause_turns_over_it_lasts_as_it_was_meant_or_that_is_told(
    kept: tuple[bytes, Spell, int, int],
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
) -> None:
    whole, pause, begin, end = kept
    raw = bytearray(whole)
    raw[data.draw(st.integers(begin, end))] ^= 1 << data.draw(st.integers(0, 7))
    folder = tmp_path_factory.mktemp("bit")
    (folder / "journal.sqlite").write_bytes(raw)
    with closing((bench := Bench(folder)).journal):
        found = bench.standing.spells.all
        assert found == [pause] or said_of_damage(bench)
        assert all(one.until <= pause.until for one in found)


def test_a_configuration_that_is_not_as_it_was_sent_is_not_run_with_and_is_asked_for_again(
    bench: Bench,
) -> None:
    sent = bench.told(version=1, people=2)
    newer = bench.told(version=2, sensors=SENSORS)
    bench.take(sent)
    bench.run(PROBATION_S)
    bench.take(newer)
    bench.run(PROBATION_S)
    worn(
        bench,
        "update configuration set content = cast(replace(cast(content as text), 'pendant\"', "
        "'pendanu\"') as blob) where version = 2",
    )
    bench.restart()
    assert (bench.effective.version, bench.effective.settings.hub.people) == (1, 2)
    assert bench.orders.cursor.configuration == 1, "so the centre tells the newer one again"
    last = bench.reports()[-1]
    assert (last.version, last.state, last.reason) == (
        2, "reverted", "what was kept of it is damaged",
    )  # fmt: skip
    (alert,) = said_of_damage(bench)
    assert "1 of the versions of its configuration" in alert.text
    bench.take(newer)
    assert [one.name for one in bench.effective.settings.sensors] == ["pendant"]
    assert bench.reports()[-1].state == "applied"
    assert len(said_of_damage(bench)) == 1


@pytest.mark.parametrize(
    "change",
    [
        "digest = 'sha256:0' || substr(digest, 9)",
        "content = x'00'",
        "version = 4294967298",
        "version = -2",
    ],
)
def test_the_file_counts_where_no_version_that_was_kept_is_whole(bench: Bench, change: str) -> None:
    bench.take(bench.told(version=2, people=2))
    worn(bench, f"update configuration set {change}")  # noqa: S608 - our own
    bench.restart()
    assert bench.effective == (SETTINGS, None)
    assert bench.orders.cursor.configuration == 0
    assert len(said_of_damage(bench)) == 1


def test_on_a_full_disk_damage_is_told_later_and_is_not_run_with_meanwhile(
    bench: Bench,
) -> None:
    paused(bench)
    worn(bench, "update spell set until = 1e300")
    connection = bench.journal._connection
    connection.execute("pragma query_only = on")  # SQLite itself refuses each write
    standing = Standing(bench.base, bench.journal, bench.boot)
    assert standing.begin(bench.now, bench.elapsed).settings.context == ()
    assert standing.spells.all == []
    with pytest.raises(sqlite3.OperationalError):
        standing.mend(bench.now)
    connection.execute("pragma query_only = off")
    assert standing.mend(bench.now)
    assert len(said_of_damage(bench)) == 1
