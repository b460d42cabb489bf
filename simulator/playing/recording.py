"""One home out of a recording, read as often as it is needed."""

from collections.abc import Iterator
from pathlib import Path

from contract import SensorEvent
from contract.recordings import BadLine, open_recording, read_recording

_SHOWN = 10


class HomeError(Exception):
    """The recording does not hold the home that was asked for. The sentence says what it holds."""


def homes_in(path: Path) -> list[str]:
    """The homes in a recording, by name."""
    with open_recording(path) as lines:
        found = {item.home for item in read_recording(lines) if isinstance(item, SensorEvent)}
    return sorted(found)


def choose_home(path: Path, home: str | None) -> str:
    """The home asked for, or the only one.

    Raises:
        HomeError: It is not there, or there are several and none was asked for.
    """
    homes = homes_in(path)
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
