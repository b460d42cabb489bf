"""Fixtures that more than one room of the tests needs: real brokers, real databases, recordings."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from pytest_socket import enable_socket, socket_allow_hosts

from tests.support.broker import Mosquitto, mosquitto_binary
from tests.support.database import Postgres

ROOT = Path(__file__).parent.parent
RECORDINGS = Path(os.environ.get("TELECARE_RECORDINGS", ROOT.parent / "shared" / "data"))
_ROOM_BYTES = 4 * 2**30
IN_CI = os.environ.get("CI") == "true"

# How long a test takes says how busy the machine is; speed is measured by `make bench`. Under CI
# Hypothesis sees to the same by itself.
settings.register_profile("usual", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if not IN_CI:
    settings.load_profile("usual")

# `make mutants` asks whether a test fails, not by how little, the same each time, and very often.
settings.register_profile(
    "mutants",
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    database=None,
    max_examples=30,
    deadline=None,  # a busy machine notices no fault
    suppress_health_check=[HealthCheck.too_slow],
)


def missing(what: str, remedy: str) -> None:
    """Skips a test for want of a component; under CI, where all must be there, fails it."""
    message = f"{what} is not here: {remedy}"
    if IN_CI:
        pytest.fail(message)
    pytest.skip(message)


_OURS = ("TELECARE_", "DATABASE_URL")


def own_settings(environment: Mapping[str, str]) -> list[str]:
    """What of an environment sets our programs; where recordings are is for the tests alone."""
    found = (name for name in environment if name.startswith(_OURS))
    return sorted(name for name in found if name != "TELECARE_RECORDINGS")


@pytest.fixture(scope="session", autouse=True)
def _settings_of_the_shell() -> Iterator[None]:
    """Whatever is tested or started here has the settings that its test gives, and no others."""
    with pytest.MonkeyPatch.context() as shell:
        for name in own_settings(os.environ):
            shell.delenv(name)
        yield


@pytest.fixture(autouse=True)
def _network(request: pytest.FixtureRequest) -> None:
    """Opens loopback, and nothing else, to tests that are marked `network`."""
    if request.node.get_closest_marker("network"):
        enable_socket()
        socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """A running Mosquitto of this test's own."""
    if mosquitto_binary() is None:
        missing("Mosquitto", "install the package `mosquitto`")
    running = Mosquitto(tmp_path / "broker")
    running.start()
    yield running
    running.stop()


def _in_memory() -> Path | None:
    """A folder that is kept in memory and has room for a server; None where there is none."""
    found = Path("/dev/shm")
    return found if found.is_dir() and disk_usage(found).free > _ROOM_BYTES else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The run's PostgreSQL server.

    Its folder lies outside pytest's own, which every run makes private to its user: started by
    root, the server becomes a user of its own, and would lose its files to a second run. It lies in
    memory where there is room: each test has a database, which is a few hundred files.
    """
    with (
        TemporaryDirectory(prefix="telecare-postgres-", dir=_in_memory()) as folder,
        Postgres(Path(folder) / "data") as server,
    ):
        yield server


@pytest.fixture
def database_url(postgres: Postgres) -> str:
    """An empty database of this test's own."""
    return postgres.create_database()


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder with the public recordings, where this machine has it."""
    if not RECORDINGS.is_dir():
        pytest.skip(f"no recordings at {RECORDINGS}; set TELECARE_RECORDINGS to their folder")
    return RECORDINGS
