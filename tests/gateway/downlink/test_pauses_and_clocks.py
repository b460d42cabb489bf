"""A pause lasts for as long as was meant, whatever becomes of the clock by which it is counted."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from contract import utc
from contract.downlink import Downlink
from gateway.journal import Intake
from tests.gateway.downlink.bench import Bench

HOUR = 3600.0


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    yield one
    one.journal.close()


def test_a_hub_whose_clock_is_wrong_pauses_for_as_long_as_was_meant(bench: Bench) -> None:
    centre = bench.now + 5 * 365 * 86_400
    pause = msgspec.structs.replace(
        bench.command("pause", until=utc(centre + HOUR)), expires_at=utc(centre + HOUR)
    )
    bench.take(Downlink(hub="hub-1", at=utc(centre), commands=[pause]))
    bench.run(HOUR - 1)
    assert bench.standing.spells.now("pause")
    bench.run(2)
    assert not bench.standing.spells.now("pause")


@pytest.mark.parametrize("jump", [56 * 365 * 86_400.0, -7200.0])
def test_a_clock_that_is_set_neither_ends_a_pause_nor_makes_it_longer(
    bench: Bench, jump: float
) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))
    bench.run(60)
    bench.now += jump
    bench.run(60)
    assert bench.standing.spells.now("pause")
    bench.run(HOUR - 121)
    assert bench.standing.spells.now("pause")
    bench.run(2)
    assert not bench.standing.spells.now("pause")


def test_a_hub_that_wakes_up_in_1970_is_still_paused_until_the_time_that_was_meant(
    bench: Bench,
) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))
    meant = bench.now
    bench.now = 1000.0
    bench.restart()
    bench.run(60)
    assert bench.standing.spells.now("pause")
    bench.now = meant + HOUR - 60  # the time is set
    bench.tick()
    assert bench.standing.spells.now("pause")
    bench.run(60)
    assert not bench.standing.spells.now("pause")


def test_a_power_cut_does_not_make_a_pause_longer(bench: Bench) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))
    bench.run(1800)
    bench.now -= 100  # the power goes; the machine wakes up at the time that it last noted
    bench.elapsed = 20.0
    bench.restart()
    bench.run(10)
    bench.now += 4 * HOUR  # the time is set
    bench.run(1)
    assert not bench.standing.spells.now("pause")


@pytest.mark.parametrize("kind", ["pause", "away"])
@pytest.mark.parametrize("ahead", [12 * HOUR, 30 * 86_400.0], ids=["half a day", "a month"])
def test_what_was_asked_for_while_a_clock_stood_ahead_ends_in_time_after_a_power_cut(
    bench: Bench, kind: str, ahead: float
) -> None:
    bench.now += ahead
    bench.take(bench.told(bench.command(kind, until=bench.soon(HOUR))))
    bench.run(60)
    bench.now, bench.elapsed, bench.boot = bench.now - ahead, 20.0, "boot-2"
    bench.restart()
    bench.run(1)
    lasts = bench.standing.spells.now(kind)
    assert lasts is not None
    assert lasts.since <= bench.now, "it lasts now, and does not only begin in a month"
    bench.run(HOUR - 2)
    assert bench.standing.spells.now(kind)
    bench.run(3)
    assert not bench.standing.spells.now(kind)


def test_what_was_left_of_an_absence_is_what_is_left_once_the_clock_is_right(bench: Bench) -> None:
    bench.now += 30 * 86_400
    bench.take(bench.told(bench.command("away", until=bench.soon(10 * HOUR))))
    bench.run(9 * HOUR)
    bench.journal.write_intake(Intake(received=bench.now), bench.now)
    bench.now, bench.elapsed, bench.boot = bench.now - 30 * 86_400, 20.0, "boot-2"
    bench.restart()
    bench.run(1)
    bench.run(HOUR - 10)
    assert bench.standing.spells.now("away")
    bench.run(10)
    assert not bench.standing.spells.now("away")


def test_a_clock_that_is_not_known_to_be_right_moves_no_pause(bench: Bench) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(HOUR))))
    meant = bench.standing.spells.all
    bench.now -= 7200  # the power goes; the machine wakes up at the time that it last noted
    bench.elapsed, bench.boot = 20.0, "boot-2"
    bench.restart()
    assert not bench.orders.tick(bench.now, bench.elapsed, sure=False)
    assert [one[:4] for one in bench.standing.spells.all] == [one[:4] for one in meant]


def test_no_pause_lasts_for_longer_than_one_may(bench: Bench) -> None:
    bench.take(bench.told(bench.command("pause", until=bench.soon(40 * 86_400))))
    bench.run(7 * 86_400 - 1)
    assert bench.standing.spells.now("pause")
    bench.run(1)
    assert not bench.standing.spells.now("pause")


def test_a_pause_goes_on_on_a_new_card_though_it_was_to_be_begun_long_ago(
    bench: Bench, tmp_path: Path
) -> None:
    until = bench.soon(24 * HOUR)
    pause = bench.command("pause", until=until)
    bench.take(bench.told(pause))
    bench.run(3 * HOUR)
    folder = tmp_path / "new card"
    folder.mkdir()
    new = Bench(folder)
    new.now = bench.now
    # So the centre tells a command that is under way: it may be begun for as long as it lasts.
    new.take(new.told(msgspec.structs.replace(pause, expires_at=until)))
    spell = new.standing.spells.now("pause")
    assert spell is not None
    assert spell.until == pytest.approx(until.timestamp(), abs=0.001)
    assert new.results() == [(pause.id, "under_way")]
    new.journal.close()


@pytest.mark.parametrize(("begin", "end"), [("pause", "resume"), ("away", "back")])
def test_who_wants_to_be_watched_again_is_though_the_hub_heard_of_it_days_later(
    bench: Bench, begin: str, end: str
) -> None:
    bench.take(bench.told(bench.command(begin, until=bench.soon(6 * 24 * HOUR))))
    resume = bench.command(end)
    bench.run(3 * 24 * HOUR)  # without a network
    bench.take(bench.told(resume))
    assert bench.standing.spells.now(begin) is None
    assert bench.results()[-1] == (resume.id, "done")
