"""A journal that was cut short: nobody is told that nothing was lost."""

import time
from collections import Counter
from pathlib import Path

import pytest

from contract import Alert, RecordKind, decode
from gateway.journal import Intake, Journal
from gateway.journal.journal import EngineMemory
from gateway.journal.opening import mark_suspect
from gateway.journal.pages import PAGE
from gateway.journal.settling import CONDITION
from tests.gateway.events import START, event
from tests.gateway.journal.test_corners import changed, lived
from tests.gateway.journal.test_journal import open_journal

EVENTS = 120


def home(folder: Path) -> Path:
    with open_journal(folder) as journal:
        for n in range(EVENTS):
            intake = Intake(events=[event(n)])
            intake.counts["events"] += 1
            journal.write_intake(intake, START)
    return folder / "journal.sqlite"


def test_wherever_a_journal_is_cut_the_centre_hears_that_more_may_be_lost_than_is_known(
    tmp_path: Path,
) -> None:
    raw = home(tmp_path / "whole").read_bytes()
    reckoned = 0
    for pages in range(len(raw) // PAGE):
        folder = tmp_path / str(pages)
        folder.mkdir()
        (folder / "journal.sqlite").write_bytes(raw[: pages * PAGE])
        with open_journal(folder) as journal:
            kept = sum(1 for _ in journal.records(RecordKind.EVENT))
            alerts = [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]
            counters = journal.counters()
        (told,) = [one.text for one in alerts if one.condition == CONDITION]
        assert f"{kept:,} records were kept, at least {counters['journal_lost']:,}" in told
        assert "how many are lost is not known" in told
        assert counters["journal_lost"] <= EVENTS - kept
        if counters.get("events"):
            reckoned += 1
            assert counters["journal_lost"] == EVENTS - kept, "what was counted is missed"
    assert reckoned, "the count outlives some of the events"


def test_a_place_of_the_engine_that_is_not_as_it_was_written_is_no_loss(tmp_path: Path) -> None:
    """A bit turned over in it would tell the centre of thousands of records that never were."""
    path = lived(tmp_path)
    with open_journal(tmp_path) as journal:
        journal.write_outputs([], EngineMemory(5, None, b"memory"), Counter(), START)
    mark_suspect(changed(path, "update engine set offset = offset + 65536"))
    with Journal.open(path, "hub-1", "h1") as journal:
        assert journal.counters()["journal_rebuilt"] == 1
        assert journal.counters()["journal_lost"] == 0


@pytest.mark.parametrize(
    "statement",
    [
        "update journal set written_at = written_at + 268435456 where seq = 7",
        "update clock set received = received + 268435456",
    ],
)
def test_the_alert_of_the_damage_is_not_dated_years_ahead_and_open_until_then(
    tmp_path: Path, statement: str
) -> None:
    path = lived(tmp_path)
    mark_suspect(
        changed(
            path,
            "insert or replace into clock values (1, 1772400000.0, 1772400000.0, null)",
            statement,
        )
    )
    before = time.time()
    with Journal.open(path, "hub-1", "h1") as journal:
        (alert,) = [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]
    assert alert.raised_at.timestamp() < max(before, START) + 86_400
