"""How a hub fares: what it last heard, what it has refused, what it still has to send."""

from typing import Annotated

import msgspec

from contract.base import Instant, Message, Name, Part
from contract.events import Percent

Count = Annotated[int, msgspec.Meta(ge=0)]


class SensorHealth(Part, frozen=True, kw_only=True):
    """One sensor as its hub last knew it."""

    sensor: Name
    kind: str = ""
    place: str = ""
    last_seen: Instant | None = None
    battery: Percent | None = None
    link_quality: float | None = None
    online: bool | None = None


class HubHealth(Message, frozen=True, kw_only=True):
    """A heartbeat.

    Attributes:
        at: When it was taken, by the hub's clock.
        software: The version of the hub's software.
        started_at: When the hub's process started.
        queued: Records not yet received by the centre.
        oldest_queued_at: When the oldest of them was written.
        counters: What was accepted, ignored and refused since the journal began, by name.
        sensors: Each sensor the hub knows.
        configuration: The version of the centre's configuration that the hub runs with; None where
            it runs with its own file alone.
        clock_ahead_s: How far the hub's clock is ahead of the centre's; None where it has not been
            measured.
        clock_sure_s: The measure is this far off at most: half of the round trip.
    """

    hub: Name
    home: Name
    at: Instant
    software: str = ""
    started_at: Instant | None = None
    queued: Count = 0
    oldest_queued_at: Instant | None = None
    disk_free_bytes: Count | None = None
    counters: dict[str, int] = {}
    sensors: list[SensorHealth] = []
    configuration: Count | None = None
    clock_ahead_s: float | None = None
    clock_sure_s: float | None = None
