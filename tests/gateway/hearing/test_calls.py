"""A call for help that comes late, for whatever reason, is raised when it comes: the real hub."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract import Alert, Condition, Phase, RecordKind, SensorEvent, decode
from detectors.help_button import HelpButton
from detectors.moment import Calendar
from detectors.profile import HomeProfile
from gateway.assembly import make_hub
from gateway.clock.clock import HubClock, Machine
from gateway.clock.clock_sync import Sync
from gateway.doctor.sensors import check_sensors
from gateway.engine import Engine
from gateway.engine.mending import mend, stand_of
from gateway.hearing.message import Message
from gateway.journal import Journal
from gateway.mqtt.subscriber import Link
from gateway.replay.journalled import replay_journal
from gateway.settings import Broker, Files, Hub, Sensor, Settings

NOON = 1_800_014_400.0
"""15 January 2027, noon."""
DAY_S = 86_400.0
SETTINGS = Settings(
    hub=Hub(id="hub-1", home="h1"),
    broker=Broker(dialect="plain"),
    sensors=(
        Sensor(name="pir", kind="motion", place="hall"),
        Sensor(name="pendant", kind="button", place="pendant"),
    ),
)


class Home:
    """A hub with its devices; its machine's clock may be put wrong."""

    def __init__(self, path: Path) -> None:
        self.passed, self.ahead, self._said = 1000.0, 0.0, 0
        self.path = path
        self._machine = Machine(
            wall=lambda: NOON + self.passed + self.ahead,
            elapsed=lambda: self.passed,
            sync=lambda: Sync.YES,
            battery=lambda: False,
            boot="b",
        )
        self.start()

    @property
    def settings(self) -> Settings:
        """What was fitted, and how it speaks."""
        return SETTINGS

    def start(self) -> None:
        self.journal = Journal.open(self.path / "journal.sqlite", "hub-1", "h1")
        self.clock = HubClock(self._machine, self.journal.clock()[1])
        made = make_hub(
            self.settings, self.journal, self.path,
            now=self.clock.now, elapsed=self.clock.elapsed, clock=self.clock,
        )  # fmt: skip
        self.hub, self.room = made[0], made[1]
        self.hub.broker_told(Link.UP, "b", "")

    def passes(self, seconds: float) -> None:
        """A while, in which the hub lets time pass every second, or every minute of a long one."""
        step = 1.0 if seconds <= 600 else 60.0
        until = self.passed + seconds
        while self.passed < until:
            self.passed = min(self.passed + step, until)
            self.clock.look()
            asyncio.run(self._tick())

    async def _tick(self) -> None:
        await self.hub._look_at_itself(self.clock.now())
        await self.hub._pass_time(self.clock.now())

    def says(self, device: str, kind: str, behind: float, value: int = 1) -> Message:
        """A device's word about what happened `behind` seconds ago, heard now."""
        self.passed += 1
        self._said += 1
        now = NOON + self.passed
        said = {"kind": kind, "value": value, "at": datetime.fromtimestamp(now - behind, UTC)}
        payload = json.dumps(said, default=datetime.isoformat).encode()
        message = Message(
            f"plain/{device}", payload, self._said, False, False,
            self.clock.now(), self.clock.elapsed(),
        )  # fmt: skip
        self.hears(message)
        return message

    def hears(self, message: Message) -> None:
        asyncio.run(self.hub.take([message]))
        while self.room.work():
            pass

    def presses(self, behind: float) -> Message:
        return self.says("pendant", "button", behind)

    def moves(self) -> None:
        self.says("pir", "motion", 0)

    @property
    def files(self) -> Files:
        return Files(
            journal=self.path / "journal.sqlite", key=self.path / "k", password=None, ca=None
        )

    def of_itself(self) -> list[Alert]:
        """The versions of what the hub told of its times."""
        told = [decode(body, Alert) for _, body in self.journal.records(RecordKind.ALERT)]
        return [one for one in told if one.condition == Condition.HUB_CLOCK]

    def calls(self) -> list[Alert]:
        """The versions of what was told of calls for help."""
        told = [decode(body, Alert) for _, body in self.journal.records(RecordKind.ALERT)]
        return [one for one in told if one.condition == Condition.HELP_BUTTON]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    made.moves()
    made.passes(600)
    made.moves()
    yield made
    made.journal.close()


@pytest.mark.parametrize("behind", [0, 58, 70, 120, 550, 3600, 20 * 3600])
def test_a_press_that_was_long_on_its_way_calls_for_help_when_it_comes(
    home: Home, behind: float
) -> None:
    home.presses(behind)
    (call,) = home.calls()
    assert call.phase == Phase.OPEN
    assert abs(call.raised_at.timestamp() - home.clock.now()) <= 60


def test_whoever_comes_to_a_late_call_is_told_when_it_was_made(home: Home) -> None:
    home.presses(3600)
    (call,) = home.calls()
    assert "pressed on 15 January at 11:26 and heard late" in call.text
    assert "at 11:26" in call.evidence[0].text


def test_what_a_broker_kept_for_days_is_told_as_an_old_call(home: Home) -> None:
    home.presses(3 * DAY_S)
    (call,) = home.calls()
    assert "dated 12 January, 12:26, over a day before it was heard" in call.text


def test_a_pendant_whose_clock_is_minutes_behind_calls_for_help_each_time(home: Home) -> None:
    for _ in range(4):
        home.passes(300)
        home.moves()
        home.presses(300)
    assert [one.version for one in home.calls()] == [1, 2, 3, 4]
    assert "4 times" in home.calls()[-1].evidence[0].text


def test_a_late_call_can_be_taken_back_and_made_anew(home: Home) -> None:
    home.presses(300)
    home.says("pendant", "button", 298, value=0)
    home.presses(200)
    assert [one.phase for one in home.calls()] == [Phase.OPEN, Phase.CLEARED, Phase.OPEN]
    first, _, second = home.calls()
    assert first.id != second.id


def test_a_late_press_that_is_delivered_again_is_no_second_call(home: Home) -> None:
    press = home.presses(300)
    home.says("pendant", "button", 290, value=0)
    for mid, dup, retain in ((press.mid, True, False), (999, False, False), (0, False, True)):
        again = Message(
            press.topic, press.payload, mid, dup, retain, home.clock.now(), home.clock.elapsed()
        )
        home.hears(again)
    assert [one.phase for one in home.calls()] == [Phase.OPEN, Phase.CLEARED]


def test_a_late_movement_is_no_call_and_still_reaches_no_one(home: Home) -> None:
    home.passes(120)
    before = home.journal.last_seq
    home.says("pir", "motion", 119)
    event = decode(
        next(b for s, b in home.journal.records(RecordKind.EVENT) if s > before), SensorEvent
    )
    assert (event.quality, event.counts_at) == ("late", None)


def test_a_clock_that_stood_ahead_for_a_while_makes_no_hub_deaf_to_calls(home: Home) -> None:
    home.ahead = 3600.0
    home.passes(1)
    home.moves()
    home.ahead = 0.0
    home.passes(60)
    home.presses(0)
    home.says("pendant", "button", 0, value=0)
    home.presses(0)
    assert [one.phase for one in home.calls()] == [Phase.OPEN, Phase.CLEARED, Phase.OPEN]
    assert home.journal.counters()["clock_unsure"] == 3
    assert "not certain" in home.calls()[-1].text


@pytest.mark.parametrize("heard", [True, False], ids=["heard meanwhile", "quiet meanwhile"])
def test_no_call_is_raised_at_a_time_that_has_not_come_once_the_clock_is_right(
    home: Home, *, heard: bool
) -> None:
    home.ahead = 3600.0
    home.passes(400)
    if heard:
        home.moves()
    home.ahead = 0.0
    for _ in range(3):
        home.passes(60)
        home.presses(0)
        home.says("pendant", "button", 0, value=0)
        home.passes(60)
        home.presses(100)
        home.says("pendant", "button", 0, value=0)
    opened = [one for one in home.calls() if one.phase == Phase.OPEN]
    assert len({one.id for one in opened}) == 6
    assert all(one.raised_at.timestamp() <= home.clock.now() for one in opened)
    home.room.save()
    outcome = replay_journal(SETTINGS, home.files, None, lambda _: None)
    assert [line.text for line in outcome.alerts] == [
        body
        for _, body in home.journal.records(RecordKind.ALERT)
        if decode(body, Alert).phase == Phase.CLEARED
        and decode(body, Alert).condition == Condition.HELP_BUTTON
    ]


@pytest.mark.parametrize("after", [0, 8, 30, 110])
def test_what_a_device_kept_while_the_broker_was_away_is_not_late(home: Home, after: float) -> None:
    home.hub.broker_told(Link.DOWN, "b", "power cut")
    home.passes(180)
    home.hub.broker_told(Link.DOWN, "b", "still")
    home.hub.broker_told(Link.UP, "b", "")
    home.passes(after)
    home.says("pir", "motion", 120)
    assert home.journal.counters().get("late", 0) == 0


def test_time_goes_on_two_minutes_after_an_absence_so_that_silence_is_not_missed(
    home: Home,
) -> None:
    home.hub.broker_told(Link.DOWN, "b", "power cut")
    home.passes(180)
    home.hub.broker_told(Link.UP, "b", "")
    home.passes(130)
    home.says("pir", "motion", 120)
    assert home.journal.counters()["late"] == 1


def test_the_centre_and_doctor_are_told_of_a_bridge_whose_clock_is_minutes_behind(
    home: Home,
) -> None:
    for _ in range(9):
        home.passes(180)
        home.says("pir", "motion", 300)
    (alert,) = home.of_itself()
    assert (alert.phase, alert.subject) == (Phase.OPEN, "sensors")
    assert "too late to be detected upon" in alert.text
    assert "pir" in alert.text
    found = list(check_sensors(SETTINGS, home.files, home.clock.now()))
    assert [one.check for one in found if "too late" in one.said] == ["times of sensors"]
    for _ in range(12):
        home.passes(300)
        home.moves()
    assert [one.phase for one in home.of_itself()] == [Phase.OPEN, Phase.CLEARED]


def test_what_a_device_tells_at_once_after_an_absence_is_not_told_as_a_wrong_clock(
    home: Home,
) -> None:
    home.passes(300)
    for back in range(250, 90, -10):
        home.says("pir", "motion", back)
    home.passes(120)
    assert home.journal.counters()["late"] > 4
    assert home.of_itself() == []


def test_the_centre_is_told_while_a_clock_that_stood_ahead_keeps_the_hub_from_detecting(
    home: Home,
) -> None:
    home.ahead = 3600.0
    home.passes(1)
    home.moves()
    home.ahead = 0.0
    home.passes(60)
    (alert,) = home.of_itself()
    assert (alert.phase, alert.subject) == (Phase.OPEN, "hub")
    home.passes(3600)
    assert [one.phase for one in home.of_itself()] == [Phase.OPEN, Phase.CLEARED]


def test_a_restart_and_a_replay_tell_late_calls_as_they_were_told(home: Home) -> None:
    home.presses(300)
    home.room.save()
    home.passes(400)
    home.journal.close()
    home.start()
    home.presses(500)
    home.room.save()
    told = [body for _, body in home.journal.records(RecordKind.ALERT)]
    outcome = replay_journal(SETTINGS, home.files, None, lambda _: None)
    assert [line.text for line in outcome.alerts] == told[-1:]


def test_a_help_button_that_is_mended_still_knows_of_a_late_call(home: Home) -> None:
    home.presses(300)
    home.presses(299)
    events = list(home.journal.events_until(home.journal.last_seq))
    profile, zone = HomeProfile(home="h1", time_zone="UTC"), "UTC"
    engine = Engine(profile, [HelpButton])
    for one in events:
        engine.process(one)
    stand = stand_of(lambda: HelpButton(profile), Condition.HELP_BUTTON, None, 0)
    until = events[-1].counts_at
    assert until is not None
    mended = mend(stand, events, until.timestamp(), Calendar(zone))
    assert mended.detector.snapshot() == engine.taught()[0].snapshot()
