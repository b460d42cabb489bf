"""A clock that stood ahead for a while costs that while, and not all the time that it lay ahead."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from contract import Alert, Condition, Phase, Quality, RecordKind, decode
from gateway.clock.clock import FAR_S, PATIENCE_S, STOOD_S, HubClock, Machine
from gateway.clock.clock_sync import Sync
from gateway.hearing.backlog import AWAY_S, BACKLOG_S
from gateway.hearing.message import Message
from gateway.journal.settling import OWN
from gateway.replay.journalled import replay_journal
from tests.gateway.hearing.test_calls import NOON, SETTINGS, Home

HOUR, DAY = 3600.0, 86_400.0


class Lasting(Home):
    """A hub that begins anew where it set event time back, as the program does."""

    begun = 0

    def passes(self, seconds: float) -> None:
        until, step = self.passed + seconds, 1.0 if seconds < 300 else 60.0
        while self.passed < until:
            self.passed = min(self.passed + step, until)
            self.clock.look()
            asyncio.run(self._tick())
            setting_back = self.hub._parts.setting_back
            assert setting_back is not None
            if setting_back.look():
                self.begins_anew()

    def begins_anew(self) -> None:
        self.begun += 1
        self.room.save()  # as a hub does that ends in good order
        self.journal.close()
        self.start()

    def tells(self, device: str, kind: str) -> None:
        """A word without a time of its own: the hub's clock dates it."""
        self._said += 1
        payload = json.dumps({"kind": kind, "value": 1}).encode()
        self.hears(
            Message(
                f"plain/{device}", payload, self._said, False, False,
                self.clock.now(), self.clock.elapsed(),
            )
        )  # fmt: skip

    def stands_ahead(self, by: float, lasts: float = 1200.0) -> None:
        """The clock, which is kept, tells a wrong time for a while; the home lives on."""
        self.ahead = by
        for _ in range(4):
            self.passes(lasts / 4)
            self.tells("pir", "motion")
        self.ahead = 0.0
        self.passes(1)

    def qualities(self) -> list[str]:
        return [one.quality for one in self.journal.events_until(10**9)]

    def told(self) -> list[Alert]:
        """The last version of each alert of the person's."""
        alerts = [decode(body, Alert) for _, body in self.journal.records(RecordKind.ALERT)]
        return sorted(
            {one.id: one for one in alerts if one.condition not in OWN}.values(),
            key=lambda one: (one.raised_at, one.id),
        )

    def replayed(self) -> list[Alert]:
        self.room.save()
        outcome = replay_journal(SETTINGS, self.files, None, lambda _: None)
        found = [decode(line.text, Alert) for line in outcome.alerts]
        return sorted(found, key=lambda one: (one.raised_at, one.id))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Lasting]:
    made = Lasting(tmp_path)
    for _ in range(4):
        made.passes(600)
        made.tells("pir", "motion")
    yield made
    made.journal.close()


@pytest.mark.parametrize("by", [HOUR, 30 * DAY], ids=["an hour", "a month"])
def test_a_home_is_watched_again_soon_after_a_clock_stood_ahead(home: Lasting, by: float) -> None:
    home.stands_ahead(by)
    home.passes(300)
    home.tells("pir", "motion")
    assert home.qualities()[-1] != Quality.OK, "it is not detected upon yet"
    assert home.begun == 0, "it is set back after one look at nothing"
    home.passes((PATIENCE_S if by > FAR_S else STOOD_S) + 120)
    assert home.begun == 1
    home.tells("pir", "motion")
    home.passes(300)
    home.tells("pir", "motion")
    assert home.qualities()[-2:] == [Quality.OK, Quality.OK]
    phases = [one.phase for one in home.of_itself() if one.subject == "hub"]
    assert phases == [Phase.OPEN, Phase.CLEARED]
    now = home.clock.now()
    open_now = [one for one in home.told() if one.phase == Phase.OPEN]
    assert all(one.raised_at.timestamp() <= now for one in open_now), "none of a time to come"
    home.passes(2 * HOUR)
    assert home.begun == 1, "it is set back once"


def test_a_replay_tells_what_was_told_before_and_after_event_time_was_set_back(
    home: Lasting,
) -> None:
    home.presses(0)
    home.stands_ahead(3 * DAY)
    home.presses(0)
    home.passes(PATIENCE_S + 120)
    assert home.begun == 1
    home.passes(30 * HOUR)
    home.presses(0)
    home.passes(2 * HOUR)
    assert len(home.told()) > 2
    assert home.replayed() == home.told()


def test_no_call_for_help_is_taken_back_or_told_twice_where_event_time_is_set_back(
    home: Lasting,
) -> None:
    home.presses(0)
    home.stands_ahead(3 * DAY)
    home.presses(0)
    before = {one.id for one in home.calls()}
    home.passes(PATIENCE_S + 120)
    assert home.begun == 1
    assert {one.id for one in home.calls()} == before
    *earlier, newest = {one.id: one for one in home.calls()}.values()
    assert newest.raised_at.timestamp() <= home.clock.now()
    assert newest.phase == Phase.OPEN
    assert all(one.phase == Phase.CLEARED and "pressed anew" in one.text for one in earlier)
    home.passes(30 * HOUR)
    assert home.calls()[-1].id == newest.id
    assert home.calls()[-1].phase == Phase.OPEN, "and no midnight takes it back"


@pytest.mark.parametrize("lets_pass", [0.0, 60.0])
def test_who_pressed_while_the_clock_stood_ahead_is_still_called_after_it_was_set_back(
    home: Lasting, lets_pass: float
) -> None:
    home.presses(0)
    home.ahead = HOUR
    home.passes(60)
    home.tells("pir", "motion")
    home.tells("pendant", "button")
    home.passes(lets_pass)
    home.ahead = 0.0
    home.passes(STOOD_S + 120)
    assert home.begun == 1
    home.tells("pir", "motion")
    first, second = {one.id: one for one in home.calls()}.values()
    assert (first.phase, second.phase) == (Phase.CLEARED, Phase.OPEN)
    assert home.replayed() == home.told()


def test_a_leap_ahead_of_half_a_day_lets_no_call_go(home: Lasting) -> None:
    home.presses(0)
    home.stands_ahead(13 * HOUR, lasts=120.0)
    assert [one.phase for one in home.calls()] == [Phase.OPEN]
    home.passes(STOOD_S + 120)
    assert home.begun == 1
    assert [one.phase for one in home.calls()] == [Phase.OPEN]


def test_a_restart_that_learns_all_anew_leaves_out_what_the_wrong_clock_dated(
    home: Lasting,
) -> None:
    home.stands_ahead(3 * DAY)
    home.passes(PATIENCE_S + 120)
    told = home.told()
    home.room.save()
    memory = home.journal.engine_memory()
    assert memory is not None
    with home.journal._connection as db:
        db.execute("delete from engine")
    home.journal.set_back(home.journal.set_backs()[-1], memory._replace(checkpoint=b""))
    home.begins_anew()
    home.tells("pir", "motion")
    assert home.qualities()[-1] == Quality.OK
    assert [one.id for one in home.told()] == [one.id for one in told]


def test_a_home_is_watched_again_though_the_card_forgot_that_event_time_was_set_back(
    home: Lasting,
) -> None:
    """What is learned anew then carries the engine ahead again, and nothing else."""
    home.stands_ahead(3 * DAY)
    home.passes(PATIENCE_S + 120)
    home.tells("pir", "motion")
    home.room.save()
    with home.journal._connection as db:
        db.execute("update set_back set line = line + 1")
        db.execute("update engine set checkpoint = x'', sum = null")
    home.begins_anew()
    kinds = [decode(body, Alert).condition for _, body in home.journal.records(RecordKind.ALERT)]
    assert Condition.HUB_MEMORY in kinds, "it is told"
    home.clock.told(home.clock.now())  # without the centre's word nothing is thrown away
    home.passes(STOOD_S + 120)
    home.presses(0)
    assert home.calls()[-1].raised_at.timestamp() <= home.clock.now()


def test_nothing_is_heard_between_the_setting_back_and_the_new_beginning(home: Lasting) -> None:
    """What the hub knew before would carry event time ahead again."""
    home.stands_ahead(HOUR)
    home.passes(60)
    home.passed += STOOD_S
    heard = len(home.qualities())

    async def due() -> None:
        home.hub._backlog.link(up=True, at=-BACKLOG_S)  # nothing old is left to be told
        ticking = asyncio.create_task(home.hub._set_back())
        await home.hub.over.wait()
        message = Message("plain/pir", b'{"kind":"motion","value":1}', 9, False, False, 1e10)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(home.hub.take([message]), 0.05)
        ticking.cancel()

    asyncio.run(due())
    assert len(home.qualities()) == heard
    assert not home.room.work()
    home.begins_anew()
    home.tells("pir", "motion")
    assert home.qualities()[-1] == Quality.OK


def clock_of(
    sync: Sync, *, ahead: float = 0.0, battery: bool = True
) -> tuple[HubClock, list[float]]:
    passed = [100.0]
    machine = Machine(
        wall=lambda: NOON + passed[0] + ahead,
        elapsed=lambda: passed[0],
        sync=lambda: sync,
        battery=lambda: battery,
        boot="b",
    )
    return HubClock(machine), passed


def test_a_battery_clock_that_is_wrong_gives_way_to_a_centre_that_says_so_for_a_while() -> None:
    clock, passed = clock_of(Sync.NO, ahead=30 * DAY)
    assert clock.sure
    clock.told(NOON + passed[0])
    assert clock.now() == NOON + passed[0] + 30 * DAY, "not after one word"
    for _ in range(11):
        passed[0] += 60
        clock.look()
        clock.told(NOON + passed[0])
    assert clock.now() == NOON + passed[0]
    assert clock.confirmed
    clock.look()
    assert clock.now() == NOON + passed[0], "and the battery is not believed again"


@pytest.mark.parametrize("sync", [Sync.YES, Sync.UNKNOWN])
def test_a_centre_does_not_set_a_clock_that_somebody_may_keep(sync: Sync) -> None:
    clock, passed = clock_of(sync)
    for _ in range(20):
        clock.told(NOON + passed[0] - 30 * DAY)
        passed[0] += 60
        clock.look()
    assert clock.now() == NOON + passed[0]
    assert clock.confirmed is False


def test_a_clock_a_day_and_more_behind_is_not_believed_for_an_hour_where_nobody_confirms_it(
    home: Lasting,
) -> None:
    home.ahead = -10 * DAY
    home.passes(PATIENCE_S - 120)
    assert home.begun == 0


@pytest.mark.parametrize("back", [600.0, 2 * HOUR, 10 * DAY], ids=["minutes", "hours", "days"])
def test_a_service_that_tells_a_time_past_costs_nothing_that_was_learned_while_nobody_confirms_it(
    home: Lasting, back: float
) -> None:
    home.ahead = -back
    for _ in range(8):
        home.passes(PATIENCE_S / 2)
        home.tells("pir", "motion")
    assert home.begun == 0
    home.presses(0)
    assert home.calls()[-1].phase == Phase.OPEN
    assert home.calls()[-1].raised_at.timestamp() <= home.clock.now()
    home.ahead = 0.0
    home.passes(STOOD_S)
    assert home.begun == 0
    home.passes(60)
    home.tells("pir", "motion")
    assert home.qualities()[-1] == Quality.OK
    assert home.replayed() == home.told()


def test_a_service_that_is_wrong_after_it_was_right_for_long_costs_nothing_either(
    home: Lasting,
) -> None:
    """It tells again what it told before it was put right: but that was long ago."""
    home.ahead = 3 * HOUR
    for _ in range(10):
        home.passes(HOUR)
        home.tells("pir", "motion")
    home.ahead = 0.0
    home.passes(STOOD_S * 3)
    assert home.begun == 0
    home.clock.told(home.clock.now())
    home.passes(STOOD_S + 120)
    assert home.begun == 1, "but where the centre says so, that was the wrong one"


def test_event_time_is_not_set_back_before_the_broker_has_told_what_it_kept(
    home: Lasting,
) -> None:
    home.stands_ahead(HOUR)
    home.passes(60)
    home.passed += STOOD_S
    for told, due in ((False, False), (True, True)):
        back_at = home.passed - BACKLOG_S * told
        home.hub._backlog.link(up=False, at=back_at - AWAY_S)
        home.hub._backlog.link(up=True, at=back_at)
        home.hub._backlog.heard(home.passed)
        with suppress(TimeoutError):  # where it is done, nothing is heard any more
            asyncio.run(asyncio.wait_for(home.hub._set_back(), 0.1))
        assert home.hub.over.is_set() is due


def test_event_time_is_not_set_back_by_a_clock_that_the_centre_contradicts(home: Lasting) -> None:
    """A time service that for once tells a time long past must not cost what was learned since."""
    home.ahead = -10 * DAY
    for _ in range(100):
        home.passes(60)
        home.clock.told(NOON + home.passed)
    assert home.begun == 0
    home.ahead = 0.0
    home.passes(60)
    home.clock.told(NOON + home.passed)
    home.tells("pir", "motion")
    assert home.qualities()[-1] == Quality.OK
