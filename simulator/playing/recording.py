"""One home out of a recording, read as often as it is needed."""

from collections.abc import Callable, Iterator
from pathlib import Path

from contract import SensorEvent
from contract.recordings import BadLine, open_recording, read_recording

_SHOWN = 10


class HomeError(Exception):
    """The recording does not hold the home that was asked for. The sentence says what it holds."""


def homes_in(path: Path) -> tuple[list[str], int]:
    """The homes in a recording, by name, and how many of its lines are no event."""
    found: set[str] = set()
    bad = 0
    with open_recording(path) as lines:
        for item in read_recording(lines):
            if isinstance(item, BadLine):
                bad += 1
            else:
                found.add(item.home)
    return sorted(found), bad


def choose_home(path: Path, home: str | None, say: Callable[[str], object]) -> str:
    """The home asked for, or the only one; `say` is told what of the recording is left out.

    Raises:
        HomeError: It is not there, or there are several and none was asked for.
    """
    homes, bad = homes_in(path)
    if bad:  # it may have been cut off
        say(f"{path}: {bad:,} lines were no events and are left out")
    if not homes:
        raise HomeError(f"{path} holds no event")
    if home is None and len(homes) == 1:
        return homes[0]
    if home is None or home not in homes:
        some = ", ".join(homes[:_SHOWN]) + (" ..." if len(homes) > _SHOWN else "")
        wanted = "name one by --home" if home is None else f"no home is called {home}"
        raise HomeError(f"{path} holds {len(homes)} homes, {wanted}: {some}")
    return home


def events_of(path: Path, home: str) -> Iterator[SensorEvent]:
    """The events of one home; lines that are no event are passed over."""
    with open_recording(path) as lines:
        for item in read_recording(lines):
            if not isinstance(item, BadLine) and item.home == home:
                yield item
