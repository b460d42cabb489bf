"""Power cuts that cost the card what it had promised to keep, staged between two lives of the hub.

Its files are damaged, and the machine's start that they remember is made another one, so that the
hub takes itself for waking up after a power cut. What the centre had received then is lost to the
hub alone. What it had not is lost: that must be said, with its number or as not known.
"""

import asyncio
import random
import re
from collections.abc import Hashable, Sequence
from pathlib import Path

import msgspec

from contract import Condition, Kind, SensorEvent
from gateway.clock.clock_sync import boot_id
from tests.crash import accounts
from tests.crash.checks import DAY, holds, live_on, missing, same_alerts, same_calls, start_hub
from tests.crash.stage import Stage
from tests.support.disk import Disk

PAGE = 4096
_LOG_HEADER = 32
_LEAF = 13
"""The first byte of a page that holds rows of a table."""

_SEVERAL = 5
_TRIES = 50


async def page_torn(stage: Stage, chance: random.Random, _disk: Disk | None) -> str:
    """A page with events is half of it another's."""
    await live_on(stage, 3 * DAY)
    assert stage.hub.stop() == 0
    _tear_page(stage, chance, stage.devices.said)
    await start_hub(stage)
    await live_on(stage)
    await holds(stage)
    alerts, lost = await same_alerts(stage), await _lost_told(stage)
    return (
        f"reported: hub_memory, {lost} records unreadable at the hub; at the centre no event is "
        f"lost, and {alerts} alerts are as undisturbed"
    )


async def page_torn_unsent(stage: Stage, chance: random.Random, _disk: Disk | None) -> str:
    """The same with records that were nowhere else: their number is said."""
    journal, gone, began = stage.journal, await missing(stage), len(stage.devices.said)
    told, heard = journal.counters()["journal_lost"], await stage.centre_ledger.events()
    start = journal.last_number()
    await _live_alone(stage)
    assert stage.hub.stop() == 0
    numbers, words, events = (
        journal.numbers(),
        journal.alerts_by_number(),
        journal.events_by_number(),
    )
    _tear_page(stage, chance, stage.devices.said[began + DAY // 2 : -DAY // 2])
    await _come_back(stage)
    lost = numbers - journal.numbers()
    events_lost = _known([events[seq] for seq in sorted(lost & events.keys())])
    assert await missing(stage) - gone == events_lost, "what could not be read, and nothing else"
    known = journal.counters()["journal_lost"] - told
    # A file that is rebuilt a second time counts what it had lost before along.
    assert len(lost) <= known == await _lost_told(stage) <= len(lost) + told, (known, len(lost))
    heard += [one for seq, one in events.items() if seq > start]
    heard += [one for seq, one in journal.events_by_number().items() if seq > max(numbers)]
    await same_alerts(stage, heard, {words[seq].id for seq in lost & words.keys()})
    return (
        f"reported: hub_memory tells of {known} records; of this page {len(lost)} are lost, "
        f"{len(events_lost)} of them events, and no other one"
    )


async def log_cut(stage: Stage, chance: random.Random, _disk: Disk | None) -> str:
    """The end of SQLite's log is gone, with records that the centre has."""
    await live_on(stage, 3 * DAY)
    gone, before = await missing(stage), stage.journal.last_number()
    stage.hub.kill()
    _cut_log(stage, chance, before)
    lost = before - stage.journal.last_number()
    remembered, said = _last_door(stage.journal.events()), len(stage.devices.said)
    await start_hub(stage)
    stage.devices.begin_dated()
    await live_on(stage)
    await holds(stage, gone | accounts.no_change(stage.devices.said[said:], remembered))
    calls = await same_calls(stage)
    assert stage.journal.epochs()[-1] == "the power was cut"
    return (
        f"recovered: {lost} records gone from the journal, none at the centre, {calls} calls for "
        "help told once; a new epoch"
    )


async def log_cut_unsent(stage: Stage, chance: random.Random, _disk: Disk | None) -> str:
    """The same with records that were nowhere else: it is said that something may be lost."""
    gone, told = await missing(stage), stage.journal.counters().get("power_cut", 0)
    epochs = await stage.centre_ledger.epochs()
    await _live_alone(stage)
    events, received = stage.journal.events_by_number(), stage.journal.received()
    stage.hub.kill()
    _cut_log(stage, chance, max(events))
    lost = events.keys() - stage.journal.numbers()
    remembered, said = _last_door(stage.journal.events()), len(stage.devices.said)
    await _come_back(stage)
    unsent = _known([events[seq] for seq in sorted(lost) if seq > received])
    assert unsent
    same = accounts.no_change(stage.devices.said[said:], remembered)
    found, forgot = await missing(stage) - gone, unsent | same - gone
    assert found == forgot, (found - forgot, forgot - found)
    await same_calls(stage)
    # A card that forgot that a cut was counted has the next one counted as that.
    await _told_of(stage, {max(told, 1), told + 1})
    assert await stage.centre_ledger.epochs() > epochs
    assert stage.journal.epochs()[-1] == "the power was cut"
    return (
        f"reported: {len(unsent)} events lost; the centre is told of a power cut (power_cut) after "
        "which it is not known how much is missing, and has a new epoch"
    )


async def _live_alone(stage: Stage) -> None:
    """Says much while the centre is away."""
    stage.centre.kill()
    stage.devices.tell(3 * DAY)
    await stage.acknowledged()
    await stage.heard(len(stage.devices.said) - 1)
    await asyncio.sleep(0.5)  # until the broker knows; else it delivers again what the card forgets


async def _come_back(stage: Stage) -> None:
    """Starts hub and centre, and lives on."""
    await start_hub(stage)
    stage.devices.begin_dated()
    stage.centre.start()
    await live_on(stage)


def _last_door(events: Sequence[SensorEvent]) -> float:
    """How the hub remembers the door: 1 open, 0 closed."""
    return next((one.value for one in reversed(events) if one.kind == Kind.OPENING), 0.0)


def _known(events: Sequence[SensorEvent]) -> set[Hashable]:
    """Events as the accounts know them."""
    return {accounts.known_as(one) for one in events}


async def _cuts_told(stage: Stage) -> int:
    """How often the centre was told that the power was cut and something may be missing."""
    return (await stage.centre_ledger.counters()).get("power_cut", 0)


async def _told_of(stage: Stage, cuts: set[int]) -> None:
    """Waits until the centre was told of so many power cuts: the next heartbeat bears the count."""
    for _ in range(150):
        if (counted := await _cuts_told(stage)) in cuts:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"the centre knows of {counted} power cuts, and not of {sorted(cuts)}")


async def _lost_told(stage: Stage) -> int:
    """How many lost records the centre was told of last, in an alert."""
    told = [
        one for one in await stage.centre_ledger.alerts() if one.condition == Condition.HUB_MEMORY
    ]
    newest = max(told, key=lambda one: one.updated_at)
    number = re.search(r"([\d,]+) could not be read", newest.text)
    assert number is not None, newest.text
    return int(number[1].replace(",", ""))


def _cut_log(stage: Stage, chance: random.Random, last: int) -> None:
    """Cuts the end of SQLite's log, and with it at least the record of that number."""
    log = stage.journal_path.with_name(stage.journal_path.name + "-wal")
    whole = log.read_bytes()
    for _ in range(_TRIES):
        log.write_bytes(whole[: chance.randrange(_LOG_HEADER, len(whole))])
        if stage.journal.last_number() < last:
            break
    else:
        raise AssertionError("no cut cost the journal anything")
    _wake_up_later(stage.journal_path)


def _tear_page(stage: Stage, chance: random.Random, told: Sequence[SensorEvent]) -> None:
    """Overwrites half of a page of events, one that holds several of those."""
    data = bytearray(stage.journal_path.read_bytes())
    times = [msgspec.json.encode(one.at) for one in told if one.kind == Kind.MOTION]
    pages = [
        page
        for page in range(1, len(data) // PAGE)
        if data[page * PAGE] == _LEAF
        and sum(data.find(at, page * PAGE, (page + 1) * PAGE) > 0 for at in times) >= _SEVERAL
    ]
    at = chance.choice(pages) * PAGE
    data[at + PAGE // 2 : at + PAGE] = bytes(PAGE // 2)
    stage.journal_path.write_bytes(data)
    _wake_up_later(stage.journal_path)


def _wake_up_later(journal: Path) -> None:
    """Has the file have been in use since another start of the machine."""
    raw, now = journal.read_bytes(), boot_id().encode("ascii")
    assert raw.count(now), "the file remembers no start"
    journal.write_bytes(raw.replace(now, now[::-1]))
