"""What a change would have raised is worked out beside the hub, from its own journal."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from contract import Alert, Progress, decode
from gateway.downlink.deeds import Trial
from gateway.downlink.trying import worked_out
from gateway.replay.aside import MEMORY
from gateway.settings import Settings
from tests.gateway.replay.test_as_it_was_live import HOUR, SETTINGS, Live, alerts_of, settle_in

pytestmark = [pytest.mark.network, pytest.mark.asyncio]


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """A hub that goes on, with two weeks and a long silence in its journal."""
    one = Live(tmp_path)
    settle_in(one, 14)
    one.passes(14 * HOUR)
    one.hears("kitchen")
    one.room.save()
    yield one
    one.journal.close()


def trial(days: int = 30) -> Trial:
    changed = msgspec.structs.replace(SETTINGS, budget={"no_movement": 20.0})
    return Trial("c1", changed, days)


async def soon(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - another process tells nobody
        await asyncio.sleep(0.01)


def limits_of(process: int) -> str:
    return Path(f"/proc/{process}/limits").read_text("ascii")


def children() -> set[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(word) for task in tasks for word in task.read_text().split()}


async def test_staff_are_told_what_was_really_raised_beside_what_would_be(
    live: Live, tmp_path: Path
) -> None:
    given = [decode(body, Alert) for body in alerts_of(live)]
    before = live.bodies("alert")
    found = await worked_out(trial(), SETTINGS, f"{tmp_path / 'journal.sqlite'}")
    assert found.state is Progress.DONE
    answer = found.answer
    assert answer is not None
    assert given
    as_it_stands = [one for one in answer.alerts if one.under in {"both", "now"}]
    assert [one.condition for one in as_it_stands] == [one.condition for one in given]
    assert as_it_stands[0].at < given[0].raised_at, "a larger budget has it told sooner"
    assert answer.now == len(given)
    assert answer.changed == len([one for one in answer.alerts if one.under != "now"])
    assert all(one.text for one in answer.alerts)
    assert "covers only 14 of them" in found.text
    assert live.bodies("alert") == before, "nothing is raised by it"


async def test_the_days_that_are_asked_for_are_counted(live: Live, tmp_path: Path) -> None:
    del live
    found = await worked_out(trial(3), SETTINGS, f"{tmp_path / 'journal.sqlite'}")
    assert found.answer is not None
    assert (found.answer.until - found.answer.since).days == 3
    assert "covers only" not in found.text


async def test_it_stands_back_for_the_hub_and_is_gone_when_it_is_given_up(
    live: Live, tmp_path: Path
) -> None:
    del live
    others = children()
    path = f"{tmp_path / 'journal.sqlite'}"
    asked = asyncio.create_task(worked_out(trial(), SETTINGS, path))
    await soon(lambda: bool(children() - others))
    (process,) = children() - others
    await soon(lambda: os.getpriority(os.PRIO_PROCESS, process) == 19)
    await soon(lambda: f"Max data size             {MEMORY}" in limits_of(process))
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert process not in children()


async def test_where_it_may_not_have_the_lowest_priority_it_rests_most_of_the_time() -> None:
    burns = (
        "import time; from gateway.replay.aside import rest_often; rest_often(); "
        "began, used = time.monotonic(), time.process_time()\n"
        "while time.monotonic() < began + 2: pass\n"
        "print(time.process_time() - used)"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", burns, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert 0.1 < float(said) < 1.0


async def test_a_journal_without_a_word_or_of_another_home_is_told_and_not_guessed_from(
    tmp_path: Path,
) -> None:
    new = Live(tmp_path)
    path = f"{tmp_path / 'journal.sqlite'}"
    try:
        found = await worked_out(trial(), SETTINGS, path)
        assert (found.state, found.answer) == (Progress.REFUSED, None)
        assert "heard nothing" in found.text
        hub = msgspec.structs.replace(SETTINGS.hub, home="h2")
        elsewhere: Settings = msgspec.structs.replace(SETTINGS, hub=hub)
        found = await worked_out(trial(), elsewhere, path)
        assert (found.state, found.answer) == (Progress.REFUSED, None)
        assert "is the journal of home 'h1'" in found.text
    finally:
        new.journal.close()
