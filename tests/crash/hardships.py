"""What a home's machine suffers besides kills: each befalls, and what became of it is said."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from tests.crash import accounts
from tests.crash.by_the_clock import (
    broker_away_by_the_clock,
    clock_leaps,
    killed_while_timers_run,
)
from tests.crash.checks import DAY, holds, live_on, missing, same_alerts, start_hub
from tests.crash.power_cuts import log_cut, log_cut_unsent, page_torn, page_torn_unsent
from tests.crash.stage import Stage
from tests.support.disk import Disk, small_disk
from tests.support.leaping import LeapingClock, libfaketime

_STARTS = 3


class Outcome(NamedTuple):
    """What became of a hardship.

    Attributes:
        what: What befell.
        became: What was seen of it.
        seconds: How long it took until all was heard and received again.
    """

    what: str
    became: str
    seconds: float


class Hardship(NamedTuple):
    """Something that may befall, and whether it is staged on a disk of the hub's own."""

    what: str
    befall: Callable[[Stage, random.Random, Disk | None], Awaitable[str]]
    on_disk: bool = False


async def disk_full(stage: Stage, _chance: random.Random, disk: Disk | None) -> str:
    """No room while the home lives on; then room again."""
    assert disk is not None
    await live_on(stage)
    disk.fill()
    stage.devices.tell(3 * DAY)
    await stage.until(lambda: "cannot be written" in stage.hub.said(), 60, "it is told")
    disk.free()
    await stage.settled()
    await holds(stage)
    await same_alerts(stage)
    stalled = stage.journal.counters()["journal_stalled"]
    return f"recovered and reported: nothing acknowledged meanwhile (journal_stalled {stalled})"


async def disk_read_only(stage: Stage, _chance: random.Random, disk: Disk | None) -> str:
    """The hub is killed and wakes up on a disk that it cannot write; later it can."""
    assert disk is not None
    await live_on(stage)
    stage.hub.kill()
    disk.remount("ro")
    stage.devices.tell(DAY)
    for _ in range(_STARTS):  # as systemd would go on trying
        stage.hub.start()
        assert await asyncio.to_thread(stage.hub.wait, 60) == 1
    assert "Is the disk full, or may the hub's user not write" in stage.hub.said()
    disk.remount("rw")
    await start_hub(stage)
    await live_on(stage)
    await holds(stage)
    await same_alerts(stage)
    return f"recovered and reported: {_STARTS} starts said so and ended; the broker kept all"


async def broker_away(stage: Stage, _chance: random.Random, _disk: Disk | None) -> str:
    """An hour and more of the home's time without a broker: devices keep what they say."""
    await live_on(stage)
    stage.broker.kill()
    since, hours = stage.devices.said[-1].at, 0.0
    for _ in range(DAY):
        stage.devices.tell()
        hours = (stage.devices.said[-1].at - since).total_seconds() / 3600
        await asyncio.sleep(0.15)  # meanwhile the hub tries several times
    assert hours > 1
    kept = stage.devices.unanswered
    assert kept > 0
    assert stage.hub.running()
    stage.broker.start()
    await live_on(stage)
    await holds(stage)
    await same_alerts(stage)
    return f"recovered: {kept} messages of {hours:.0f} hours heard in their order, none late"


async def broker_killed_alone(stage: Stage, _chance: random.Random, _disk: Disk | None) -> str:
    """The hub is away; the broker dies too: what it saved is there, what it had not is lost."""
    await live_on(stage)
    stage.hub.kill()
    before = len(stage.devices.said)
    stage.devices.tell(DAY)
    await stage.acknowledged()
    await asyncio.sleep(0.3)
    stage.broker.save()
    await asyncio.sleep(0.7)  # it does so at its next turn
    saved = len(stage.devices.said)
    stage.devices.tell(DAY)
    await stage.acknowledged()
    stage.broker.kill()
    unsaved = stage.devices.said[saved:]
    stage.broker.start()
    stage.devices.tell(DAY)
    await start_hub(stage)
    await stage.settled()
    lost = {accounts.known_as(one) for one in unsaved}
    heard = (one for one in stage.devices.said if accounts.known_as(one) not in lost)
    await holds(stage, but=lost | accounts.no_change(heard))
    return (
        f"the limit: of the acknowledged messages the {saved - before} before the broker's "
        f"autosave are there, the {len(lost)} after it are lost"
    )


async def home_without_power(stage: Stage, chance: random.Random, _disk: Disk | None) -> str:
    """Hub and broker are killed in the same instant, ten times, while devices speak."""
    await live_on(stage)
    before, began = await missing(stage), len(stage.devices.said)
    enough = asyncio.Event()
    living = asyncio.ensure_future(stage.devices.tell_on(25.0, enough))
    for _ in range(10):
        await stage.heard(len(stage.devices.said))
        await asyncio.sleep(chance.uniform(0, 0.5))
        stage.broker.kill()
        stage.hub.kill()
        stage.broker.start()
        await start_hub(stage)
    enough.set()
    await living
    stage.devices.tell()
    await stage.settled()
    lost = len(await missing(stage, where_some_are_lost=True) - before)
    said = len(stage.devices.said) - began
    assert lost <= 10, lost  # what was on its way between the two
    return f"the limit: in 10 cuts {lost} of {said} messages lost on the way between the two"


HARDSHIPS = (
    Hardship("disk full", disk_full, on_disk=True),
    Hardship("disk read only", disk_read_only, on_disk=True),
    Hardship("broker away for an hour", broker_away),
    Hardship("page torn by a power cut", page_torn),
    Hardship("broker killed while the hub is away", broker_killed_alone),
    Hardship("hub and broker killed at once", home_without_power),
    Hardship("page torn with what the centre had not", page_torn_unsent),
    Hardship("log cut short by a power cut", log_cut),
    Hardship("log cut short with what the centre had not", log_cut_unsent),
)
BY_THE_CLOCK = (
    Hardship(
        "by the wall clock: broker away, devices back after the hub", broker_away_by_the_clock
    ),
    Hardship("by the wall clock: hub killed while timers run", killed_while_timers_run),
)
LEAPING = Hardship("by a wall clock that leaps 20 hours ahead and back", clock_leaps)


async def suffer_all(folder: Path, seed: int) -> AsyncIterator[Outcome]:
    """Lets one after the other befall a household. Where no disk may be mounted, two are left out.

    Raises:
        AssertionError: One did harm.
    """
    chance = random.Random(seed)  # noqa: S311 - to be told again, nothing secret
    with small_disk(folder / "disk", "32m") as disk, Stage(folder, seed, folder / "disk") as stage:
        for one in HARDSHIPS:
            if one.on_disk and disk is None:
                yield Outcome(one.what, "left out: only root may mount a disk", 0.0)
            else:
                yield await _suffered(one, stage, chance, disk)


async def suffer_by_the_clock(folder: Path, seed: int) -> AsyncIterator[Outcome]:
    """The same of those by the wall clock, each of which takes minutes."""
    chance = random.Random(seed)  # noqa: S311 - as above
    with Stage(folder, seed, by_the_clock=True) as stage:
        for one in BY_THE_CLOCK:
            yield await _suffered(one, stage, chance, None)


async def suffer_leaps(folder: Path, seed: int) -> AsyncIterator[Outcome]:
    """The same of a clock that leaps. Where it cannot be set for one process, it is left out."""
    chance = random.Random(seed)  # noqa: S311 - as above
    library = libfaketime()
    if library is None:
        yield Outcome(LEAPING.what, "left out: libfaketime is not installed", 0.0)
        return
    home = folder / "leaping"
    home.mkdir()
    clock = LeapingClock(home / "clock", library)
    with Stage(home, seed, by_the_clock=True, clock=clock) as stage:
        yield await _suffered(LEAPING, stage, chance, None)


async def _suffered(
    one: Hardship, stage: Stage, chance: random.Random, disk: Disk | None
) -> Outcome:
    began = monotonic()
    became = await one.befall(stage, chance, disk)
    return Outcome(one.what, became, monotonic() - began)
