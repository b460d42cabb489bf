"""A replay is the hub's own engine: whoever evaluates with it sees what the hub would have said."""

import gzip
import os
import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract import Alert, Assessment, SensorEvent, decode, encode
from contract.recordings import write_recording
from detectors.moment import Moment
from detectors.profile import HomeProfile
from gateway.engine import Engine, Watermark
from gateway.replay.home_run import DISORDER_S
from gateway.replay.homes import Profiles
from gateway.replay.parallel import WorkerLostError, joined, replay
from gateway.replay.share import Outcome, Replay, Share, Task, replay_share
from tests.gateway.events import at, days_of_events, event
from tests.gateway.small_detectors import DETECTORS, HelpDetector


def homes(count: int, days: int, seed: int = 1) -> list[SensorEvent]:
    """Some homes with a few events a day and a busy last day, sorted by time."""
    chance = random.Random(seed)  # noqa: S311 - the same every time, nothing secret
    events = [
        event(24 * day + chance.uniform(7, 22), place, home=f"h{home}")
        for home in range(count)
        for day in range(days)
        for place in ("bathroom", "kitchen")
        for _ in range(2 if day < days - 2 else 8)
    ]
    return sorted(events, key=lambda one: (one.at, one.home))


def replayed(*paths: Path, workers: int = 1) -> Outcome:
    return replay(Task(paths, Profiles(), DETECTORS), workers, lambda _share: None)


def lines(outcome: Outcome) -> tuple[list[bytes], list[bytes]]:
    return [one.text for one in outcome.alerts], [one.text for one in outcome.assessments]


def test_every_event_of_every_home_is_gone_through(tmp_path: Path) -> None:
    path = tmp_path / "homes.jsonl.gz"
    count = write_recording(path, homes(5, 8))
    outcome = replayed(path)
    assert (outcome.events, outcome.homes, outcome.late) == (count, 5, 0)
    assert outcome.alerts
    assert outcome.assessments


def test_alerts_stand_once_in_their_last_version_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "homes.jsonl"
    write_recording(path, homes(5, 8))
    outcome = replayed(path)
    alerts = [decode(one.text, Alert) for one in outcome.alerts]
    assert len({alert.id for alert in alerts}) == len(alerts)
    assert any(alert.version > 1 for alert in alerts)
    keys = [(alert.raised_at, alert.home, alert.condition, alert.subject) for alert in alerts]
    assert keys == sorted(keys)
    said = [decode(one.text, Assessment) for one in outcome.assessments]
    order = [(one.at, one.home, one.condition, one.subject) for one in said]
    assert order == sorted(order)


def test_the_number_of_workers_changes_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "homes.jsonl.gz"
    write_recording(path, homes(5, 8))
    path.write_bytes(path.read_bytes() + gzip.compress(b"nonsense\n"))
    alone = replayed(path)
    shared = [
        replay_share(Task([path], Profiles(), DETECTORS), Share(index, 3), lambda _read: None)
        for index in range(3)
    ]
    together = joined(shared[::-1])
    assert lines(together) == lines(alone)
    assert together.refused == alone.refused
    assert (together.events, together.homes) == (alone.events, alone.homes)


def test_worker_processes_find_the_same(tmp_path: Path) -> None:
    path = tmp_path / "homes.jsonl.gz"
    write_recording(path, homes(5, 8))
    shares: list[float] = []
    shared = replay(Task([path], Profiles(), DETECTORS), 2, shares.append)
    assert lines(shared) == lines(replayed(path))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_home_goes_on_from_one_recording_to_the_next(tmp_path: Path) -> None:
    events = homes(3, 8)
    whole, first, second = (tmp_path / name for name in ("all.jsonl", "1.jsonl", "2.jsonl.gz"))
    write_recording(whole, events)
    write_recording(first, events[:70])
    write_recording(second, events[70:])
    assert lines(replayed(first, second)) == lines(replayed(whole))


def test_bad_lines_are_set_aside_with_their_place_and_stop_nothing(tmp_path: Path) -> None:
    path = tmp_path / "homes.jsonl"
    good = encode(event(1))
    wrong_value = encode(msgspec.structs.replace(event(2), value=7))
    path.write_bytes(b"\n".join([good, b"{", b"\xff\xfe\x00", b"", wrong_value, good]) + b"\n")
    outcome = replayed(path)
    assert outcome.events == 2
    assert [(one.path, one.number) for one in outcome.refused] == [
        (str(path), 2),
        (str(path), 3),
        (str(path), 5),
    ]
    assert outcome.refused[2].reason == "motion must be from 1 to 1, not 7"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_recording_cut_short_gives_what_it_holds_and_says_so(
    tmp_path: Path, workers: int
) -> None:
    path = tmp_path / "homes.jsonl.gz"
    write_recording(path, homes(5, 40))
    path.write_bytes(path.read_bytes()[:-200])
    outcome = replayed(path, workers=workers)
    assert outcome.events > 100
    assert [one.reason.split(":")[0] for one in outcome.refused] == ["cannot be read from here on"]


def test_an_event_far_out_of_order_is_counted_and_not_detected_upon(tmp_path: Path) -> None:
    path = tmp_path / "homes.jsonl"
    write_recording(path, [event(1), event(8), event(2), event(8.01)])
    outcome = replayed(path)
    assert (outcome.events, outcome.late) == (4, 1)
    assert [one.at for one in outcome.alerts] == [at(7)]


class Failing(HelpDetector):
    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        del event, moment
        raise RuntimeError("cannot")


def test_a_detector_that_fails_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "homes.jsonl"
    write_recording(path, [event(1, "pendant", "button"), event(2, "pendant", "button")])
    outcome = replay(Task([path], Profiles(), [Failing]), 1, lambda _share: None)
    assert outcome.faults == {"help_button": 2}


@given(days_of_events(most=120), st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_portions_and_restarts_give_the_same_alerts(
    events: list[SensorEvent], data: st.DataObject
) -> None:
    """A replay in one go, and an engine fed in portions and restarted between them, agree."""
    whole = Replay(Profiles(), DETECTORS)
    whole.read(Path("whole"), [encode(one) + b"\n" for one in events])
    profile = HomeProfile(home="h1")
    engine, watermark = Engine(profile, DETECTORS), Watermark(DISORDER_S)
    alerts: dict[str, Alert] = {}
    rest = list(events)
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        portion, rest = rest[:size], rest[size:]
        for one in portion:
            if watermark.admit(one.at.timestamp()):
                found = engine.process(one)
                alerts |= {output.id: output for output in found if isinstance(output, Alert)}
        blob = engine.snapshot()
        engine = Engine(profile, DETECTORS)
        engine.restore(blob)
    assert sorted(encode(alert) for alert in alerts.values()) == sorted(
        one.text for one in whole.outcome().alerts
    )


class Deadly(HelpDetector):
    """Ends the whole process, as the kernel does where memory runs out."""

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        del event, moment
        os._exit(9)


def test_a_worker_that_is_ended_from_without_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "home.jsonl"
    write_recording(path, [event(1, "pendant", "button")])
    with pytest.raises(WorkerLostError, match="fewer --workers"):
        replay(Task([path], Profiles(), [Deadly]), 2, lambda _share: None)


def test_a_recording_that_vanishes_is_the_askers_to_know(tmp_path: Path) -> None:
    path = tmp_path / "home.jsonl"
    write_recording(path, [event(1)])
    task = Task([path, tmp_path], Profiles(), DETECTORS)
    with pytest.raises(IsADirectoryError):
        replay(task, 2, lambda _share: None)
