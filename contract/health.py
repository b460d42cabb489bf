"""How a hub fares: what it last heard, what it has refused, what it still has to send."""

from typing import Annotated

import msgspec

from contract.base import Instant, Message, Name, Part
from contract.events import Percent

Count = Annotated[int, msgspec.Meta(ge=0)]


class SensorHealth(Part, frozen=True, kw_only=True):
    """One sensor as its hub last knew it.

    Attributes:
        stuck: It has said for hours on end that something moves, and is not believed any more.
        unlike: Kinds that the settings give it and of which it has never told anything, though it
            told of other things: perhaps it is listed as what it is not. Of a device that is listed
            for its link or its measures alone, and was pressed as a button is, these.
        untried: A help button that was heard, and of which no press has ever come: whether one
            would be understood, nobody knows.
    """

    sensor: Name
    kind: str = ""
    place: str = ""
    last_seen: Instant | None = None
    battery: Percent | None = None
    link_quality: float | None = None
    online: bool | None = None
    stuck: bool = False
    unlike: list[str] = []
    untried: bool = False


class MachineHealth(Part, frozen=True, kw_only=True):
    """The machine that a hub runs on. What it does not tell is left out.

    Attributes:
        system: The operating system's name and release.
        hardware: The board.
        python: Python's version.
        temperature_c: Of its hottest part, in degrees Celsius.
        under_voltage: Whether its supply gives too little now.
        memory_used_bytes: What the hub's process holds.
        memory_free_bytes: What programs could still have.
        load_1m: How many processes wanted to run at once, over the last minute.
        clock_synchronised: Whether its clock was set from the network since it started.
    """

    system: str = ""
    hardware: str = ""
    python: str = ""
    temperature_c: float | None = None
    under_voltage: bool | None = None
    memory_used_bytes: Count | None = None
    memory_free_bytes: Count | None = None
    load_1m: float | None = None
    clock_synchronised: bool | None = None


class HubHealth(Message, frozen=True, kw_only=True):
    """A heartbeat.

    Attributes:
        at: When it was taken, by the hub's clock.
        software: The version of the hub's software.
        started_at: When the hub's process started.
        queued: Records not yet received by the centre.
        queued_by_kind: The same, by :class:`contract.batches.RecordKind`.
        oldest_queued_at: When the oldest of them was written.
        counters: What was accepted, ignored and refused since the journal began, by name.
        sensors: Each sensor the hub knows.
        machine: What it runs on; None of a hub that does not tell.
        configuration: The version of the centre's configuration that the hub runs with; None where
            it runs with its own file alone.
        clock_ahead_s: How far the hub's clock is ahead of the centre's; None where it has not been
            measured.
        clock_sure_s: The measure is this far off at most: half of the round trip.
        every_s: Seconds from one heartbeat to the next, by the hub's settings.
        broker_connected: Whether the hub can hear its sensors: it is connected to its broker; None
            of a hub that does not tell.
        broker_away_since: Since when it is not.
    """

    hub: Name
    home: Name
    at: Instant
    software: str = ""
    started_at: Instant | None = None
    queued: Count = 0
    queued_by_kind: dict[str, Count] = {}
    oldest_queued_at: Instant | None = None
    disk_free_bytes: Count | None = None
    counters: dict[str, int] = {}
    sensors: list[SensorHealth] = []
    machine: MachineHealth | None = None
    configuration: Count | None = None
    clock_ahead_s: float | None = None
    clock_sure_s: float | None = None
    every_s: Annotated[float, msgspec.Meta(gt=0)] | None = None
    broker_connected: bool | None = None
    broker_away_since: Instant | None = None
