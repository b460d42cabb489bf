"""A hub that hears nobody says so, and takes nobody for silent whom it could not hear."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import Alert, Assessment, RecordKind, State, decode, utc
from gateway.assembly import make_hub
from gateway.engine.gate import UNHEARD, Interval, PauseGate
from gateway.hearing.backlog import QUIET_S
from gateway.hearing.message import Message
from gateway.journal import Journal
from gateway.mqtt.subscriber import Link
from gateway.settings import Broker, Hub, Sensor, Settings
from gateway.watch.deafness import GAP_S, Deafness, Gaps
from gateway.watch.own_alerts import OwnAlerts
from tests.gateway.engine.test_gate import answer
from tests.gateway.events import START

HOUR = 3600.0
SETTINGS = Settings(
    hub=Hub(id="hub-1", home="h1"),
    broker=Broker(away_alert_s=3600),
    sensors=(
        Sensor(name="pir", kind="motion", place="bathroom"),
        Sensor(name="hall", kind="motion", place="hallway"),
    ),
)


@dataclass
class Home:
    """A hub whose broker, and whose clock, are moved by hand."""

    journal: Journal
    now: float = START
    elapsed: float = 0.0

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        made = make_hub(
            SETTINGS, self.journal, Path(), now=lambda: self.now, elapsed=lambda: self.elapsed
        )
        self.hub, self.room = made.hub, made.room

    def link(self, *, up: bool) -> None:
        self.hub.broker_told(Link.UP if up else Link.DOWN, "broker", "" if up else "refused")

    async def run(self, seconds: float, step: float = 600.0) -> None:
        """Lets time pass, with a tick now and then."""
        until = self.now + seconds
        while self.now < until:
            passed = min(step, until - self.now)
            self.now += passed
            self.elapsed += passed
            await self.hub._look_at_itself(self.now)
            await self.hub._pass_time(self.now)
            while self.room.work():
                pass

    async def stir(self, device: str, at: float | None = None) -> None:
        for active in (True, False):
            said: dict[str, object] = {"occupancy": active}
            if at is not None:
                said["last_seen"] = utc(at + (not active)).isoformat()
            payload = json.dumps(said).encode()
            topic = f"zigbee2mqtt/{device}"
            await self.hub.take([Message(topic, payload, 0, False, False, self.now)])
        while self.room.work():
            pass

    def alerts(self, condition: str) -> list[Alert]:
        found = (decode(body, Alert) for _, body in self.journal.records(RecordKind.ALERT))
        return [one for one in found if one.condition == condition]

    def answers(self, condition: str) -> list[Assessment]:
        kind = RecordKind.ASSESSMENT
        found = (decode(body, Assessment) for _, body in self.journal.records(kind))
        return [one for one in found if one.condition == condition]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1") as journal:
        yield Home(journal)


async def lived(home: Home, days: int = 8) -> None:
    """Days on which somebody stirs each hour, and is awake until now."""
    home.link(up=True)
    for _ in range(days * 24):
        await home.stir("pir")
        await home.run(1800, 1800)
        await home.stir("hall")
        await home.run(1800, 1800)


async def test_a_broker_that_is_away_for_an_hour_is_told_and_its_return_too(home: Home) -> None:
    home.link(up=True)
    await home.stir("pir")
    home.link(up=False)
    await home.run(3500)
    assert home.alerts("hub_deaf") == []
    await home.run(200)
    (told,) = home.alerts("hub_deaf")
    assert (told.severity, told.phase) == ("technical", "open")
    assert "since 00:00 UTC on 1 March (refused)" in told.text
    await home.run(2 * HOUR)
    assert len(home.alerts("hub_deaf")) == 1
    home.link(up=True)
    await home.run(1)
    assert [(one.version, one.phase) for one in home.alerts("hub_deaf")] == [
        (1, "open"),
        (2, "cleared"),
    ]
    assert len({one.id for one in home.alerts("hub_deaf")}) == 1


async def test_a_broker_that_was_never_there_is_told_too(home: Home) -> None:
    await home.run(5000)
    assert len(home.alerts("hub_deaf")) == 1


async def test_a_hub_that_is_restarted_while_it_hears_nobody_tells_it_once_and_clears_it(
    home: Home,
) -> None:
    home.link(up=True)
    home.link(up=False)
    await home.run(4000)
    home.restart()
    home.link(up=False)
    assert home.hub._parts.health().broker_away_since == utc(START)
    await home.run(4000)
    assert len(home.alerts("hub_deaf")) == 1
    home.restart()
    home.link(up=True)
    await home.run(1)
    assert [one.phase for one in home.alerts("hub_deaf")] == ["open", "cleared"]


async def test_each_heartbeat_says_whether_the_hub_can_hear(home: Home) -> None:
    home.link(up=True)
    beat = home.hub._parts.health()
    assert (beat.broker_connected, beat.broker_away_since) == (True, None)
    home.link(up=False)
    await home.run(60)
    beat = home.hub._parts.health()
    assert (beat.broker_connected, beat.broker_away_since) == (False, utc(START))


async def test_hours_in_which_nobody_could_be_heard_are_not_taken_for_a_fall(home: Home) -> None:
    await lived(home)
    home.link(up=False)
    await home.run(12 * HOUR)
    assert home.answers("no_movement")[-1].state == State.BLIND
    home.link(up=True)
    await home.run(QUIET_S + 1, 1)
    await home.run(200)
    for condition in ("no_movement", "possible_fall", "sensor_silent"):
        assert home.alerts(condition) == [], condition


async def test_who_lies_still_after_the_broker_is_back_is_told(home: Home) -> None:
    await lived(home)
    home.link(up=False)
    await home.run(12 * HOUR)
    home.link(up=True)
    await home.run(20 * HOUR)
    told = home.alerts("no_movement") + home.alerts("possible_fall")
    assert told
    assert told[0].raised_at.timestamp() > home.now - 20 * HOUR


async def test_where_the_broker_kept_what_happened_a_silence_since_is_told_as_ever(
    home: Home,
) -> None:
    await lived(home)
    home.link(up=False)
    left = home.now
    await home.run(12 * HOUR)
    home.link(up=True)
    await home.stir("hall", left + 2 * HOUR)  # and then nobody stirred
    await home.run(QUIET_S + 1, 1)
    await home.run(200)
    assert home.alerts("no_movement") + home.alerts("possible_fall")
    assert home.journal.rows("select * from deaf") == []


async def test_a_broker_that_is_only_started_again_leaves_no_gap(home: Home) -> None:
    home.link(up=True)
    home.link(up=False)
    await home.run(GAP_S - 1)
    home.link(up=True)
    await home.run(1)
    assert home.journal.rows("select * from deaf") == []


def test_an_alert_soon_after_a_gap_says_that_there_was_one() -> None:
    gate = PauseGate(lambda: [Interval(START, START + HOUR)], "Europe/London", UNHEARD)
    said = gate(answer(START + 2 * HOUR, "uti_risk"))
    assert said.excluded == [
        "The hub could not hear its sensors from 00:00 on 1 March to 01:00 on 1 March."
    ]


async def bridge(home: Home, state: str) -> None:
    said = json.dumps({"state": state}).encode()
    topic = "zigbee2mqtt/bridge/state"
    await home.hub.take([Message(topic, said, 0, False, False, home.now)])


async def listed(home: Home) -> None:
    """The bridge tells which devices are its own."""
    devices = [
        {"ieee_address": f"0x{n}", "friendly_name": name, "type": "EndDevice"}
        for n, name in enumerate(("pir", "hall"))
    ]
    said = json.dumps(devices).encode()
    await home.hub.take([Message("zigbee2mqtt/bridge/devices", said, 0, False, True, home.now)])


async def test_a_bridge_that_is_away_is_one_alert_and_not_one_for_each_of_its_sensors(
    home: Home,
) -> None:
    await lived(home)
    await listed(home)
    await bridge(home, "offline")
    await home.run(2 * HOUR)
    (told,) = home.alerts("hub_deaf")
    assert told.subject == "zigbee2mqtt"
    assert told.text == (
        "The bridge zigbee2mqtt is away: none of the 2 sensors that speak by it can be heard."
    )
    lost = [one for one in home.journal.events_until(10**9) if one.kind == "link" and not one.value]
    assert [(one.sensor, one.bridge) for one in lost] == [
        ("pir", "zigbee2mqtt"),
        ("hall", "zigbee2mqtt"),
    ]
    await home.run(30 * HOUR)
    assert home.alerts("sensor_silent") == []
    blind = home.answers("sensor_silent")[-1]
    assert (blind.state, blind.reason) == (
        State.BLIND,
        "The bridge zigbee2mqtt, by which it speaks, is away.",
    )
    home.restart()
    home.link(up=True)
    await bridge(home, "online")
    await home.run(300)
    assert [one.phase for one in home.alerts("hub_deaf")] == ["open", "cleared"]


async def test_after_its_bridge_is_back_a_sensor_that_stays_silent_is_told(home: Home) -> None:
    await lived(home)
    await listed(home)
    await bridge(home, "offline")
    await home.run(2 * HOUR)
    await bridge(home, "online")
    for _ in range(7 * 24):
        await home.stir("hall")
        await home.run(HOUR)
    assert {one.subject for one in home.alerts("sensor_silent")} == {"pir"}


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["up", "down", "restart", "wait", "kept"]), st.sampled_from([1, 400, 4000])
    ),
    max_size=14,
)


@given(_STEPS)
@settings(max_examples=60, deadline=None)
def test_however_a_broker_comes_and_goes_nothing_stands_open_once_it_is_back(
    told: list[tuple[str, int]],
) -> None:
    with TemporaryDirectory() as folder, Journal.open(Path(folder) / "j", "hub-1", "h1") as journal:
        now, elapsed = START, 0.0

        def begun() -> tuple[Gaps, Deafness]:
            gaps, blind = Gaps(journal), list[float]()
            own = OwnAlerts(journal)
            return gaps, Deafness(gaps, own, alert_after_s=3600, blindfold=blind.append)

        gaps, deafness = begun()
        for what, seconds in [*told, ("up", 1)]:
            if what in {"up", "down"}:
                deafness.link(up=what == "up", why="refused", now=now, elapsed=elapsed)
            elif what == "kept" and deafness.connected:
                deafness.heard([now - seconds], now)
            elif what == "restart":
                gaps, deafness = begun()
            now, elapsed = now + seconds, elapsed + seconds
            deafness.look(now, elapsed)
            rows = journal.rows("select since, until from deaf order by since")
            assert [(one.since, one.until) for one in gaps.all] == [
                (since, math.inf if until is None else until) for since, until in rows
            ]
            assert all(one.until <= two.since for one, two in pairwise(gaps.all))
        alerts = [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]
    assert gaps.open is None
    assert [one.phase for one in alerts] == ["open", "cleared"] * (len(alerts) // 2)
    assert len({(one.id, one.version) for one in alerts}) == len(alerts)
