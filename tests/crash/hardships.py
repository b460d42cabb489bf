"""What a home's machine suffers besides: each befalls the stage, and what became of it is said.

A power cut that costs the card what it had promised to keep is staged between two lives of the hub:
its files are damaged and the machine's start that they remember is made another one, so that the
hub takes itself for waking up after a power cut.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from contract import Condition
from gateway.clock_sync import boot_id
from tests.crash import accounts
from tests.crash.household import alerts_in, newest_alerts, undisturbed
from tests.crash.stage import Stage
from tests.support.disk import Disk, small_disk

PAGE = 4096
_LOG_HEADER = 32
_STARTS = 3
_DAY = 40
"""Messages of a day, roughly."""


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


async def holds(stage: Stage, *, lost_at_broker: int = 0) -> None:
    """Checks that the centre holds each event that was said, once, but for so many."""
    found = accounts.events(stage.devices.said, await stage.centre_ledger.events())
    assert not found.doubled, found.doubled
    assert not found.invented, found.invented
    assert len(found.missing) <= lost_at_broker, found.missing
    assert await stage.centre_ledger.refused() == 0


async def same_alerts(stage: Stage) -> None:
    """Checks that the centre's alerts are those of an undisturbed run, but what is of the file."""
    of_home = [
        one for one in await stage.centre_ledger.alerts() if one.condition != Condition.HUB_MEMORY
    ]
    should = alerts_in(undisturbed(stage.settings, stage.devices.said))
    found = accounts.alerts(newest_alerts(should), newest_alerts(of_home))
    assert found.even, found


async def live_on(stage: Stage, count: int = _DAY) -> None:
    """Says so much, and waits until all of it has arrived."""
    stage.devices.tell(count)
    await stage.settled()


async def log_cut(stage: Stage, chance: random.Random, _disk: Disk | None) -> str:
    """The end of SQLite's log is gone, with records that the centre has."""
    await live_on(stage, 3 * _DAY)
    stage.hub.kill()
    before = stage.journal.last_number()
    log = stage.journal_path.with_name(stage.journal_path.name + "-wal")
    with log.open("r+b") as cut:
        cut.truncate(chance.randrange(_LOG_HEADER, log.stat().st_size))
    _wake_up_later(stage.journal_path)
    lost = before - stage.journal.last_number()
    await _start_hub(stage)
    await live_on(stage)
    await holds(stage)
    assert stage.journal.epochs()[-1] == "the power was cut"
    return f"recovered: {lost} records gone from the journal, none at the centre; a new epoch"


async def page_torn(stage: Stage, chance: random.Random, _disk: Disk | None) -> str:
    """A page with events is half of it another's."""
    await live_on(stage, 3 * _DAY)
    assert stage.hub.stop() == 0
    data = bytearray(stage.journal_path.read_bytes())
    pages = [
        page
        for page in range(1, len(data) // PAGE)
        if data[page * PAGE] == 13 and data.count(b'"motion"', page * PAGE, (page + 1) * PAGE) > 5
    ]
    at = chance.choice(pages) * PAGE
    data[at + PAGE // 2 : at + PAGE] = bytes(PAGE // 2)
    stage.journal_path.write_bytes(data)
    _wake_up_later(stage.journal_path)
    await _start_hub(stage)
    await live_on(stage)
    await holds(stage)
    told = [
        one for one in await stage.centre_ledger.alerts() if one.condition == Condition.HUB_MEMORY
    ]
    assert len(told) == 1, told
    lost = stage.journal.counters()["journal_lost"]
    return f"reported: hub_memory, {lost} records unreadable at the hub, none lost at the centre"


async def disk_full(stage: Stage, _chance: random.Random, disk: Disk | None) -> str:
    """No room while the home lives on; then room again."""
    assert disk is not None
    await live_on(stage)
    disk.fill()
    stage.devices.tell(3 * _DAY)
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
    stage.devices.tell(_DAY)
    for _ in range(_STARTS):  # as systemd would go on trying
        stage.hub.start()
        assert await asyncio.to_thread(stage.hub.wait, 60) == 1
    assert "Is the disk full, or may the hub's user not write" in stage.hub.said()
    disk.remount("rw")
    await _start_hub(stage)
    await live_on(stage)
    await holds(stage)
    await same_alerts(stage)
    return f"recovered and reported: {_STARTS} starts said so and ended; the broker kept all"


async def broker_away(stage: Stage, _chance: random.Random, _disk: Disk | None) -> str:
    """An hour and more of the home's time without a broker: devices keep what they say."""
    await live_on(stage)
    stage.broker.kill()
    since, hours = stage.devices.said[-1].at, 0.0
    for _ in range(_DAY):
        stage.devices.tell()
        hours = (stage.devices.said[-1].at - since).total_seconds() / 3600
        await asyncio.sleep(0.15)  # meanwhile the hub tries several times
    assert hours > 1
    kept = len(stage.devices.said) - len(stage.devices.acknowledged())
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
    stage.devices.tell(_DAY)
    await _acknowledged(stage)
    await asyncio.sleep(0.3)
    stage.broker.save()
    await asyncio.sleep(0.7)  # it does so at its next turn
    saved = len(stage.devices.said)
    stage.devices.tell(_DAY)
    await _acknowledged(stage)
    stage.broker.kill()
    stage.broker.start()
    stage.devices.tell(_DAY)
    await _start_hub(stage)
    await stage.settled()
    await holds(stage, lost_at_broker=_DAY)
    found = accounts.events(stage.devices.said, await stage.centre_ledger.events())
    unsaved = accounts.events(stage.devices.said[saved : saved + _DAY], [])
    assert found.missing == unsaved.missing, "lost is what was not saved, and nothing else"
    return (
        f"the limit: of {2 * _DAY} acknowledged messages the {_DAY} before the broker's autosave "
        f"are there, the {len(found.missing)} after it are lost"
    )


async def home_without_power(stage: Stage, chance: random.Random, _disk: Disk | None) -> str:
    """Hub and broker are killed in the same instant, ten times, while devices speak."""
    await live_on(stage)
    before = accounts.events(stage.devices.said, await stage.centre_ledger.events())
    enough = asyncio.Event()
    living = asyncio.ensure_future(stage.devices.tell_on(25.0, enough))
    for _ in range(10):
        await stage.heard(len(stage.devices.said))
        await asyncio.sleep(chance.uniform(0, 0.5))
        stage.broker.kill()
        stage.hub.kill()
        stage.broker.start()
        await _start_hub(stage)
    enough.set()
    await living
    stage.devices.tell()
    await stage.settled()
    found = accounts.events(stage.devices.said, await stage.centre_ledger.events())
    assert not found.doubled, found.doubled
    assert not found.invented, found.invented
    lost = len(found.missing) - len(before.missing)
    said = len(stage.devices.said) - before.held
    assert lost <= 10, found.missing  # what was on its way between the two
    return f"the limit: in 10 cuts {lost} of {said} messages lost on the way between the two"


HARDSHIPS = (
    Hardship("disk full", disk_full, on_disk=True),
    Hardship("disk read only", disk_read_only, on_disk=True),
    Hardship("broker away for an hour", broker_away),
    Hardship("log cut short by a power cut", log_cut),
    Hardship("page torn by a power cut", page_torn),
    Hardship("broker killed while the hub is away", broker_killed_alone),
    Hardship("hub and broker killed at once", home_without_power),
)


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
                continue
            began = monotonic()
            became = await one.befall(stage, chance, disk)
            yield Outcome(one.what, became, monotonic() - began)


def _wake_up_later(journal: Path) -> None:
    """Has the file have been in use since another start of the machine."""
    raw, now = journal.read_bytes(), boot_id().encode("ascii")
    assert raw.count(now), "the file remembers no start"
    journal.write_bytes(raw.replace(now, now[::-1]))


async def _start_hub(stage: Stage) -> None:
    """Starts it, and waits until it hears."""
    before = stage.hub.said().count("connected to the broker")
    stage.hub.start()
    await stage.until(
        lambda: stage.hub.said().count("connected to the broker") > before, 60, "connected"
    )


async def _acknowledged(stage: Stage) -> None:
    devices = stage.devices
    await stage.until(
        lambda: len(devices.acknowledged()) == len(devices.said), 30, "all is acknowledged"
    )
