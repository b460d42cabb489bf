"""The wheel under test, and machines to install it on."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.conftest import missing
from tests.deploy.machine import Machine, debian, lacking
from tests.deploy.shared import shared
from tests.deploy.wheels import CONSTRAINTS, ROOT, build_wheel, fetch_hub_wheels, only

# Each release of Debian with the Python it brings.
RELEASES = {"bookworm": "3.11", "trixie": "3.13"}
INSTALLER = ROOT / "deploy" / "raspberrypi"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project, built once a run."""
    with shared(tmp_path_factory, "wheel", build_wheel) as folder:
        yield only(folder.glob("*.whl"))


@pytest.fixture(
    scope="session", params=["bookworm", pytest.param("trixie", marks=pytest.mark.slow)]
)
def bare(
    request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    """A fresh Debian with the installer's folder on it. Tests may look, not touch."""
    lack = lacking()
    if lack is not None:
        missing(lack, "installing takes a Debian machine, root and the package debootstrap")
    release = str(request.param)

    def make(place: Path) -> None:
        machine = debian(release).copy(place)
        folder = machine.path("/root/telecare")
        shutil.copytree(INSTALLER, folder)
        shutil.copy(CONSTRAINTS, folder)
        shutil.copy(wheel, folder)
        # What an index on the network would offer.
        shutil.copytree(fetch_hub_wheels(wheel, RELEASES[release]), machine.path("/srv/wheels"))
        machine.shut()

    with shared(tmp_path_factory, f"bare-{release}", make) as place:
        machine = debian(release).over(place).copy(tmp_path_factory.mktemp("bare") / release)
        yield machine
        machine.delete()


@pytest.fixture(scope="session")
def installed(bare: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine that the installer made a hub. Tests may look, not touch."""

    def make(place: Path) -> None:
        machine = bare.copy(place)
        done = install(machine, "--home", "elm-road", "--centre", "https://centre.example.org")
        machine.shut()
        assert done.returncode == 0, done.stdout + done.stderr

    with shared(tmp_path_factory, f"installed-{bare.root.parent.name}", make) as place:
        machine = bare.over(place).copy(tmp_path_factory.mktemp("installed") / "machine")
        yield machine
        machine.delete()


@pytest.fixture
def machine(installed: Machine, tmp_path: Path) -> Iterator[Machine]:
    """A hub of this test's own."""
    copy = installed.copy(tmp_path / "machine")
    yield copy
    copy.delete()


@pytest.fixture
def fresh(bare: Machine, tmp_path: Path) -> Iterator[Machine]:
    """A machine of this test's own that is no hub yet."""
    copy = bare.copy(tmp_path / "machine")
    yield copy
    copy.delete()


def install(
    machine: Machine, *options: str, before: str = "true", compiled: bool = True
) -> CompletedProcess[str]:
    """Runs the installer on a machine that finds its libraries in a folder.

    Args:
        machine: It is changed.
        options: Of the installer, beyond the wheel.
        before: A line of shell run outside first.
        compiled: Whether pip compiles what it installs, which takes most of its time. What is
            installed once more is there and runs without as well.
    """
    folder = machine.path("/root/telecare")
    (wheel,) = folder.glob("*.whl")
    command = ["/root/telecare/install.sh", *options]
    if not {"--uninstall", "--purge", "--help"} & set(options):
        command += ["--wheel", f"/root/telecare/{wheel.name}"]
    return machine.run(
        *command,
        before=before,
        PIP_NO_INDEX="1",
        PIP_FIND_LINKS="/srv/wheels",
        PIP_NO_COMPILE="yes" if compiled else "no",  # pip's own way: no-compile = no
    )
