"""What reads a hub's journal beside it knows what the centre has set."""

import sqlite3
from contextlib import closing
from importlib.resources import files as resources
from pathlib import Path

import pytest

from gateway.downlink.standing import Standing
from gateway.journal import Intake, Journal, JournalError
from gateway.replay.journalled import replay_journal
from gateway.settings import Files
from tests.gateway.downlink.bench import SETTINGS, Bench
from tests.gateway.events import event

HOUR = 3600.0


def test_a_replay_of_the_journal_uses_what_the_centre_has_set_and_its_pauses(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path)
    bench.take(bench.told(version=1, people=2))
    bench.journal.write_intake(Intake(events=[event(0)], newest=bench.now), bench.now)
    bench.take(bench.told(bench.command("pause", until=bench.soon(25 * HOUR))))
    intake = Intake(events=[event(5, "pendant", "button"), event(26)])
    bench.journal.write_intake(intake, bench.now)
    bench.journal.close()
    with closing(Journal.open_read_only(tmp_path / "journal.sqlite")) as beside:
        peeked = Standing(SETTINGS, beside).peek().settings
    assert peeked.hub.people == 2
    assert [one.situation for one in peeked.context] == ["paused"]
    where = Files(journal=tmp_path / "journal.sqlite", key=tmp_path / "k", password=None, ca=None)
    outcome = replay_journal(SETTINGS, where, None, lambda _: None)
    said = [one for one in outcome.assessments if "Recording is paused" in str(one)]
    assert said, "the pause is in the replay as it was live"


def test_a_journal_from_before_is_brought_up_to_date_by_the_hub_and_by_nobody_else(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.sqlite"
    script = resources("gateway.journal").joinpath("schema_v1.sql").read_text("utf-8")
    with closing(sqlite3.connect(path)) as old:
        old.executescript(script)
        old.execute("insert into identity values (1, 'hub-1', 'h1', 'e')")
        old.commit()
        old.execute("pragma user_version = 1")
    with pytest.raises(JournalError, match="start the hub once"):
        Journal.open_read_only(path)
    bench = Bench(tmp_path)
    assert bench.take(bench.told(version=1, people=2))
    assert bench.journal.identity.epoch == "e"
    bench.journal.close()


def test_a_hub_that_has_learned_takes_a_configuration_and_keeps_what_it_learned(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path)
    bench.journal.write_intake(Intake(events=[event(n) for n in range(50)]), bench.now)
    while bench.room.work():
        pass
    bench.room.save()
    assert bench.journal.engine_memory() is not None
    assert bench.take(bench.told(version=1, people=2))
    assert bench.effective.version == 1
    assert bench.effective.settings.hub.people == 2
