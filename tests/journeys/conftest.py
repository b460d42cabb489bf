"""A recording to live through, and a house to do it in."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from contract import Alert, Kind, SensorEvent, decode
from contract.recordings import open_recording, read_recording, write_recording
from tests.conftest import RECORDINGS
from tests.journeys.house import House
from tests.support.broker import Mosquitto
from tests.support.program import run


class Told(NamedTuple):
    """One home's recording and what the detectors say of it when it is merely replayed."""

    path: Path
    home: str
    events: list[SensorEvent]
    alerts: list[Alert]

    @property
    def has_appliances(self) -> bool:
        """Whether there are uses in it, which a hub learns of only when they are over."""
        return any(event.kind == Kind.APPLIANCE for event in self.events)


def tell(folder: Path, path: Path, home: str) -> Told:
    """Cuts one home out of a recording and replays it."""
    with open_recording(path) as lines:
        events = [
            event
            for event in read_recording(lines)
            if isinstance(event, SensorEvent) and event.home == home
        ]
    own = folder / f"{home}.jsonl.gz"
    write_recording(own, events)
    alerts = folder / f"{home}.alerts.jsonl"
    run("telecare-gateway", "replay", own, "--alerts", alerts)
    return Told(
        own, home, events, [decode(line, Alert) for line in alerts.read_bytes().splitlines()]
    )


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A made-up person's six weeks, with an infection in the fifth."""
    folder = tmp_path_factory.mktemp("made-up")
    path = folder / "homes.jsonl.gz"
    run(
        "telecare-simulator", "generate", "--homes", "1", "--days", "42", "--seed", "11",
        "--start", "2026-03-01", "--episode", "uti:home1:day33", "--out", path,
    )  # fmt: skip
    return tell(folder, path, "home1")


@pytest.fixture(scope="session")
def real(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A month of a real home."""
    folder = tmp_path_factory.mktemp("real")
    path = folder / "tihm.jsonl.gz"
    run("telecare-simulator", "import", "tihm", recordings / "tihm", "--out", path)
    return tell(folder, path, "tihm-e2472")


@pytest.fixture(params=["made_up", "real"])
def told(request: pytest.FixtureRequest) -> Told:
    """Each of them."""
    if request.param == "real" and not RECORDINGS.is_dir():
        pytest.skip(f"no recordings at {RECORDINGS}; set TELECARE_RECORDINGS to their folder")
    found: Told = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def house(tmp_path: Path, broker: Mosquitto, database_url: str) -> Iterator[House]:
    """A house that is closed in the end."""
    with House(tmp_path, broker, database_url) as standing:
        yield standing
