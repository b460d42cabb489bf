"""Staff must know that others are not told, once, until they are; and nothing go in a circle."""

import asyncio

import pytest

from api.alerts.lifecycle import Outcome
from api.alerts.own import CHANNEL_DEAD
from api.alerts.views import AlertSummary
from api.channels.protocol import GiveUp, Message
from api.outbox.service import Outbox, Wanted
from api.outbox.worker import Worker
from api.services import Services
from api.store.reach import CENTRE, within
from tests.api.outbox.support import SEAL, Ear, destination, worker
from tests.api.support import Device, SettableClock, add_alert, add_device, add_user


@pytest.fixture
async def device(services: Services) -> Device:
    return await add_device(services)


async def refuse(_: Message) -> None:
    raise GiveUp("it answered 410")


class Centre:
    """Alerts are raised, and what follows is done."""

    def __init__(self, services: Services, device: Device, ear: Ear) -> None:
        self.services = services
        self.device = device
        self.ear = ear
        self._seq = 0

    async def raise_alert(self) -> None:
        self._seq += 1
        await add_alert(self.services, self.device, self._seq)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(5):
            await worker(self.services, self.ear).run_dry()
            await self.services.trouble.look()

    async def told(self) -> list[AlertSummary]:
        waits = (await self.services.alerts.queue(CENTRE)).technical
        return [one for one in waits if one.condition == CHANNEL_DEAD]


@pytest.fixture
def centre(services: Services, device: Device, ear: Ear) -> Centre:
    return Centre(services, device, ear)


async def test_many_messages_that_are_given_up_are_one_alert_until_one_arrives(
    services: Services, centre: Centre, ear: Ear, clock: SettableClock
) -> None:
    await destination(services, ear)
    ear.answer = refuse
    for _ in range(3):
        await centre.raise_alert()
    (alert,) = await centre.told()
    assert (alert.severity, alert.subject, alert.home or None) == ("technical", "ear", None)
    assert "by ear does not arrive: desk" in alert.text
    assert alert.report_version == 1  # not a version for each message
    ear.answer = None
    clock.move(minutes=5)
    await centre.raise_alert()
    (over,) = await centre.told()
    assert over.id == alert.id
    assert over.cleared_at == clock.now
    assert "arrives again" in over.text


async def test_a_channel_that_fails_again_is_the_alert_that_nobody_has_ended(
    services: Services, centre: Centre, ear: Ear
) -> None:
    await destination(services, ear)
    for answer in (refuse, None, refuse):
        ear.answer = answer
        await centre.raise_alert()
    (alert,) = await centre.told()
    assert alert.cleared_at is None


async def test_a_second_destination_that_fails_is_named_by_the_same_alert(
    services: Services, centre: Centre, ear: Ear
) -> None:
    await destination(services, ear)
    ear.answer = refuse
    await centre.raise_alert()
    await destination(services, ear, name="on call")
    await centre.raise_alert()
    (alert,) = await centre.told()
    assert "desk, on call" in alert.text


async def test_one_that_was_turned_off_is_missed_by_nobody(
    services: Services, centre: Centre, ear: Ear
) -> None:
    await destination(services, ear)
    ear.answer = refuse
    await centre.raise_alert()
    await services.outbox.enable(1, "desk", on=False)
    await services.trouble.look()
    (alert,) = await centre.told()
    assert alert.cleared_at is not None


async def test_what_staff_ended_is_raised_again_for_what_fails_anew_alone(
    services: Services, centre: Centre, ear: Ear, clock: SettableClock
) -> None:
    await destination(services, ear)
    ear.answer = refuse
    await centre.raise_alert()
    (alert,) = await centre.told()
    ann = await add_user(services)
    await services.alerts.claim(alert.id, ann)
    await services.alerts.resolve(alert.id, ann, Outcome.EQUIPMENT)
    clock.move(minutes=1)
    await centre.raise_alert()
    assert await centre.told() == []
    await destination(services, ear, name="on call")
    clock.move(minutes=1)
    await centre.raise_alert()
    (other,) = await centre.told()
    assert other.id != alert.id
    ear.answer = None
    await centre.raise_alert()
    (other,) = await centre.told()
    assert other.cleared_at is not None


async def test_an_alert_of_a_dead_channel_never_goes_out_by_that_channel(
    services: Services, centre: Centre, ear: Ear
) -> None:
    """A receiver that takes all but this would else keep the centre busy with itself for ever."""
    await destination(services, ear)
    others = Ear()

    async def only_of_homes(message: Message) -> None:
        if message.told.home is None or message.told.alert == 1:
            raise GiveUp("no number for it")

    ear.answer = only_of_homes
    both = {**ear.channels, "letter": others.channels["ear"]}
    letters = Wanted(name="letters", channel="letter", actions=[], settings={})
    await Outbox(services.database, services.clock, both, SEAL).set(1, letters)
    by = Worker(services.database, services.clock, both, seal=SEAL, random=lambda: 1.0)
    for number in range(1, 4):
        await add_alert(services, centre.device, number)
        for _ in range(5):
            await by.run_dry()
            await services.trouble.look()
    assert all(one.told.condition != CHANNEL_DEAD for one in ear.heard)
    heard = [one.told.action for one in others.heard if one.told.condition == CHANNEL_DEAD]
    assert heard == ["raise", "clear"]
    view = await services.outbox.view(CENTRE)
    assert len(view.dead_letters) == 1


async def test_two_organisations_and_two_replicas_make_one_alert_each(
    services: Services, centre: Centre, ear: Ear
) -> None:
    other = (await services.organisations.add("Others")).organisation
    theirs = await add_device(services, organisation=other)
    await destination(services, ear)
    await destination(services, ear, organisation=other)
    ear.answer = refuse
    await add_alert(services, centre.device)
    await add_alert(services, theirs)
    await worker(services, ear).run_dry()
    await asyncio.gather(*(services.trouble.look() for _ in range(6)))
    assert len(await centre.told()) == 2
    for reach in (within([1]), within([other])):
        waits = (await services.alerts.queue(reach)).technical
        assert [one.condition for one in waits] == [CHANNEL_DEAD]
