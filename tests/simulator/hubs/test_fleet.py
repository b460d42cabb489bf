"""Virtual hubs must bring to a centre just what real ones would, or nothing tried on it counts."""

from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from contract import Alert, SensorEvent, decode
from gateway.journal import Journal
from simulator.cli import main
from simulator.live.setting import Setting
from simulator.live.telling import Wanted
from simulator.living.household import SETTLED
from simulator.living.street import Street
from tests.api.server import CentreProcess
from tests.simulator.devices.hub import essence
from tests.support.program import run as program

pytestmark = pytest.mark.network

START = 1_772_323_200.0  # 2026-03-01T00:00Z
PAST = ("--start", "2026-03-01", "--speed", "0", "--days", "2")


@pytest.fixture
def centre(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("DATABASE_URL", database_url)
    with CentreProcess(tmp_path, database_url) as running:
        yield running.url


async def held(database_url: str) -> tuple[list[SensorEvent], list[Alert], int]:
    connection = await asyncpg.connect(database_url)
    try:
        events = await connection.fetch("select body::text from event order by seq")
        alerts = await connection.fetch("select body::text from alert")
        hubs = await connection.fetchval("select count(*) from hub")
    finally:
        await connection.close()
    return (
        [decode(row[0], SensorEvent) for row in events],
        [decode(row[0], Alert) for row in alerts],
        hubs,
    )


def lived(homes: int, days: int) -> list[SensorEvent]:
    street = Street(seed=1, start=START, homes=homes, mix=SETTLED)
    setting = Setting.of_street(street, range(1, homes + 1), days, "zigbee2mqtt")
    told = [setting.lived(n, Wanted(messages=False)).take(float("inf")) for n in setting.numbers]
    return [one for some in told for one in some if isinstance(one, SensorEvent)]


def but_boils(events: list[SensorEvent]) -> list[SensorEvent]:
    """Without what a hub may take for one, where it comes twice within a minute and a half."""
    return [event for event in events if event.kind != "appliance"]


async def test_the_centre_holds_every_event_of_every_home_once(
    centre: str, database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "hubs"
    arguments = ["run", "--centre", centre, "--hubs", "3", "--folder", str(folder), *PAST]
    program("telecare-simulator", *arguments, environment={"DATABASE_URL": database_url})
    events, _, hubs = await held(database_url)
    assert essence(but_boils(events)) == essence(but_boils(lived(3, 2)))
    assert but_boils(events) != events
    assert {event.home for event in events} == {"home1", "home2", "home3"}
    assert hubs == 3
    for home in ("home1", "home2", "home3"):
        with Journal.open_read_only(folder / home / "journal.sqlite") as journal:
            assert journal.outbox.waiting() == 0
    # The same hubs come back: they are known, and send nothing twice.
    program("telecare-simulator", *arguments, environment={"DATABASE_URL": ""})
    again, _, hubs = await held(database_url)
    assert hubs == 3
    assert essence(again) == essence(events)


async def test_hubs_join_by_codes_and_raise_what_they_detect(
    centre: str, database_url: str, tmp_path: Path
) -> None:
    environment = {"DATABASE_URL": database_url}
    codes = [
        program("telecare-api", "add-hub", "--home", f"flat{n}", environment=environment).stdout
        for n in (1, 2)
    ]
    file = tmp_path / "codes.txt"
    file.write_text("".join(codes))
    scenario = tmp_path / "s.toml"
    scenario.write_text(
        'title = "T"\nabout = ""\nstart = 2026-02-02\ndays = 5\n[street]\nhomes = 2\nalone = true\n'
        '[[episode]]\nkind = "sensor_death"\nhome = "home1"\nday = 2\n'
        'sensor = "lounge-temperature"\n'
    )
    program(
        "telecare-simulator", "run", "--centre", centre, "--scenario", scenario, "--speed", "0",
        "--codes", file, environment={"DATABASE_URL": ""},
    )  # fmt: skip
    events, alerts, _ = await held(database_url)
    assert {event.home for event in events} == {"flat1", "flat2"}
    assert any(one.home == "flat1" and one.condition == "sensor_silent" for one in alerts)


def test_a_hub_that_the_centre_does_not_know_is_refused_in_words(
    centre: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    assert main(["run", "--centre", centre, "--hubs", "1", *PAST]) == 1
    assert "telecare-api add-hub" in capsys.readouterr().err
    codes = tmp_path / "codes.txt"
    codes.write_text("AAAA-BBBB-CCCC\n")
    assert main(["run", "--centre", centre, "--hubs", "1", "--codes", str(codes), *PAST]) == 1
    assert "no hub for home1: the centre answers 404" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["--centre", "http://127.0.0.1:1", "--hubs", "1", *PAST], 1, "cannot be reached"),
        (["--centre", "http://example.org", "--hubs", "1", *PAST], 1, "in the clear"),
        (["--hubs", "3", "--engine", *PAST], 2, "for hubs against a --centre"),
        (
            ["--centre", "http://127.0.0.1:1", "--hubs", "1", "--homes", "2", *PAST],
            2,
            "--hubs says",
        ),
        (["--centre", "http://127.0.0.1:1", "--view"], 2, "--view watches without a centre"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    arguments: list[str],
    code: int,
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    codes = tmp_path / "codes.txt"
    codes.write_text("AAAA-BBBB-CCCC\n")
    more = ["--codes", str(codes)] if "--centre" in arguments else []
    assert main(["run", *arguments, *more]) == code
    said = capsys.readouterr().err
    assert complaint in said
    assert said.count("\n") == 1
