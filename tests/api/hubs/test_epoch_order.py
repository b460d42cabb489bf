"""Of two words on an alert the later one counts, in whatever order a hub's epochs arrive.

The hub's own journal and turns deal out what the real centre takes in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.services import Services
from contract import SEVERITY, Alert, Batch, Condition, Phase, Receipt, utc
from gateway.journal import Journal
from gateway.journal.turns import Turns
from tests.api.support import Device, add_device

START = 1_790_000_000.0
CONDITIONS = [Condition.HELP_BUTTON, Condition.FALL_RISK, Condition.HUB_DEAF]


@dataclass
class Hub:
    """A hub that is started, says things and reaches its centre, as it happens."""

    services: Services
    device: Device
    journal: Journal
    folder: Path
    starts: int = 0
    minute: int = 0
    versions: dict[str, int] = field(default_factory=dict)
    said: dict[str, Alert] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.turns = Turns(self.journal.outbox)

    def start(self, *, forgets: bool = False) -> None:
        """Begins anew, as after a power cut; perhaps without what it had told."""
        self.journal.close()
        self.starts += 1
        self.journal = opened(self.folder, self.device, f"boot-{self.starts}")
        self.turns = Turns(self.journal.outbox)
        if forgets:
            self.versions.clear()

    def says(self, condition: str, phase: Phase = Phase.OPEN) -> None:
        """A word on the alert of a condition, which is raised by the first."""
        self.minute += 1
        version = self.versions[condition] = self.versions.get(condition, 0) + 1
        at = utc(START + 60 * self.minute)
        alert = Alert(
            id=condition,
            home=self.device.home,
            condition=condition,
            severity=SEVERITY[condition],
            raised_at=utc(START),
            updated_at=at,
            version=version,
            phase=phase,
            text=f"said in minute {self.minute}",
        )
        self.said[condition] = alert
        self.journal.write_together([alert], lambda _: None, at.timestamp())

    async def sends(self, most: int = 1000) -> Receipt:
        """One batch."""
        hub, home, _ = self.journal.identity
        records = self.turns.next(most, 1 << 20)
        batch = Batch(hub=hub, epoch=self.turns.epoch, records=records, before=self.turns.before)
        receipt = await self.services.ingest.store(batch, home)
        self.turns.received(receipt.contiguous, START)
        return receipt

    async def sends_all(self) -> None:
        while self.turns.more:
            await self.sends()


def opened(folder: Path, device: Device, boot: str) -> Journal:
    return Journal.open(folder / "journal.sqlite", device.hub, device.home, boot=boot)


@contextmanager
def started(services: Services, device: Device) -> Iterator[Hub]:
    with TemporaryDirectory() as folder:
        journal = opened(Path(folder), device, "boot-0")
        hub = Hub(services, device, journal, Path(folder))
        yield hub
        hub.journal.close()


async def shown(connection: asyncpg.Connection, home: str) -> dict[str, tuple[str, bool]]:
    """The text of each alert at the centre, and whether it stands open."""
    query = "select ref, text, cleared_at is null as open from alert where home = $1"
    rows = await connection.fetch(query, home)
    return {row["ref"]: (row["text"], row["open"]) for row in rows}


@pytest.mark.parametrize("starts", [1, 2, 5])
async def test_what_a_hub_said_to_be_over_is_over_however_often_it_began_while_the_line_was_down(
    services: Services, connection: asyncpg.Connection, starts: int
) -> None:
    with started(services, await add_device(services)) as hub:
        hub.says(Condition.FALL_RISK)
        await hub.sends_all()
        hub.start()
        hub.says(Condition.HUB_DEAF)
        for _ in range(starts - 1):
            hub.start()
            hub.says(Condition.FALL_RISK)
        hub.says(Condition.HELP_BUTTON)
        await hub.sends_all()  # the call for help goes ahead, and its epoch with it
        hub.says(Condition.HUB_DEAF, Phase.CLEARED)
        await hub.sends_all()
        assert not (await shown(connection, hub.device.home))[Condition.HUB_DEAF][1]


FORGET = """
set session_replication_role = replica;
truncate alert, journal cascade;
set session_replication_role = origin;
"""
STEPS = st.one_of(
    st.tuples(st.just("says"), st.sampled_from(CONDITIONS)),
    st.tuples(st.just("ends"), st.sampled_from(CONDITIONS)),
    st.tuples(st.just("starts"), st.booleans()),
    st.tuples(st.just("is restored"), st.just(0)),
    st.tuples(st.just("sends"), st.integers(1, 4)),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(STEPS, max_size=25))
@example(
    [
        ("says", Condition.HUB_DEAF), ("starts", False), ("says", Condition.HELP_BUTTON),
        ("sends", 1), ("sends", 1), ("ends", Condition.HUB_DEAF),
    ]
)  # fmt: skip
async def test_whenever_a_hub_begins_and_the_line_comes_and_goes_staff_see_its_last_word(
    services: Services, connection: asyncpg.Connection, steps: list[tuple[str, object]]
) -> None:
    with started(services, await add_device(services)) as hub:
        for what, how in steps:
            if what == "starts":
                hub.start(forgets=bool(how))
            elif what == "is restored":  # the centre, as it was before it knew the hub's journal
                await connection.execute(FORGET)
                hub.start()
            elif what == "sends" and isinstance(how, int):
                await hub.sends(how)
            else:
                hub.says(str(how), Phase.CLEARED if what == "ends" else Phase.OPEN)
        await hub.sends_all()
        last = {ref: (one.text, one.phase == Phase.OPEN) for ref, one in hub.said.items()}
        assert await shown(connection, hub.device.home) == last
        known = "select epoch from journal where hub = $1 order by journal"
        told = [row["epoch"] for row in await connection.fetch(known, hub.device.hub)]
        began = [one.name for one in hub.journal.outbox.epochs()]
        assert told == [name for name in began if name in told]


async def test_who_only_asks_does_not_begin_an_epoch_before_those_that_are_still_to_come(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    receipt = await services.ingest.store(device.batch([], "newest"), device.home)
    assert (receipt.epoch, receipt.contiguous, receipt.stored) == ("newest", 0, 0)
    assert not await connection.fetch("select from journal where hub = $1", device.hub)


async def test_a_hub_of_an_earlier_version_names_no_epochs_and_its_order_of_arrival_counts(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    for epoch, version, phase in (("one", 1, "open"), ("two", 2, "cleared"), ("one", 1, "open")):
        said = device.alert(version, id="a", version=version, phase=phase)
        await services.ingest.store(device.batch([said], epoch), device.home)
    ((_, is_open),) = (await shown(connection, device.home)).values()
    assert not is_open
