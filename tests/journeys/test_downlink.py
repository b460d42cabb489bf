"""What staff set and ask at the centre happens in the home, and staff see that it did."""

import asyncio
import json
import random
import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import aiomqtt
import asyncpg
import httpx
import pytest
from pytest_socket import enable_socket, socket_allow_hosts

from api.silence.restarts import STARTS
from api.silence.watch import LOOK_SECONDS
from gateway.downlink.standing import Standing
from tests.api.server import CentreProcess
from tests.gateway.household import Household
from tests.support.broker import Mosquitto
from tests.support.database import Postgres
from tests.support.program import run

pytestmark = [pytest.mark.network, pytest.mark.timeout(180)]

PASSWORD = "correct horse battery staple"
PATIENCE_S = 30.0
REPORTS = "from configuration_report /* of the hub */ where mine"
_numbers = count(1)


class Desk:
    """A supervisor at the centre, and a hub that reports to it."""

    def __init__(
        self, web: httpx.AsyncClient, hub: str, name: str, home: Household, url: str
    ) -> None:
        self.web = web
        self.hub = hub
        self.name = name
        self.where = f"/v1/homes/{name}/configuration"
        self.home = home
        self._database_url = url

    async def put(self, settings: dict[str, Any]) -> None:
        """Sets the home's configuration, over what is there."""
        seen = (await self.web.get(self.where)).json()["edition"]
        sent = await self.web.put(self.where, json=settings, params={"seen": seen})
        assert sent.status_code == 200, sent.text

    async def command(self, kind: str, **body: Any) -> str:
        sent = await self.web.post(
            f"/v1/hubs/{self.hub}/commands", json={"kind": kind, "body": body}
        )
        assert sent.status_code == 201, sent.text
        name: str = sent.json()["id"]
        return name

    async def state(self, command: str) -> dict[str, Any]:
        shown = (await self.web.get(f"/v1/hubs/{self.hub}/commands/{command}")).json()
        return {**shown["command"], "steps": shown["steps"]}

    async def rows(self, query: str) -> list[asyncpg.Record]:
        """What a query gives; `mine` in it stands for the home's or the hub's own."""
        mine = f"hub = '{self.hub}'" if "hub" in query else f"home = '{self.name}'"
        query = query.replace("mine", mine)
        connection = await asyncpg.connect(self._database_url)
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()

    async def reach(self, command: str, state: str) -> dict[str, Any]:
        """Waits until a command has come so far."""
        found: dict[str, Any] = {}
        for _ in range(int(PATIENCE_S / 0.05)):
            found = await self.state(command)
            if found["state"] == state:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"{found} is never {state}\n{self.home.program.said()}")

    async def connected(self, times: int) -> None:
        """Waits until the hub has been connected to its broker so often."""
        for _ in range(int(PATIENCE_S / 0.05)):
            if self.home.program.said().count("connected to the broker") >= times:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(self.home.program.said())

    async def counted(self, what: str, times: int) -> None:
        """Waits until the hub has counted something so often."""
        found = 0
        for _ in range(int(PATIENCE_S / 0.05)):
            journal = self.home.journal()
            try:
                found = journal.counters().get(what, 0)
            finally:
                journal.close()
            if found >= times:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{what}: {found}\n{self.home.program.said()}")

    async def until(
        self,
        what: str,
        holds: Callable[[list[asyncpg.Record]], bool],
        seconds: float = PATIENCE_S,
    ) -> None:
        """Waits until a query's rows are such."""
        rows: list[asyncpg.Record] = []
        for _ in range(int(seconds / 0.05)):
            rows = await self.rows(what)
            if holds(rows):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"never: {what}: {rows}\n{self.home.program.said()}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downlink")


@pytest.fixture(scope="module")
def centre(folder: Path, postgres: Postgres) -> Iterator[CentreProcess]:
    """One centre for all tests here, each with a home of its own."""
    password = folder / "password"
    password.write_text(PASSWORD)
    enable_socket()
    socket_allow_hosts(["127.0.0.1", "localhost"], allow_unix_socket=True)
    with CentreProcess(folder, postgres.create_database()) as running:
        run(
            "telecare-api", "create-user", "sue", "--role", "supervisor", "--everywhere",
            "--password-file", password, environment=running.environment,
        )  # fmt: skip
        yield running


@pytest.fixture
async def desk(tmp_path: Path, broker: Mosquitto, centre: CentreProcess) -> AsyncIterator[Desk]:
    name = f"h{next(_numbers)}"
    added = run("telecare-api", "add-hub", "--home", name, environment=centre.environment)
    hub = re.findall(r"hub-\w+", added.stderr)[0]
    home = Household(tmp_path / "hub", port=broker.port, centre=centre.url, clock="wall")
    text = home.path.read_text().replace("hub-1", hub).replace('"h1"', f'"{name}"')
    home.path.write_text(text)
    run("telecare-gateway", "claim", added.stdout.strip(), "--settings", home.path)
    home.program.start()
    async with httpx.AsyncClient(base_url=centre.url) as web:
        who = {"username": "sue", "password": PASSWORD}
        web.headers["X-CSRF-Token"] = (await web.post("/v1/session", json=who)).json()["csrf"]
        try:
            yield Desk(web, hub, name, home, centre.environment["DATABASE_URL"])
        finally:
            home.program.stop()


async def say(broker: Mosquitto, device: str, **said: Any) -> None:
    async with aiomqtt.Client(broker.host, broker.port) as devices:
        await devices.publish(f"zigbee2mqtt/{device}", json.dumps(said), qos=1)


def soon(**time: float) -> str:
    return (datetime.now(UTC) + timedelta(**time)).isoformat()


async def test_a_configuration_is_applied_and_a_wrong_one_is_refused_with_the_reason(
    desk: Desk,
) -> None:
    where = desk.where
    good = {"people": 2, "rules": [{"kind": "no_use", "name": "kettle", "by": "10:00"}]}
    await desk.put(good)
    query = f"select version, state, reason {REPORTS} order by version"
    await desk.until(query, lambda rows: [tuple(row) for row in rows] == [(1, "applied", "")])
    wrong = {"people": 2, "rules": [{"kind": "no_use", "name": "kettle", "by": "25:00"}]}
    await desk.put(wrong)
    await desk.until(query, lambda rows: [row["state"] for row in rows] == ["applied", "refused"])
    (standing,) = (await desk.web.get(where)).json()["hubs"]
    assert (standing["applied"], standing["told"]) == (1, 2)
    assert "rules[0].by" in standing["reason"]
    await desk.until(
        "select health->>'configuration' as version, health->>'every_s' as every from hub "
        "where mine",
        lambda rows: rows[0]["version"] == "1" and float(rows[0]["every"]) > 0,
    )


async def test_an_installer_sees_an_alert_arrive_and_each_sensor_that_is_set_off(
    desk: Desk, broker: Mosquitto
) -> None:
    command = await desk.command("test")
    done = await desk.reach(command, "done")
    assert done["told_at"] is not None
    (alert,) = await desk.rows("select ref, condition, severity from alert where mine")
    assert (alert["ref"], alert["condition"], alert["severity"]) == (
        done["alert"], "test_alert", "urgent",
    )  # fmt: skip
    command = await desk.command("walk_test", minutes=5)
    await desk.reach(command, "under_way")
    await say(broker, "front-door", contact=True)  # how it stands: nobody opened it yet
    await desk.counted("messages", 1)
    await say(broker, "front-door", contact=False)
    steps: list[dict[str, Any]] = []
    for _ in range(int(PATIENCE_S / 0.05)):
        if steps := (await desk.state(command))["steps"]:
            break
        await asyncio.sleep(0.05)
    assert [(one["sensor"], one["kind"]) for one in steps] == [("front-door", "opening")]
    await desk.until(
        "select quality from event where mine",
        lambda rows: [row[0] for row in rows] == ["walk_test"],
    )
    await desk.command("pause", until=soon(minutes=5))
    done = await desk.reach(command, "done")
    assert "1 of 2 sensors were heard; not heard: bathroom-motion." in done["said"]


async def test_what_an_alert_turned_out_to_be_is_known_to_the_detectors_by_itself(
    desk: Desk,
) -> None:
    await desk.reach(await desk.command("test"), "done")
    (row,) = await desk.rows("select id from alert where mine")
    end = {"outcome": "false_alarm", "version": 2, "seen": 1}
    for step, body in (("claim", {}), ("resolve", end)):
        done = await desk.web.post(f"/v1/alerts/{row['id']}/{step}", json=body)
        assert done.status_code == 200, done.text
    await desk.until(
        f"select version, state {REPORTS}",
        lambda rows: [tuple(one) for one in rows] == [(1, "applied")],
    )
    with desk.home.journal() as journal:
        (outcome,) = Standing(desk.home.settings, journal).peek().settings.profile.outcomes
    assert (outcome.condition, outcome.outcome) == ("test_alert", "false_alarm")


async def test_in_a_pause_nothing_is_kept_and_everything_says_so_until_it_is_over(
    desk: Desk, broker: Mosquitto
) -> None:
    await desk.connected(1)
    await say(broker, "front-door", contact=True)  # how it stands
    await desk.counted("messages", 1)
    pause = await desk.command("pause", until=soon(hours=1))
    await desk.reach(pause, "under_way")
    blind = (
        "select condition, body->>'reason' as reason from assessment where state = 'blind' and mine"
    )
    await desk.until(
        blind,
        lambda rows: (
            "no_movement"
            in {row["condition"] for row in rows if row["reason"].startswith("Recording is paused")}
        ),
    )
    assert "help_button" not in {row["condition"] for row in await desk.rows(blind)}
    await desk.connected(2)  # it has begun anew
    await say(broker, "front-door", contact=False)
    await say(broker, "front-door", contact=True)
    # Broker and centre keep no order between them. (Opening told it how the door stands.)
    await desk.counted("paused", 1)
    resume = await desk.command("resume")
    assert (await desk.reach(resume, "done"))["said"] == "Recording goes on."
    await desk.reach(pause, "done")
    await desk.connected(3)
    await say(broker, "front-door", contact=False)
    await desk.until("select at from event where mine", lambda rows: len(rows) == 1)
    assert len(desk.home.events()) == 1


async def test_a_pause_that_was_promised_goes_on_on_a_new_card(
    desk: Desk, broker: Mosquitto
) -> None:
    pause = await desk.command("pause", until=soon(hours=1))
    begun = await desk.reach(pause, "under_way")
    assert begun["told_at"] is not None
    await desk.connected(2)  # it has begun anew
    desk.home.program.stop()
    await desk.rows(
        "update command set expires_at = now() - interval '1 min' where mine /* of the hub */ "
        "returning id"
    )
    for file in desk.home.journal_path.parent.glob(f"{desk.home.journal_path.name}*"):
        file.unlink()
    desk.home.program.start()
    await desk.until(
        "select answered_at from command where mine /* of the hub */",
        lambda rows: f"{rows[0]['answered_at']}" > begun["answered_at"].replace("T", " "),
    )
    assert (await desk.state(pause))["state"] == "under_way"
    await desk.connected(4)  # it has begun anew with the pause
    await say(broker, "front-door", contact=False)
    await desk.counted("messages", 1)  # broker and centre keep no order between them
    assert (await desk.reach(await desk.command("resume"), "done"))["said"] == "Recording goes on."
    assert desk.home.events() == []


@pytest.mark.slow
async def test_a_hub_that_is_killed_again_and_again_does_each_command_once(desk: Desk) -> None:
    chance = random.Random(7)  # noqa: S311 - the instants need no secrecy
    program, commands = desk.home.program, list[str]()
    for number in range(6):
        commands.append(await desk.command("test"))
        where = {"people": 1 + number % 3, "health_every_s": 60 + number}
        await desk.put(where)
        await asyncio.sleep(chance.uniform(0.0, 1.5))
        program.kill()
        program.start()
    for command in commands:
        await desk.reach(command, "done")
    rows = await desk.rows("select ref from alert where condition = 'test_alert' and mine")
    assert len(rows) == len(commands)
    await desk.until(
        f"select version, state {REPORTS} order by version desc limit 1",
        lambda found: bool(found) and tuple(found[0]) == (6, "applied"),
    )


@pytest.mark.slow
async def test_whose_hub_ends_soon_after_each_start_is_told_though_it_is_heard_each_time(
    desk: Desk,
) -> None:
    program = desk.home.program
    for number in range(1, STARTS + 1):
        await desk.connected(number)
        program.kill()
        program.start()
    raised = "select subject from alert where condition = 'hub_restarts' and home = '{}'"
    await desk.until(raised.format(desk.name), lambda rows: len(rows) == 1, LOOK_SECONDS + 30)
    (alert,) = await desk.rows(raised.format(desk.name))
    assert alert["subject"] == desk.hub


async def test_a_hub_that_goes_on_with_other_settings_is_not_told_as_one_that_started_again(
    desk: Desk,
) -> None:
    for number in range(STARTS):
        await desk.put({"health_every_s": 60 + number})
        await desk.connected(2 + number)
    await desk.until(
        "select health->>'every_s' as every, starts from hub where mine",
        lambda rows: rows[0]["every"] is not None and float(rows[0]["every"]) == 59 + STARTS,
    )
    (hub,) = await desk.rows("select starts from hub where mine")
    assert len(hub["starts"]) == 1


async def test_staff_are_told_what_a_change_would_have_made_of_the_last_days(
    desk: Desk, broker: Mosquitto
) -> None:
    await desk.connected(1)
    await say(broker, "bathroom-motion", occupancy=True)
    await desk.counted("events", 1)
    command = await desk.command("dry_run", change={"budget": {"no_movement": 20}})
    done = await desk.reach(command, "done")
    assert done["said"] == "", "a command is read by who may not know of alerts"
    page = (await desk.web.get(f"/budgets/{desk.name}")).text
    assert "It would have alerted 0 times" in page
    assert "As the home was set then: 0 times." in page
    assert "The hub has kept only 0 of these 30 days." in page
    same = await desk.command("dry_run", change={})
    assert "would change nothing" in (await desk.reach(same, "refused"))["said"]
