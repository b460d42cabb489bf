"""What devices kept while the broker was away is believed, whatever else is said first."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import Quality, RecordKind, SensorEvent, decode
from gateway.hearing.backlog import AWAY_S, BACKLOG_S, Backlog
from gateway.hearing.message import Message
from gateway.mqtt.subscriber import Link
from tests.gateway.clock.test_setting_back import Lasting


class Returning(Lasting):
    """A home whose broker was away for a while, and is back for some seconds."""

    def __init__(self, path: Path, away: float = 180.0) -> None:
        super().__init__(path)
        for _ in range(4):
            self.passes(600)
            self.tells("pir", "motion")
        self.hub.broker_told(Link.DOWN, "b", "gone")
        self.passes(away)
        self.hub.broker_told(Link.UP, "b", "")
        self.passes(3)

    def events(self) -> list[SensorEvent]:
        return [decode(body, SensorEvent) for _, body in self.journal.records(RecordKind.EVENT)]

    def undated_press(self) -> None:
        self._said += 1
        clock, payload = self.clock, b'{"kind":"button","value":1}'
        self.hears(
            Message(
                "plain/pendant", payload, self._said, False, False, clock.now(), clock.elapsed()
            )
        )  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Returning]:
    made = Returning(tmp_path)
    yield made
    made.journal.close()


@given(st.lists(st.booleans(), min_size=1, max_size=12))
@settings(max_examples=12, deadline=None)
def test_no_word_without_a_time_makes_late_what_was_kept(undated: list[bool]) -> None:
    with TemporaryDirectory() as folder:
        home = Returning(Path(folder), away=600.0)
        before = len(home.events())
        for number, one in enumerate(undated):
            home.passes(1)
            if one:
                home.tells("pir", "motion")
            else:
                home.says("pir", "motion", 560 - 35 * number)
        home.passes(BACKLOG_S)
        heard = home.events()[before:]
        assert [one.quality for one in heard] == [Quality.OK] * len(undated)
        assert [one.at for one in heard] == sorted(one.at for one in heard), "each in its place"
        assert home.replayed() == home.told()
        home.journal.close()


def test_a_word_without_a_time_waits_no_longer_than_until_news_of_that_time(
    home: Returning,
) -> None:
    home.tells("pir", "motion")
    came = home.clock.now()
    assert home.events()[-1].at.timestamp() < came - 1, "nothing older could be told any more"
    home.passes(30)
    home.moves()
    home.passes(1)
    assert came in [round(one.at.timestamp(), 3) for one in home.events()]
    assert set(home.qualities()) == {Quality.OK}


def test_no_word_without_a_time_makes_late_what_was_kept_while_the_hub_was_off(
    home: Returning,
) -> None:
    home.passes(BACKLOG_S)
    home.journal.close()
    home.passed += 600
    home.start()
    home.tells("pir", "motion")
    home.says("pir", "motion", 300)
    home.passes(BACKLOG_S)
    assert set(home.qualities()) == {Quality.OK}


def test_where_nothing_was_missed_no_word_waits(home: Returning) -> None:
    home.passes(BACKLOG_S)
    count = len(home.events())
    home.hub.broker_told(Link.DOWN, "b", "gone")
    home.passes(10)
    home.hub.broker_told(Link.UP, "b", "")
    home.tells("pir", "motion")
    assert len(home.events()) == count + 1


def test_a_call_for_help_without_a_time_waits_for_nothing(home: Returning) -> None:
    home.undated_press()
    assert len(home.calls()) == 1


def test_a_word_that_waits_is_not_lost_where_the_hub_is_killed(home: Returning) -> None:
    home.tells("pir", "motion")
    came, count = round(home.clock.now(), 3), len(home.events())
    home.journal.close()
    home.passed += 20
    home.start()
    assert len(home.events()) == count
    home.passes(BACKLOG_S)
    assert [round(one.at.timestamp(), 3) for one in home.events()[count:]] == [came]
    assert home.qualities()[-1] == Quality.OK


@pytest.mark.parametrize("lost_s", [1.0, 10.0, AWAY_S - 1])
def test_time_passes_beside_a_broker_that_comes_and_goes_and_a_plug_that_is_never_quiet(
    lost_s: float,
) -> None:
    backlog, now = Backlog(), 0.0
    backlog.link(up=True, at=now)
    passed = 0.0
    while now < 3600:
        for _ in range(30):
            now += 3
            backlog.heard(now)
            passed += 3 * (backlog.has_begun(now) and backlog.is_told(now))
        backlog.link(up=False, at=now)
        now += lost_s
        backlog.link(up=True, at=now)
    assert passed > 0.6 * 3600


def test_a_broker_lost_for_a_moment_while_it_tells_what_it_kept_has_that_still_to_tell() -> None:
    backlog = Backlog()
    backlog.link(up=True, at=0.0)
    backlog.link(up=False, at=100.0)
    backlog.link(up=True, at=100.0 + AWAY_S)
    assert backlog.is_telling(140.0)
    backlog.link(up=False, at=150.0)
    backlog.link(up=True, at=151.0)
    backlog.heard(151.0)
    assert backlog.is_telling(160.0)
    assert not backlog.is_telling(100.0 + AWAY_S + BACKLOG_S)
