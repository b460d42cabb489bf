"""The project's wheel and the wheels it needs, by this machine's own pip and its settings."""

import hashlib
import platform
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.deploy.cache import kept

ROOT = Path(__file__).parent.parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
# The glibc of Debian 12 runs wheels made for any of these.
_GLIBC = ("manylinux_2_17", "manylinux2014", "manylinux_2_28", "manylinux_2_34")


def build_wheel(folder: Path) -> None:
    """Puts the project into `folder` as a wheel."""
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))


def only(found: Iterable[Path]) -> Path:
    """The one path that there is.

    Raises:
        ValueError: There is none, or there are several.
    """
    (path,) = found
    return path


def fetch_hub_wheels(wheel: Path, python: str) -> Path:
    """A folder with all that `wheel` with the extra `gateway` needs on Linux with that `python`.

    Kept in the user's cache folder for as long as the wheel asks for the same versions.
    """
    asks = hashlib.sha256(CONSTRAINTS.read_bytes() + (ROOT / "pyproject.toml").read_bytes())

    def fetch(folder: Path) -> None:
        platforms = [f"--platform={glibc}_{platform.machine()}" for glibc in _GLIBC]
        target = [f"--python-version={python}", "--only-binary=:all:", *platforms]
        wanted = f"telecare[gateway] @ {wheel.as_uri()}"
        pip("download", "--dest", str(folder), *target, "-c", str(CONSTRAINTS), wanted)
        for own in folder.glob("telecare-*.whl"):
            own.unlink()

    return kept(f"wheels-{python}-{asks.hexdigest()[:12]}", fetch)


def pip(*arguments: str, python: Path | str = sys.executable) -> None:
    """Runs pip and shows all it said when it fails."""
    command = [python, "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
