"""`[hub]` and `[clock]`: which home, and what moves its time."""

from typing import Annotated, Literal

import msgspec

from gateway.settings.words import HomeName, HubName, Text


class Hub(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[hub]`.

    Attributes:
        id: The hub's name, as the centre knows it; :command:`claim` prints it.
        home: The home it serves.
        time_zone: The home's, an IANA name.
        people: How many live there.
        data: Folder of the journal and the hub's key, from the settings file's folder.
        health_every_s: Seconds between two health records.
        off: Conditions that are not watched for in this home.
    """

    id: HubName
    home: HomeName
    time_zone: str = "Europe/London"
    people: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    data: Text = "data"
    health_every_s: Annotated[float, msgspec.Meta(ge=1, le=86_400)] = 300.0
    off: tuple[str, ...] = ()


class Clock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[clock]`.

    Attributes:
        source: `wall` for a home that lives now; `events` where a recording is played to the hub,
            so that time moves with its events alone.
    """

    source: Literal["wall", "events"] = "wall"
