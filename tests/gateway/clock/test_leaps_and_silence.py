"""A clock that is set ahead makes up no silence, and takes none away: the real hub."""

from collections.abc import Iterator
from itertools import cycle, pairwise
from pathlib import Path

import pytest

from contract import SEVERITY, Alert, Phase, RecordKind, Severity, decode
from gateway.clock.clock import STOOD_S
from gateway.replay.journalled import replay_journal
from gateway.settings import Sensor, Settings
from tests.gateway.clock.test_setting_back import HOUR, Lasting
from tests.gateway.hearing.test_calls import SETTINGS

ROOMS = ("bathroom", "kitchen", "lounge", "kitchen")
DAYS = 8
ORDINARY = (7, 7.5, 8, 10, 12, 13, 15, 18, 19, 21, 22)
"""Hours of a day at which somebody stirs; the hub's machine was started at noon."""


class Watched(Lasting):
    """A home in which somebody has lived for days, so that a silence can be too long."""

    @property
    def settings(self) -> Settings:
        rooms = (Sensor(name=one, kind="motion", place=one) for one in dict.fromkeys(ROOMS))
        return SETTINGS.__replace__(sensors=(*SETTINGS.sensors, *rooms))

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._rooms = cycle(ROOMS)
        for day in range(1, DAYS):
            for hour in ORDINARY:
                self.is_at(day, hour + day % 3 / 10)
                self.stirs()
        self.is_at(DAYS, 7)
        self.stirs()
        self.passes(HOUR)
        self.stirs()

    def is_at(self, day: int, hour: float) -> None:
        """Time goes on, looked at every quarter of an hour."""
        until = (day * 24 - 12 + hour) * HOUR
        while self.passed < until:
            self.passed = min(self.passed + HOUR / 4, until)
            self.passes(1)

    def replayed(self) -> list[Alert]:
        """The same as a replay tells it, which also gives every answer that was given."""
        self.room.save()
        outcome = replay_journal(self.settings, self.files, None, lambda _: None)
        given = sorted(body for _, body in self.journal.records(RecordKind.ASSESSMENT))
        assert sorted(line.text for line in outcome.assessments) == given
        found = [decode(line.text, Alert) for line in outcome.alerts]
        return sorted(found, key=lambda one: (one.raised_at, one.id))

    def stirs(self) -> None:
        self.tells(next(self._rooms), "motion")

    def urgent(self) -> list[Alert]:
        """Every word on an urgent alert."""
        found = [decode(body, Alert) for _, body in self.journal.records(RecordKind.ALERT)]
        return [one for one in found if SEVERITY.get(one.condition) == Severity.URGENT]

    def is_told_after(self, most: float) -> float:
        """How long nobody stirs until somebody is told, in seconds by the machine's own count."""
        began = self.passed
        while not self.urgent() and self.passed < began + most:
            self.passed += 240
            self.passes(60)
        return self.passed - began


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    assert not made.urgent()
    yield made
    made.journal.close()


@pytest.mark.parametrize("by", [240.0, 3 * HOUR, 13 * HOUR, 20 * HOUR, 23.9 * HOUR])
def test_nobody_is_missed_because_a_clock_that_is_kept_was_set_ahead(
    home: Watched, by: float
) -> None:
    home.passes(600)
    home.ahead = by
    home.passes(1500)
    home.stirs()
    home.passes(600)
    assert not home.urgent()
    assert home.replayed() == home.told()


def test_a_leap_while_no_hub_ran_makes_up_no_silence_either(home: Watched) -> None:
    home.passes(600)
    home.room.save()
    home.journal.close()
    home.ahead = 20 * HOUR
    home.passed += 60
    home.start()
    home.passes(1500)
    home.stirs()
    assert not home.urgent()
    assert home.replayed() == home.told()


def test_a_message_before_the_next_look_at_a_clock_that_the_centre_set_ends_no_long_silence(
    home: Watched,
) -> None:
    home.passes(600)
    home.ahead = 40 * HOUR
    home.passes(10)  # so far ahead it is not followed yet
    home.clock.told(home.clock.now() + 40 * HOUR)
    home.stirs()
    home.passes(600)
    assert not home.urgent()
    assert home.replayed() == home.told()


def test_who_really_falls_silent_before_the_clock_is_set_ahead_is_missed_as_soon_as_ever(
    home: Watched, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = Watched(tmp_path / "other")
    usual = other.is_told_after(24 * HOUR)
    other.journal.close()
    assert HOUR < usual < 20 * HOUR
    home.passes(600)
    home.ahead = 13 * HOUR
    assert abs(home.is_told_after(30 * HOUR) + 600 - usual) <= 600
    assert home.urgent()[0].phase == Phase.OPEN
    assert any("clock was set ahead" in one for one in home.urgent()[0].excluded)
    assert home.replayed() == home.told()


def test_a_clock_that_leaps_to_and_fro_hides_nobody_for_ever_and_fills_no_card(
    home: Watched,
) -> None:
    """While it stands back the hub cannot see, and that is no silence; else time is counted."""
    began = home.passed
    while not home.urgent():
        home.ahead = 240.0 - home.ahead
        home.passes(1)
        home.passed += 118
        home.passes(1)
        assert home.passed < began + 24 * HOUR
    assert home.passed > began + HOUR
    leaps = home.journal.leaps()
    assert len(leaps) <= (home.passed - began) / 240 + 1
    assert all(a.until <= b.since for a, b in pairwise(leaps))
    assert home.replayed() == home.told()


def test_a_clock_that_is_set_each_second_fills_no_card_either(home: Watched) -> None:
    for _ in range(300):
        home.ahead = 240.0 - home.ahead
        home.passes(1)
    assert len(home.journal.leaps()) == 1


def test_nobody_is_missed_for_the_time_in_which_a_wrong_clock_ran(home: Watched) -> None:
    """Event time is set back, and what was heard meanwhile is not believed."""
    home.ahead = 20 * HOUR
    for _ in range(5):
        home.passes(HOUR)
        home.stirs()
    home.ahead = 0.0
    for _ in range(3):
        home.passes(STOOD_S)
        home.clock.told(home.clock.now())
    assert home.begun == 1
    home.passes(HOUR)
    home.stirs()
    home.passes(60)
    assert not home.urgent()
    assert home.replayed() == home.told()
