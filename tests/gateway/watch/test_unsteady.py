"""A link that comes and goes each second looks well at each moment, and costs calls for help."""

import asyncio
from pathlib import Path

import pytest

from contract import Phase
from gateway.doctor.broker import check_link
from gateway.doctor.finding import State
from gateway.journal import Journal
from gateway.report.report import Reporter
from gateway.report.report_lines import human
from gateway.settings import Files, files
from gateway.watch.unsteady import MANY, WITHIN_S
from tests.gateway.household import Household
from tests.gateway.test_end_to_end import until
from tests.gateway.watch.test_deafness import SETTINGS, Home
from tests.support.broker import Mosquitto


@pytest.fixture
def places(tmp_path: Path) -> Files:
    return Files(journal=tmp_path / "journal.sqlite", key=tmp_path / "k", password=None, ca=None)


async def lose(home: Home, times: int, every_s: float) -> None:
    home.link(up=True)
    for _ in range(times):
        await home.run(every_s, every_s)
        home.link(up=False)
        await home.run(1, 1)
        home.link(up=True)
        await home.run(1, 1)


def phases(home: Home) -> list[str]:
    told = home.alerts("hub_deaf")
    assert {one.subject for one in told} <= {"connection"}
    return [one.phase for one in told]


async def test_two_hubs_that_throw_each_other_out_are_told_once_within_seconds(
    places: Files,
) -> None:
    with Journal.open(places.journal, "hub-1", "h1") as journal:
        home = Home(journal)
        await lose(home, 60, 1)
        assert phases(home) == [Phase.OPEN]
        (told,) = home.alerts("hub_deaf")
        assert told.severity == "technical"
        assert "under this hub's name" in told.text
        assert "client_id" in told.prompt
        (found,) = check_link(SETTINGS, places)
        assert (found.check, found.state) == ("connection", State.WRONG)
        assert "telecare-hub-1" in found.remedy
        reporter = Reporter(SETTINGS, places)
        (line,) = (
            one for one in human(reporter.report(home.now), home.now) if one.startswith("  broker")
        )
        reporter.close()
        assert "lost again and again" in line
        await home.run(WITHIN_S + 1, 60)
        assert phases(home) == [Phase.OPEN, Phase.CLEARED]
        assert list(check_link(SETTINGS, places)) == []


async def test_a_link_that_is_lost_every_hundred_seconds_all_day_is_told(places: Files) -> None:
    with Journal.open(places.journal, "hub-1", "h1") as journal:
        home = Home(journal)
        await lose(home, 40, 98)
        assert phases(home) == [Phase.OPEN]


async def test_a_broker_or_router_that_is_started_again_is_no_such_thing(places: Files) -> None:
    with Journal.open(places.journal, "hub-1", "h1") as journal:
        home = Home(journal)
        await lose(home, MANY - 1, 5)
        await home.run(WITHIN_S, 60)
        await lose(home, MANY - 1, 5)
        await lose(home, 24, 1800)
        assert phases(home) == []


async def test_a_restart_neither_tells_it_twice_nor_ends_it(places: Files) -> None:
    with Journal.open(places.journal, "hub-1", "h1") as journal:
        home = Home(journal)
        await lose(home, MANY, 1)
        home.restart()
        await lose(home, MANY, 1)
        assert phases(home) == [Phase.OPEN]
        home.restart()
        home.link(up=True)
        await home.run(WITHIN_S - 10, 10)
        assert phases(home) == [Phase.OPEN]
        await home.run(20, 10)
        assert phases(home) == [Phase.OPEN, Phase.CLEARED]


async def test_a_bridge_that_is_back_ends_its_own_alert_alone(places: Files) -> None:
    with Journal.open(places.journal, "hub-1", "h1") as journal:
        home = Home(journal)
        await lose(home, MANY, 1)
        deafness = home.hub._parts.deafness
        assert deafness is not None
        deafness.bridges({"zigbee2mqtt": 4}, home.now)
        deafness.bridges({}, home.now)
        told = home.alerts("hub_deaf")
        assert [(one.subject, one.phase) for one in told] == [
            ("connection", "open"),
            ("zigbee2mqtt", "open"),
            ("zigbee2mqtt", "cleared"),
        ]


@pytest.mark.network
async def test_two_real_hubs_by_one_name_both_say_so(tmp_path: Path, broker: Mosquitto) -> None:
    hubs = [Household(tmp_path / name, port=broker.port, clock="wall") for name in ("hub", "trial")]
    try:
        for one in hubs:
            one.program.start()
        await until(lambda: all(map(_told, hubs)), "told", lambda: "\n".join(map(_log, hubs)))
    finally:
        for one in hubs:
            await asyncio.to_thread(one.program.stop)


def _log(hub: Household) -> str:
    return hub.program.said()


def _told(hub: Household) -> bool:
    places = files(hub.path, hub.settings)
    return hub.journal_path.exists() and bool(list(check_link(hub.settings, places)))
