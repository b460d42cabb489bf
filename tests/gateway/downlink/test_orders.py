"""What staff ask for is done once, ends when it should, and is answered."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from contract import (
    Alert,
    Assessment,
    CommandResult,
    HubHealth,
    Progress,
    SensorHealth,
    WalkStep,
    decode,
    encode,
    utc,
)
from contract.downlink import Downlink
from gateway.downlink.orders import BUSY, GarbledError
from gateway.downlink.trying import Found
from gateway.journal import Intake
from gateway.journal.intake import quarantined
from tests.gateway.downlink.bench import SETTINGS, Bench, configuration
from tests.gateway.events import START, at, event

HOUR = 3600.0


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    yield one
    one.journal.close()


def hear(bench: Bench, *events: tuple[str, str, float]) -> None:
    """Has the hub hear things now: (place, kind, value)."""
    hours = (bench.now - START) / HOUR
    intake = Intake(
        events=[event(hours, place, kind, value) for place, kind, value in events],
        newest=bench.now,
        received=bench.now,
    )
    intake.counts["events"] += len(events)
    bench.standing.spells.hush(intake)
    bench.journal.write_intake(intake, bench.now)
    while bench.room.work():
        pass


def qualities(bench: Bench) -> list[tuple[str, str]]:
    return [(one.kind, one.quality) for one in bench.journal.events_until(10**9)]


def test_a_test_alert_is_raised_once_however_often_the_command_comes(bench: Bench) -> None:
    test = bench.command("test")
    told = bench.told(test)
    bench.take(told)
    bench.take(told)
    bench.restart()
    bench.take(told)
    bench.take(bench.told(msgspec.structs.replace(test, number=test.number + 1)))
    (alert,) = [decode(body, Alert) for body in bench.bodies("alert")]
    assert (alert.condition, alert.severity, alert.phase) == ("test_alert", "urgent", "cleared")
    assert bench.results() == [(test.id, "done")]
    assert bench.orders.cursor.commands == test.number + 1


def test_commands_go_ahead_of_a_queue(bench: Bench) -> None:
    hear(bench, *[("bathroom", "motion", 1.0)] * 5)
    bench.take(bench.told(bench.command("test")))
    assert [one.kind for one in bench.journal.outbox.urgent(0, 9)] == ["alert", "command_result"]


def test_in_a_pause_only_a_call_for_help_is_kept(bench: Bench) -> None:
    hear(bench, ("bathroom", "motion", 1))
    pause = bench.command("pause", until=bench.soon(2 * HOUR))
    assert bench.take(bench.told(pause))
    bench.run(60)
    hear(bench, ("bathroom", "motion", 1), ("pendant", "button", 1), ("pir", "link", 0))
    assert qualities(bench) == [("motion", "ok"), ("button", "ok"), ("link", "ok")]
    assert bench.journal.counters() == {"events": 3, "paused": 1}
    alerts = [decode(body, Alert).condition for body in bench.bodies("alert")]
    assert alerts == ["help_button"]
    bench.run(2 * HOUR)
    hear(bench, ("bathroom", "motion", 1))
    assert qualities(bench)[-1] == ("motion", "ok")
    assert bench.results() == [(pause.id, "under_way"), (pause.id, "done")]
    assert bench.last_word() == "Recording goes on."


def test_everything_that_is_watched_for_says_at_once_that_it_cannot_be_told(bench: Bench) -> None:
    hear(bench, ("bathroom", "motion", 1))
    bench.take(bench.told(bench.command("pause", until=bench.soon(2 * HOUR))))
    said = [decode(body, Assessment) for body in bench.bodies("assessment")]
    assert [(one.condition, one.state) for one in said] == [
        ("no_movement", "blind"), ("uti_risk", "blind"),
    ]  # fmt: skip
    assert {one.reason for one in said} == {"Recording is paused until 02:00 on 1 March."}
    bench.restart()
    assert len(bench.bodies("assessment")) == 2, "said once"


def test_an_alert_that_stands_is_held_with_the_reason_and_none_is_raised(bench: Bench) -> None:
    hear(bench, ("bathroom", "motion", 1))
    bench.run(7 * HOUR)
    hear(bench, ("pendant", "button", 0))
    (before,) = [decode(body, Alert) for body in bench.bodies("alert")]
    assert before.condition == "no_movement"
    bench.take(bench.told(bench.command("pause", until=bench.soon(12 * HOUR))))
    held = decode(bench.bodies("alert")[-1], Alert)
    assert (held.id, held.phase) == (before.id, "open")
    assert "Recording is paused until 19:00" in held.text


def test_while_paused_stillness_raises_nothing(bench: Bench) -> None:
    hear(bench, ("bathroom", "motion", 1))
    bench.take(bench.told(bench.command("pause", until=bench.soon(24 * HOUR))))
    bench.run(10 * HOUR)
    hear(bench, ("pendant", "button", 0))
    assert bench.bodies("alert") == []


def test_a_pause_outlasts_a_restart_and_ends_by_itself(bench: Bench) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))
    bench.restart()
    hear(bench, ("bathroom", "motion", 1))
    assert qualities(bench) == []
    bench.now += 2 * HOUR  # the hub was off as it ended
    bench.restart()
    bench.run(1)
    hear(bench, ("bathroom", "motion", 1))
    assert qualities(bench) == [("motion", "ok")]


def test_a_later_pause_takes_the_place_of_the_one_that_lasts(bench: Bench) -> None:
    first = bench.command("pause", until=bench.soon(HOUR))
    second = bench.command("pause", until=bench.soon(3 * HOUR))
    bench.take(bench.told(first))
    bench.run(60)
    bench.take(bench.told(second))
    bench.run(2 * HOUR)
    hear(bench, ("bathroom", "motion", 1))
    assert qualities(bench) == []
    assert bench.results() == [
        (first.id, "under_way"), (first.id, "done"), (second.id, "under_way"),
    ]  # fmt: skip


def test_resume_ends_a_pause_and_says_so_where_there_was_none(bench: Bench) -> None:
    assert not bench.take(bench.told(bench.command("resume")))
    assert bench.last_word() == "Recording was not paused."
    bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))
    assert bench.take(bench.told(bench.command("resume")))
    bench.run(1)
    hear(bench, ("bathroom", "motion", 1))
    assert qualities(bench) == [("motion", "ok")]


def test_in_a_pause_a_heartbeat_does_not_tell_which_sensor_was_set_off(bench: Bench) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))
    sensors = [
        SensorHealth(sensor="pir", last_seen=at(0.5)),
        SensorHealth(sensor="door", last_seen=at(-1)),
        SensorHealth(sensor="bed"),
    ]
    masked = bench.standing.spells.masked(sensors)
    assert [one.last_seen for one in masked] == [at(0), at(-1), None]
    bench.run(1800)
    bench.take(bench.told(bench.command("resume")))
    seen_later = [SensorHealth(sensor="pir", last_seen=at(0.4))]
    masked = bench.standing.spells.masked(seen_later)
    assert [one.last_seen for one in masked] == [at(0)], "nor once it is over"
    since = [SensorHealth(sensor="pir", last_seen=at(0.51))]
    assert bench.standing.spells.masked(since) == since


def test_what_happened_in_a_pause_is_forgotten_also_where_it_is_heard_later(bench: Bench) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))
    bench.run(2 * HOUR)
    intake = Intake(events=[event(0.5), event(0.6, "pendant", "button"), event(1.5)])
    bench.standing.spells.hush(intake)
    assert [one.at for one in intake.events] == [at(0.6), at(1.5)]


def test_in_a_pause_not_even_what_could_not_be_used_is_kept(bench: Bench) -> None:
    odd = quarantined(bench.now, "zigbee2mqtt/x", "not JSON", b"bathroom")
    for expected in (1, 0):
        intake = Intake(quarantine=[odd])
        bench.standing.spells.hush(intake)
        assert len(intake.quarantine) == expected
        bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))


def test_the_days_of_a_pause_are_not_held_against_others(bench: Bench) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(30 * HOUR))))
    (known,) = bench.effective.settings.context
    assert (known.situation, f"{known.since}", f"{known.until}") == (
        "paused", "2026-03-01", "2026-03-02",
    )  # fmt: skip
    bench.run(31 * HOUR)
    assert len(bench.effective.settings.context) == 1, "also once it is over"
    bench.run(130 * 86_400)
    bench.take(bench.told(bench.command("pause", until=bench.soon(60))))
    bench.run(61)
    bench.restart()
    assert len(bench.effective.settings.context) == 1, "but not for ever"


def test_away_and_back_are_whole_days(bench: Bench) -> None:
    bench.take(bench.told(bench.command("away", until=bench.soon(5 * 86_400))))
    (known,) = bench.effective.settings.context
    assert (known.situation, f"{known.until}") == ("away", "2026-03-06")
    bench.run(2 * 86_400)
    bench.take(bench.told(bench.command("back")))
    (known,) = bench.effective.settings.context
    assert f"{known.until}" == "2026-03-02", "from today on somebody is missed again"
    bench.take(bench.told(bench.command("away", until=bench.soon(86_400))))
    bench.take(bench.told(bench.command("back")))
    assert len(bench.effective.settings.context) == 1, "away and back on one day is no day away"
    bench.take(bench.told(bench.command("back")))
    assert bench.last_word() == "Nobody was away."


def test_a_walk_test_tells_each_activation_and_detects_upon_none(bench: Bench) -> None:
    walk = bench.command("walk_test", minutes=5)
    assert not bench.take(bench.told(walk))
    hear(bench, ("bathroom", "motion", 1), ("pendant", "button", 1), ("pir", "link", 1))
    assert qualities(bench) == [("motion", "walk_test"), ("button", "ok"), ("link", "ok")]
    steps = [decode(body, WalkStep) for body in bench.bodies("walk_step")]
    assert [(one.command, one.event.kind) for one in steps] == [
        (walk.id, "motion"), (walk.id, "button"),
    ]  # fmt: skip
    assert bench.journal.counters()["walk_test"] == 1
    bench.run(300)
    assert "0 of 3 sensors were heard; not heard: door, pendant, pir." in bench.last_word()
    hear(bench, ("bathroom", "motion", 1))
    assert qualities(bench)[-1] == ("motion", "ok")


def test_in_a_pause_there_is_no_walk_test_and_a_pause_ends_one(bench: Bench) -> None:
    walk = bench.command("walk_test")
    bench.take(bench.told(walk))
    bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))
    assert bench.results()[1] == (walk.id, "done")
    bench.take(bench.told(bench.command("walk_test")))
    assert bench.last_word() == "Recording is paused; resume it first."


def test_relearn_learns_from_the_journal(bench: Bench) -> None:
    hear(bench, ("bathroom", "motion", 1))
    bench.take(bench.told(bench.command("relearn", conditions=["uti_risk"])))
    assert bench.last_word() == "Learning uti_risk from the journal."
    bench.learn()
    assert bench.last_word() == "Learned anew: uti_risk."
    bench.take(bench.told(bench.command("relearn", conditions=["uti_risk", "gout_risk"])))
    assert bench.last_word() == "This hub does not watch for 'gout_risk'."


def test_what_cannot_be_done_is_answered_and_holds_nothing_up(bench: Bench) -> None:
    late = bench.command("test")
    late = msgspec.structs.replace(late, expires_at=utc(bench.now))
    over = bench.command("pause", until=utc(bench.now))
    strange, odd = bench.command("dance"), bench.command("walk_test", minutes=999)
    test = bench.command("test")
    bench.take(bench.told(late, over, strange, odd, test))
    assert bench.results() == [
        (late.id, "expired"), (over.id, "expired"), (strange.id, "refused"),
        (odd.id, "refused"), (test.id, "done"),
    ]  # fmt: skip


def test_a_full_disk_leaves_a_command_to_be_told_again(bench: Bench) -> None:
    told = bench.told(bench.command("pause", until=bench.soon(HOUR)))
    bench.journal._connection.execute("pragma query_only = on")
    with pytest.raises(Exception, match="readonly"):
        bench.take(told)
    assert not bench.standing.spells.now("pause")
    bench.journal._connection.execute("pragma query_only = off")
    assert bench.take(told)
    assert len(bench.results()) == 1


def test_a_configuration_is_applied_and_told_and_an_older_one_passed_over(bench: Bench) -> None:
    assert bench.take(bench.told(version=3, people=2))
    assert bench.effective.settings.hub.people == 2
    assert not bench.take(bench.told(version=3, people=2))
    assert not bench.take(bench.told(version=2, people=5))
    assert [(one.version, one.state) for one in bench.reports()] == [(3, "applied")]
    bench.restart()
    assert (bench.effective.settings.hub.people, bench.effective.version) == (2, 3)


def test_a_configuration_that_will_not_do_changes_nothing_and_is_not_asked_for_again(
    bench: Bench,
) -> None:
    bench.take(bench.told(version=1, people=2))
    assert not bench.take(bench.told(version=2, people=3, rules=[{"kind": "dance"}]))
    assert bench.effective.settings.hub.people == 2
    refused = bench.reports()[-1]
    assert (refused.version, refused.state) == (2, "refused")
    assert "rules[0]" in refused.reason
    assert bench.orders.cursor.configuration == 2
    assert not bench.take(bench.told(version=3, people=99))
    assert "people" in bench.reports()[-1].reason
    bench.restart()
    assert bench.effective.settings.hub.people == 2


def test_a_damaged_configuration_is_asked_for_again(bench: Bench) -> None:
    sent = configuration(people=2)
    damaged = msgspec.structs.replace(sent, content=msgspec.Raw(b'{"people":3}'))
    told = Downlink(hub="hub-1", at=utc(bench.now), configuration=damaged)
    with pytest.raises(GarbledError, match="version 1 of the configuration came damaged"):
        bench.take(told)
    assert (bench.orders.cursor.configuration, bench.reports()) == (0, [])
    assert bench.take(msgspec.structs.replace(told, configuration=sent))


def test_what_was_learned_is_kept_under_a_new_configuration(bench: Bench) -> None:
    hear(bench, ("bathroom", "motion", 1))
    bench.room.save()
    bench.take(bench.told(version=1, budget={"no_movement": 1}))
    bench.run(7 * HOUR)
    hear(bench, ("pendant", "button", 0))
    (alert,) = [decode(body, Alert) for body in bench.bodies("alert")]
    assert alert.condition == "no_movement"


def test_the_hub_itself_stays_who_it_is(bench: Bench) -> None:
    bench.take(bench.told(version=1, people=2))
    hub = bench.effective.settings.hub
    assert (hub.id, hub.home) == (SETTINGS.hub.id, SETTINGS.hub.home)
    health = HubHealth(hub="hub-1", home="h1", at=at(0), configuration=bench.effective.version)
    assert b'"configuration":1' in encode(health)


def test_whoever_replaces_a_pause_does_not_tell_the_other_that_recording_goes_on(
    bench: Bench,
) -> None:
    first = bench.command("pause", until=bench.soon(8 * HOUR))
    bench.take(bench.told(first))
    bench.take(bench.told(bench.command("pause", until=bench.soon(2 * HOUR))))
    words = {
        one.command: one.text
        for one in (decode(body, CommandResult) for body in bench.bodies("command_result"))
    }
    assert words[first.id] == "Replaced by another pause."


def test_while_it_learns_anew_a_hub_hears_and_alerts_as_ever(bench: Bench) -> None:
    hours = range(24 * 60)
    intake = Intake(events=[event(hour) for hour in hours], newest=at(hours[-1]).timestamp())
    bench.journal.write_intake(intake, bench.now)
    while bench.room.work():
        pass
    bench.take(bench.told(bench.command("relearn", conditions=["uti_risk", "no_movement"])))
    assert bench.results()[-1][1] == "under_way", "taken before it is begun"
    assert bench.orders.learn(bench.now)
    press = event(hours[-1] + 1, "pendant", "button")
    bench.journal.write_intake(Intake(events=[press], newest=press.at.timestamp()), bench.now)
    bench.room.work()
    assert b"help_button" in bench.bodies("alert")[-1]
    assert bench.learn() > len(hours) // 200 - 3
    assert bench.last_word() == "Learned anew: uti_risk, no_movement."


def test_a_hub_that_ends_while_it_learns_anew_says_so_and_does_not_end_for_ever(
    bench: Bench,
) -> None:
    hear(bench, ("bathroom", "motion", 1))
    relearn = bench.command("relearn", conditions=["uti_risk"])
    bench.take(bench.told(relearn))
    bench.restart()
    assert bench.results()[-1] == (relearn.id, "refused")
    assert bench.last_word() == "It was cut short: the hub began anew meanwhile. Ask again."
    bench.restart()
    assert not bench.orders.learn(bench.now)
    assert len(bench.results()) == 2


def dry_run(bench: Bench, **change: object) -> Downlink:
    return bench.told(bench.command("dry_run", change=change))


def test_a_dry_run_is_told_of_once_it_is_answered_and_changes_nothing(bench: Bench) -> None:
    before = bench.effective
    assert not bench.take(dry_run(bench, budget={"uti_risk": 1.0}))
    trial = bench.orders.trial
    assert trial is not None
    assert (trial.changed.budget, trial.days) == ({"uti_risk": 1.0}, 30)
    assert bench.results() == [], "a word that it goes on would stand for good after a power cut"
    bench.take(dry_run(bench, budget={"uti_risk": 2.0}))
    assert bench.last_word() == BUSY
    bench.orders.tried(trial, Found(state=Progress.DONE, text="Would have."), bench.now)
    assert bench.results()[-1] == (trial.command, "done")
    assert (bench.orders.trial, bench.effective) == (None, before)
    bench.take(dry_run(bench, budget={"uti_risk": 2.0}))
    assert bench.orders.trial is not None, "the next one is taken"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"sensors": [{"name": "pir", "kind": "motion", "place": "hall"}]},
            "cannot change sensors",
        ),
        ({"off": ["uti_risk"]}, "cannot change off"),
        ({"budget": {"gout_risk": 1.0}}, "does not know budget.gout_risk"),
        ({"rules": [{"name": "x"}]}, "rules"),
        ({}, "change nothing"),
    ],
)
def test_a_dry_run_of_what_the_hub_cannot_judge_is_refused_with_the_reason(
    bench: Bench, change: dict[str, object], said: str
) -> None:
    bench.take(dry_run(bench, **change))
    assert bench.orders.trial is None
    assert bench.results()[-1][1] == "refused"
    assert said in bench.last_word()
