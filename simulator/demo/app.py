"""Brings up a street: broker, database, centre, hubs, and the lives in its homes; then ends it all.

Everything here is what would run in earnest, started as its own program by its own command.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from api.app import create_services
from api.clock import utc_now
from api.services import Services
from api.settings import Settings
from api.store.embedded import embedded
from api.store.reach import CENTRE
from simulator.demo.broker import broker_command, free_port, listens
from simulator.demo.living import Lives, Pace
from simulator.demo.moving_in import GATEWAY, STAFF, STEPS, Surroundings, clear, move_in
from simulator.demo.past import delivered, put_aside
from simulator.demo.plan import HOMES, TIME_ZONE, Household, Street, load_street, street_file
from simulator.demo.processes import DidNotStartError, Programs
from simulator.playing import Address
from simulator.progress import Progress

CATCH_UP_SECONDS = 90.0
"""How long the story takes to catch up with the clock."""

_WATCH_SECONDS = 1.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to demonstrate.

    Attributes:
        folder: Where everything is kept from one run to the next.
        port: Of the console.
        seconds: How long to go on; None until told to stop.
    """

    folder: Path
    port: int
    seconds: float | None = None


async def demonstrate(options: Options, say: Say) -> None:
    """Runs the demonstration until it is cancelled, or its time is over.

    Raises:
        DidNotStartError: A program did not start, or ended early.
        ValueError: What was kept from an earlier run cannot be read.
    """
    if listens(options.port):
        raise DidNotStartError(f"port {options.port} is taken; choose another with --port")
    file = street_file(options.folder)
    street = load_street(file)
    if new := street is None:
        clear(options.folder)
    async with AsyncExitStack() as stack:
        database = stack.enter_context(embedded(options.folder / "centre"))
        programs = await stack.enter_async_context(Programs(options.folder / "logs"))
        around = Surroundings(
            folder=options.folder,
            broker=await _start_broker(programs, options.folder / "broker", say),
            centre=await _start_centre(programs, options.port, database),
        )
        services = await stack.enter_async_context(_services(database))
        if street is None:
            street = await _move_in(services, around, say)
        await asyncio.gather(
            *(_start_hub(programs, around, household) for household in street.households)
        )
        if new:
            await _settle_the_past(street, around, services, say)
            street.save(file)
        say(_welcome(around.centre, street))
        try:
            async with asyncio.timeout(options.seconds):
                await _live(street, around.broker, services, programs, say)
        except TimeoutError:
            say("The time asked for is over.")
        finally:
            street.save(file)


async def _start_broker(programs: Programs, folder: Path, say: Say) -> Address:
    address = Address(host="127.0.0.1", port=free_port())
    name, command = broker_command(folder, address.port)
    if name != "Mosquitto":
        say("Mosquitto is not installed; a broker in Python (amqtt) stands in for it.")

    async def ready() -> bool:
        return listens(address.port)

    await programs.start("broker", command, ready=ready)
    return address


async def _start_centre(programs: Programs, port: int, database: str) -> str:
    url = f"http://127.0.0.1:{port}"
    command: list[str | Path] = [GATEWAY.with_name("telecare-api"), "serve", "--port", str(port)]
    environment = {"DATABASE_URL": database, "TELECARE_DEMONSTRATION": "yes"}
    async with httpx.AsyncClient() as client:

        async def ready() -> bool:
            try:
                return (await client.get(f"{url}/readyz")).is_success
            except httpx.TransportError:
                return False

        await programs.start("centre", command, ready=ready, environment=environment)
    return url


@asynccontextmanager
async def _services(database: str) -> AsyncIterator[Services]:
    services = create_services(Settings(database_url=database, connections=2), utc_now)
    try:
        yield services
    finally:
        await services.database.close()


async def _start_hub(programs: Programs, around: Surroundings, household: Household) -> None:
    around.fit(household)
    log = programs.log(household.hub)
    begun = log.stat().st_size if log.exists() else 0

    async def ready() -> bool:
        return "is at work" in log.read_text(errors="replace")[begun:]

    command: list[str | Path] = [GATEWAY, "run", "--settings", around.settings(household)]
    await programs.start(household.hub, command, ready=ready)


async def _move_in(services: Services, around: Surroundings, say: Say) -> Street:
    say("Five homes move in, and their hubs learn six weeks of their lives. This happens once.")
    with Progress("moving in", STEPS * HOMES, unit="steps") as progress:

        def advance(done: str) -> None:
            progress.advance()
            say(f"  {done}")

        return await move_in(datetime.now(UTC), services, around, advance)


async def _settle_the_past(
    street: Street, around: Surroundings, services: Services, say: Say
) -> None:
    say("  the centre takes in what they learned")
    await delivered(around.journal(household) for household in street.households)
    signed_in = await services.staff.sign_in(next(iter(STAFF)), street.password, "demonstration")
    await put_aside(
        services, signed_in.session.user, min(household.told for household in street.households)
    )
    await services.staff.sign_out(signed_in.token)


def _welcome(url: str, street: Street) -> str:
    users = " or ".join(STAFF)
    return (
        f"\n  Console   {url}\n"
        f"  Sign in   {users}, password {street.password}\n"
        f"  Tour      {url}/tour leads through one night\n\n"
        "Alerts appear below as they reach the centre. Ctrl-C ends everything.\n"
    )


async def _live(
    street: Street, broker: Address, services: Services, programs: Programs, say: Say
) -> None:
    """Tells the lives in the street, and what the centre hears of them, until cancelled."""
    now, zero = time.time(), min(household.told for household in street.households)
    pace = Pace(zero, now, max(1.0, 1 + (now - zero) / CATCH_UP_SECONDS))
    lives = Lives(street, pace, say)
    for household in street.households:
        topic = f"{household.name}/{broker.base_topic}"
        lives.start(household, Address(host=broker.host, port=broker.port, base_topic=topic))
    try:
        await _watch(services, programs, lives, pace, say)
    finally:
        await asyncio.to_thread(lives.stop)


async def _watch(
    services: Services, programs: Programs, lives: Lives, pace: Pace, say: Say
) -> None:
    """Says each alert as the centre comes to hold it, and when the story reaches the present."""
    seen: set[int] = set()
    first, telling_past = True, pace.speed > 1
    while True:
        queue = await services.alerts.queue(CENTRE)
        for alert in (*queue.urgent, *queue.advisory, *queue.technical):
            if alert.id not in seen and not first:
                at = alert.raised_at.astimezone(ZoneInfo(TIME_ZONE))
                say(f"  {at:%a %H:%M}  {alert.severity:<9}  {alert.label}: {alert.text}")
            seen.add(alert.id)
        first = False
        if telling_past and pace.caught_up(time.time()):
            telling_past = False
            say("\nThe story has caught up with the clock; life goes on at its own pace.")
        if (ended := programs.ended()) is not None:
            raise DidNotStartError(f"{ended} has ended; its log is {programs.log(ended)}")
        if lives.failed is not None:
            raise DidNotStartError(lives.failed)
        await asyncio.sleep(_WATCH_SECONDS)
