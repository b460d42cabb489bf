"""A Debian machine in a folder, for trying the installer on the real system rather than beside it.

Each command runs in mount and process namespaces of its own. What it mounts or starts ends with it,
so nothing of the machine that runs the tests is ever within reach of a clean-up. A copy is a layer
over what it was copied from, so it takes no time and only what it writes takes room.
"""

import hashlib
import os
import platform
import shlex
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.deploy.cache import kept

ESSENTIAL = ("systemd", "systemd-sysv", "ca-certificates")
# Fetched beforehand so that each test installs them for real, but not over the network.
FETCHED = ("python3", "python3-venv", "mosquitto", "systemd-timesyncd")
# While an image is built nothing may start; image builders say so in the same way.
NOTHING_STARTS = "#!/bin/sh\nexit 101\n"
_AT_BOOT = "script.service"
_SCRIPT_UNIT = """[Unit]
After=telecare-hub.service mosquitto.service
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
ExecStart=/bin/bash /root/script
StandardOutput=file:/root/written
StandardError=file:/root/written
"""
_PLAIN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
_MOVING = {"dev", "proc", "run", "sys", "tmp"}


class Machine:
    """A system under `root`, as it stands on a card before its first boot.

    Attributes:
        root: Where it is.
        layers: The folders that it is made of, the uppermost first.
    """

    def __init__(self, root: Path, layers: tuple[Path, ...] = ()) -> None:
        self.root = root
        self.layers = layers or (root,)

    def run(
        self, *command: str, online: bool = True, before: str = "true", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command inside.

        Args:
            command: Words, not a line of shell.
            online: Whether it has a network.
            before: A line of shell run outside first, such as a mount that only it shall see.
            variables: Environment beyond the plainest.
        """
        root = shlex.quote(str(self.root))
        enter = ["chroot", root, "env", "-i"]
        enter += [shlex.quote(f"{name}={value}") for name, value in (_PLAIN | variables).items()]
        script = f'mount -t proc proc {root}/proc && {before} && exec {" ".join(enter)} "$@"'
        unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        unshare += [] if online else ["--net"]
        return subprocess.run(
            [*unshare, "sh", "-c", script, "sh", *command],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def boot(self, script: str, limit_s: int) -> str:
        """Boots it under its own systemd, runs a script when all is up, and lets it power off.

        Args:
            script: In bash.
            limit_s: Seconds after which whatever still runs is ended.

        Returns:
            What the script wrote.
        """
        self.path("/root/script").write_text(script)
        self.path("/root/written").write_text("")
        self.path(f"/etc/systemd/system/{_AT_BOOT}").write_text(_SCRIPT_UNIT)
        wanted = self.path(f"/etc/systemd/system/multi-user.target.wants/{_AT_BOOT}")
        wanted.symlink_to(f"/etc/systemd/system/{_AT_BOOT}")
        alone = ["--register=no", "--keep-unit", "--private-network", "--quiet"]
        subprocess.run(
            ["systemd-nspawn", *alone, "--boot", f"--directory={self.root}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_s,
            check=False,
        )
        return self.path("/root/written").read_text()

    def copy(self, folder: Path) -> "Machine":
        """Another machine that begins as this one is now. This one must not change from then on."""
        root, written, work = (folder / name for name in ("root", "written", "work"))
        for path in (root, written, work):
            path.mkdir(parents=True)
        lower = ":".join(map(str, self.layers))
        layers = f"lowerdir={lower},upperdir={written},workdir={work}"
        subprocess.run(["mount", "-t", "overlay", "-o", layers, "overlay", root], check=True)
        return Machine(root, (written, *self.layers))

    def over(self, folder: Path) -> "Machine":
        """What was copied from this one into that folder and then shut: to be copied, not run."""
        return Machine(folder / "root", (folder / "written", *self.layers))

    def shut(self) -> None:
        """Puts a copy away with all that it wrote."""
        subprocess.run(["umount", self.root], check=True)

    def delete(self) -> None:
        """Forgets what a copy wrote."""
        self.shut()
        shutil.rmtree(self.root.parent)

    def path(self, inside: str) -> Path:
        """Where a path of the machine is from outside."""
        return self.root / inside.lstrip("/")

    def tree(self) -> dict[str, str]:
        """Every file with all that a run could change about it: owner, mode, time, content."""
        return dict(self._entries())

    def _entries(self) -> Iterator[tuple[str, str]]:
        for folder, folders, files in os.walk(self.root):
            if Path(folder) == self.root:
                folders[:] = sorted(set(folders) - _MOVING)
            for name in files + [one for one in folders if (Path(folder) / one).is_symlink()]:
                path = Path(folder) / name
                inside = str(path.relative_to(self.root))
                yield inside, _entry(path, inside)


def _entry(path: Path, inside: str) -> str:
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        return f"-> {path.readlink()}"
    content = _content(path, inside, found) if path.is_file() else ""
    return f"{found.st_mode:o} {found.st_uid}:{found.st_gid} {found.st_mtime_ns} {content}"


_READ: dict[tuple[str, int, int, int], str] = {}


def _content(path: Path, inside: str, found: os.stat_result) -> str:
    """What is in a file, read once: nobody can write to it and leave its `ctime` as it was."""
    same = (inside, found.st_ino, found.st_ctime_ns, found.st_size)
    if same not in _READ:
        _READ[same] = hashlib.sha256(path.read_bytes()).hexdigest()
    return _READ[same]


def lacking() -> str | None:
    """What keeps this machine from making another one, or None."""
    if os.uname().sysname != "Linux" or os.geteuid() != 0:
        return "root on Linux"
    if shutil.which("debootstrap") is None:
        return "debootstrap"
    mounts = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    if subprocess.run(mounts, capture_output=True, check=False).returncode != 0:
        return "the right to mount"
    if _mirror() is None:
        return "a Debian mirror in apt's sources"
    return None


def debian(release: str) -> Machine:
    """A small Debian `release`, made once and then kept in the user's cache folder."""
    root = kept(
        f"debian-{release}-{platform.machine()}", lambda folder: _bootstrap(release, folder)
    )
    return Machine(root)


def _bootstrap(release: str, root: Path) -> None:
    mirror = _mirror()
    assert mirror is not None
    include = f"--include={','.join(ESSENTIAL)}"
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", include, release, root, mirror],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout[-2000:] + made.stderr
    machine = Machine(root)
    refuse = machine.path("/usr/sbin/policy-rc.d")
    refuse.write_text(NOTHING_STARTS)
    refuse.chmod(0o755)
    # A proxy of this machine's is needed in there too.
    proxies = subprocess.check_output(["apt-config", "dump", "Acquire::http"], text=True)
    machine.path("/etc/apt/apt.conf.d/90outside").write_text(proxies)
    for name in ("resolv.conf", "hosts"):
        shutil.copy(f"/etc/{name}", machine.path(f"/etc/{name}"))
    fetch = ("install", "--yes", "--no-install-recommends", "--download-only", *FETCHED)
    for arguments in (("update",), fetch):
        done = machine.run("apt-get", "-q", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr


def _mirror() -> str | None:
    """Where this machine's apt has Debian itself from, rather than its updates."""
    if shutil.which("apt-get") is None or "ID=debian" not in _os_release():
        return None
    wanted = [
        "apt-get",
        "indextargets",
        "--format",
        "$(REPO_URI) $(RELEASE)",
        "Created-By: Packages",
    ]
    for line in subprocess.check_output(wanted, text=True).splitlines():
        address, release = line.split()
        if "-" not in release and "/" not in release:
            return address
    return None


def _os_release() -> list[str]:
    path = Path("/etc/os-release")
    return path.read_text().splitlines() if path.exists() else []
