"""Where the files lie that the settings speak of."""

from pathlib import Path

import msgspec

from gateway.settings.whole import Settings


class Files(msgspec.Struct, frozen=True, kw_only=True):
    """Where the hub keeps its things, as full paths."""

    journal: Path
    key: Path
    password: Path | None
    ca: Path | None


def files(path: Path, settings: Settings) -> Files:
    """The files that the settings at `path` speak of; relative ones count from its folder."""
    folder = path.absolute().parent
    data = folder / settings.hub.data
    centre = settings.centre
    password = settings.broker.password_file
    return Files(
        journal=data / "journal.sqlite",
        key=folder / centre.key_file if centre and centre.key_file else data / "hub.key",
        password=folder / password if password else None,
        ca=folder / centre.ca_file if centre and centre.ca_file else None,
    )
