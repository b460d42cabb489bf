"""A hub whose journal is gone cannot know that it ever had one; the centre knows, and tells staff.

The hub's own journal and turns deal out what the real centre takes in.
"""

from pathlib import Path

import pytest

from api.alerts.lifecycle import Outcome
from api.alerts.views import AlertSummary
from api.services import Services
from api.store.reach import CENTRE
from contract import Batch, Condition, SensorEvent, Severity
from gateway.journal import Journal
from gateway.journal.turns import Turns
from tests.api.support import NOON, Device, SettableClock, add_device, add_user


class Forgetful:
    """A hub at work with its centre, whose journal may go between two of its lives."""

    def __init__(self, services: Services, device: Device, folder: Path) -> None:
        self.services, self.device, self.folder = services, device, folder
        self.lives = 0

    async def live(self, *, sends: bool = True) -> None:
        """It starts, hears something, tells it, and is killed with all the machine."""
        self.lives += 1
        path = self.folder / "journal.sqlite"
        journal = Journal.open(path, self.device.hub, self.device.home, boot=f"boot-{self.lives}")
        heard = SensorEvent(
            home=self.device.home, sensor="hall-pir", kind="motion", place="hall", at=NOON, value=1
        )
        journal.write_together([heard], lambda _: None, NOON.timestamp())
        turns = Turns(journal.outbox)
        while sends and turns.more:
            records = turns.next(100, 1 << 20)
            batch = Batch(
                hub=self.device.hub,
                epoch=turns.epoch,
                records=records,
                before=turns.before,
                first=turns.first,
            )
            receipt = await self.services.ingest.store(batch, self.device.home)
            turns.received(receipt.contiguous, NOON.timestamp())
        journal.close()

    def lose_journal(self) -> None:
        for path in self.folder.glob("journal.sqlite*"):
            path.unlink()

    async def told(self) -> list[AlertSummary]:
        await self.services.watch.look()
        return (await self.services.alerts.queue(CENTRE)).technical


@pytest.fixture
async def hub(services: Services, tmp_path: Path) -> Forgetful:
    return Forgetful(services, await add_device(services, time_zone="Europe/London"), tmp_path)


async def test_staff_are_told_once_of_a_hub_that_has_forgotten_what_it_had_not_sent(
    hub: Forgetful, clock: SettableClock
) -> None:
    await hub.live()
    await hub.live(sends=False)
    hub.lose_journal()
    clock.move(minutes=20)
    await hub.live()
    (alert,) = await hub.told()
    assert (alert.home, alert.condition, alert.severity, alert.subject) == (
        hub.device.home, Condition.HUB_FORGOT, Severity.TECHNICAL, hub.device.hub,
    )  # fmt: skip
    assert "what it noted after 12:00 GMT on 10 March may be missing here" in alert.text
    assert "walk test" in alert.prompt
    clock.move(minutes=1)
    await hub.live()
    assert [one.id for one in await hub.told()] == [alert.id]


async def test_a_hub_that_begins_or_starts_again_is_not_said_to_have_forgotten(
    hub: Forgetful, clock: SettableClock
) -> None:
    for sends in (True, False, False, True, True):
        await hub.live(sends=sends)
        clock.move(minutes=1)
        assert await hub.told() == []


async def test_whose_hub_forgets_again_after_it_was_dealt_with_is_told_again(
    hub: Forgetful, services: Services, clock: SettableClock
) -> None:
    await hub.live()
    ann = await add_user(services)
    for _ in range(2):
        hub.lose_journal()
        clock.move(minutes=20)
        await hub.live()
        (alert,) = await hub.told()
        await services.alerts.claim(alert.id, ann)
        await services.alerts.resolve(alert.id, ann, Outcome.EQUIPMENT)
        settings = await services.configurations.of(CENTRE, hub.device.home)
        assert settings.version == 0, "no hub's affair"
        assert await hub.told() == []


async def test_a_hub_that_was_let_go_meanwhile_is_not_told_of(
    hub: Forgetful, services: Services
) -> None:
    await hub.live()
    hub.lose_journal()
    await hub.live()
    boss = await add_user(services, "boss", role="supervisor", organisations=[1])
    await services.places.revoke(hub.device.hub, boss)
    assert await hub.told() == []
