"""Checks of what only the hub's user may read: its key and the broker's password."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from gateway.doctor.finding import Finding, ok, skipped, wrong
from gateway.errors import HubError
from gateway.settings import Files, Settings
from gateway.settings.environment import BROKER_PASSWORD

_OTHERS = 0o007


def check_secrets(
    settings: Settings, files: Files, variables: Mapping[str, str]
) -> Iterator[Finding]:
    """Whether each is there, readable by the hub, and by nobody else."""
    yield _key(settings, files.key)
    if variables.get(BROKER_PASSWORD):
        yield ok("password", f"from the environment ({BROKER_PASSWORD})")
    else:
        yield _password(files.password)


def _key(settings: Settings, path: Path) -> Finding:
    if settings.centre is None:
        return skipped("key", "the settings name no centre; the hub needs none")
    from gateway.uplink.key import load_key  # noqa: PLC0415 - half of the start, needed only here

    try:
        load_key(path)
    except HubError as error:
        said, _, remedy = str(error).partition("; ")
        return wrong("key", said, remedy or "ask the centre for a new code and claim the hub anew")
    return ok("key", f"{path}, readable by the hub alone")


def _password(path: Path | None) -> Finding:
    if path is None:
        return skipped("password", "the settings name no password for the broker")
    try:
        mode, text = path.stat().st_mode, path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        return wrong(
            "password",
            f"{path}: cannot be read: {error}",
            "name the right file in [broker] password_file, and let the hub's user read it",
        )
    if not text:
        return wrong("password", f"{path}: is empty", "put the broker's password into it, alone")
    if mode & _OTHERS:
        return wrong("password", f"{path}: every user can read it", f"run chmod o= {path}")
    return ok("password", f"{path}, readable by the hub's user and group alone")
