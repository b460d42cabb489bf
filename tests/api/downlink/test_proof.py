"""What staff read of a command is what the hub has proved, also where one lost its memory."""

import asyncio
import logging
from datetime import timedelta

import asyncpg
import pytest

from api.downlink.commands import IssueRequest
from api.downlink.proof import MOST_AHEAD
from api.identity.people import User
from api.refusals import Invalid
from api.services import Services
from contract import Command
from tests.api.downlink.test_commands import ask, result, told
from tests.api.support import NOON, Device, SettableClock, add_device, add_user

HOUR = timedelta(hours=1)


@pytest.fixture
async def sue(services: Services) -> User:
    return await add_user(services, "sue", role="supervisor")


def pause(hours: float = 2) -> IssueRequest:
    return ask("pause", {"until": (NOON + hours * HOUR).isoformat()})


async def state(services: Services, device: Device) -> tuple[str, bool]:
    """Where the newest command stands, and whether the hub is said to have it."""
    newest = (await services.commands.of_hub(device.hub))[0]
    return newest.state, newest.told_at is not None


async def asked(
    services: Services, device: Device, configuration: int = 0, commands: int = 0
) -> tuple[int | None, list[Command]]:
    found = await services.asking.answer(
        device.hub, device.home, configuration=configuration, commands=commands
    )
    version = found.configuration.version if found.configuration else None
    return version, found.commands


async def test_a_pause_that_may_be_running_is_never_called_expired(
    services: Services, sue: User, clock: SettableClock
) -> None:
    device = await add_device(services)
    await services.commands.issue(device.hub, pause(), sue)
    assert await told(services, device) == [1]
    assert await state(services, device) == ("waiting", False), "the answer may be lost"
    await told(services, device, 1)
    assert await state(services, device) == ("waiting", True)
    clock.move(minutes=16)
    assert await state(services, device) == ("unanswered", True)
    late = result(device, 1, (await services.commands.of_hub(device.hub))[0].id, "under_way")
    await services.ingest.store(device.batch([late]), device.home)
    assert await state(services, device) == ("under_way", True)


async def test_a_pause_of_which_only_the_answer_was_lost_is_known_not_to_run(
    services: Services, sue: User, clock: SettableClock
) -> None:
    device = await add_device(services)
    await services.commands.issue(device.hub, pause(), sue)
    await told(services, device)
    clock.move(minutes=16)
    assert await state(services, device) == ("unanswered", False), "nobody can tell yet"
    await services.commands.issue(device.hub, pause(), sue)
    assert await told(services, device) == [2]
    await told(services, device, 2)
    lines = await services.commands.of_hub(device.hub)
    assert [(one.state, one.told_at is not None) for one in lines] == [
        ("waiting", True), ("expired", False),
    ], "to have passed it over is not to have had it"  # fmt: skip


async def test_what_a_hub_with_a_new_card_has_forgotten_is_not_said_to_be_there(
    services: Services, sue: User, clock: SettableClock
) -> None:
    device = await add_device(services)
    await services.commands.issue(device.hub, pause(), sue)
    await told(services, device)
    await told(services, device, 1)
    assert await told(services, device, 0) == [1]
    assert await state(services, device) == ("waiting", False)
    clock.move(minutes=16)
    assert await told(services, device, 0) == []
    assert await state(services, device) == ("expired", False)


async def test_a_question_that_was_lost_on_its_way_back_unproves_nothing(
    services: Services, sue: User, clock: SettableClock
) -> None:
    device = await add_device(services)
    held = asyncio.create_task(
        services.asking.answer(device.hub, device.home, configuration=0, commands=0, wait=20)
    )
    while not len(services.live.waiting):  # noqa: ASYNC110 - it has no event for it
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)  # it has looked, and found nothing
    await services.commands.issue(device.hub, pause(), sue)
    assert await told(services, device) == [1]
    await told(services, device, 1)
    clock.move(minutes=16)
    services.live.waiting.tell(device.hub)
    await held
    assert await state(services, device) == ("unanswered", True)


async def test_a_pause_goes_on_to_its_end_on_a_new_card(
    services: Services, sue: User, clock: SettableClock
) -> None:
    device = await add_device(services)
    line = await services.commands.issue(device.hub, pause(), sue)
    await told(services, device)
    begun = result(device, 1, line.id, "under_way")
    await services.ingest.store(device.batch([begun]), device.home)
    clock.move(hours=1)
    _, (command,) = await asked(services, device)
    assert command.expires_at == NOON + 2 * HOUR


@pytest.mark.parametrize(
    ("hours", "reads", "says"), [(1, "cut_short", "did not go on with it: Too"), (3, "done", "Too")]
)
async def test_a_pause_that_ran_is_never_told_as_one_that_never_began(
    services: Services, sue: User, clock: SettableClock, *, hours: int, reads: str, says: str
) -> None:
    device = await add_device(services)
    line = await services.commands.issue(device.hub, pause(), sue)
    begun = result(device, 1, line.id, "under_way")
    await services.ingest.store(device.batch([begun]), device.home)
    clock.move(hours=hours)
    over = result(device, 2, line.id, "expired", text="Too late.")
    await services.ingest.store(device.batch([over]), device.home)
    (shown,) = await services.commands.of_hub(device.hub)
    assert (shown.state, says in shown.said) == (reads, True)


async def test_a_centre_that_was_restored_from_a_backup_is_heard(
    services: Services, sue: User, caplog: pytest.LogCaptureFixture
) -> None:
    device = await add_device(services)
    await services.configurations.put(device.home, b'{"people":2}', sue, seen=0)
    await services.commands.issue(device.hub, ask("resume"), sue)  # number 1, which the hub has had
    with caplog.at_level(logging.WARNING):
        version, commands = await asked(services, device, 9, 17)
    assert version == 10, "what staff see at the centre is what the hub is told"
    assert [one.number for one in commands] == [18]
    (standing,) = (await services.configurations.of(device.home)).hubs
    assert standing.ahead_at == NOON
    assert standing.ahead == (
        "It knows version 9 and command 17; this centre has given out version 1 and command 1. "
        "Version 10 tells it anew what the centre has."
    )
    assert standing.ahead in caplog.text
    await services.commands.issue(device.hub, ask("test"), sue)
    assert await told(services, device, 18) == [19]
    assert (await services.configurations.of(device.home)).version == 10


async def test_the_first_that_a_restored_centre_gives_out_is_above_what_its_hubs_know(
    services: Services, sue: User
) -> None:
    device, beside = await add_device(services), await add_device(services)
    assert await asked(services, device, 9, 17) == (None, [])
    assert await asked(services, device, 9, 17) == (None, [])
    await services.configurations.put(device.home, b'{"people":2}', sue, seen=0)
    await services.commands.issue(device.hub, ask("test"), sue)
    version, (command,) = await asked(services, device, 9, 17)
    assert (version, command.number) == (10, 18)
    await services.commands.issue(beside.hub, ask("test"), sue)
    assert await told(services, beside) == [1]


async def test_a_hub_gone_wrong_uses_up_neither_numbers_nor_room(
    services: Services, sue: User, connection: asyncpg.Connection, clock: SettableClock
) -> None:
    device = await add_device(services)
    await services.configurations.put(device.home, b'{"people":2}', sue, seen=0)
    for has in ((MOST_AHEAD + 2, 0), (0, MOST_AHEAD + 1)):
        with pytest.raises(Invalid, match="far beyond what it was told: version 1 and command 0"):
            await asked(services, device, *has)
    for ahead in range(2, 40, 2):
        await asked(services, device, ahead, 0)
    assert await connection.fetchval("select count(*) from configuration") == 2
    clock.move(minutes=10)
    assert (await asked(services, device, 38, 0))[0] == 39
