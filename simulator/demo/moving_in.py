"""The first run: staff and homes are made known to the centre, and hubs learn what they missed."""

import asyncio
import secrets
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.hubs.claims import Invitation
from api.identity.permissions import Role
from api.services import Services
from contract.recordings import write_recording
from simulator.demo.plan import HOMES, LIVE, TIME_ZONE, Household, Street, new_street, stories
from simulator.demo.processes import run
from simulator.demo.rehearsal import rehearse
from simulator.hub_settings import HubFor, hub_settings, sensor_as_fitted
from simulator.living.episodes.episode import Episode
from simulator.living.senses.registry import roles_of
from simulator.playing import Address

STAFF = {"operator": "Demo Operator", "colleague": "Demo Colleague"}
GATEWAY = Path(sys.executable).parent / "telecare-gateway"

STEPS = 3
_AT_ONCE = 2
_MARGIN_S = 1800.0
_LIVES = 6


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where hubs find what they need: their folder, their broker, their centre."""

    folder: Path
    broker: Address
    centre: str

    def journal(self, household: Household) -> Path:
        """Where a hub keeps what it knows."""
        return self.folder / household.name / "journal.sqlite"

    def settings(self, household: Household) -> Path:
        """Where a hub's settings are."""
        return self.folder / f"{household.name}.toml"

    def fit(self, household: Household) -> None:
        """Writes a hub's settings for these surroundings."""
        hub = HubFor(
            home=household.name,
            hub=household.hub,
            data=str((self.folder / household.name).resolve()),
            host=self.broker.host,
            port=self.broker.port,
            base_topic=f"{household.name}/{self.broker.base_topic}",
            centre=self.centre,
            time_zone=TIME_ZONE,
        )
        text = hub_settings(hub, [sensor_as_fitted(role) for role in roles_of()])
        self.settings(household).write_text(text)


def clear(folder: Path) -> None:
    """Makes room for a first run: forgets an earlier one that ended before all had moved in.

    Deletes only what a demonstration made, and only in a folder that bears its mark.
    """
    mark = folder / "made-by-telecare-demo"
    if mark.exists():
        for name in ("centre", "broker", *(f"home{number}" for number in range(1, HOMES + 1))):
            shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()


async def move_in(
    now: datetime, services: Services, around: Surroundings, advance: Callable[[str], None]
) -> Street:
    """Makes the street and everybody in it.

    Args:
        now: The present.
        services: The centre's own.
        around: Where the hubs are.
        advance: Told what was done, after each of `STEPS` steps in each home.
    """
    street = new_street(now, secrets.token_urlsafe(9))
    for username, name in STAFF.items():
        await services.staff.add(username, street.password, name=name, role=Role.OPERATOR)
    with ProcessPoolExecutor(_AT_ONCE) as pool:
        turn = asyncio.Semaphore(_AT_ONCE)

        async def settle(household: Household) -> None:
            invitation = await services.claims.add_hub(
                household.name, organisation=1, label=household.label, time_zone=TIME_ZONE
            )
            async with turn:
                async for done in _settle(street, household, invitation, around, pool):
                    advance(f"{household.label} {done}")

        await asyncio.gather(*map(settle, street.households))
    return street


async def _settle(
    street: Street,
    household: Household,
    invitation: Invitation,
    around: Surroundings,
    pool: ProcessPoolExecutor,
) -> AsyncIterator[str]:
    """One home: what befalls it, its weeks up to now, and its hub; says what was done."""
    loop = asyncio.get_running_loop()
    household.hub = invitation.hub
    household.life, episodes = await loop.run_in_executor(pool, _plot, street, household)
    household.episodes.extend(episodes)
    yield "has a story"
    recording = around.folder / f"{household.name}.jsonl.gz"
    await loop.run_in_executor(pool, _record, street, household, recording)
    yield "has lived six weeks"
    around.fit(household)
    settings = around.settings(household)
    await run([GATEWAY, "claim", invitation.code, "--settings", settings])
    await run([GATEWAY, "import", recording, "--send", "--settings", settings])
    recording.unlink()
    yield "is known by its hub"


def _plot(street: Street, household: Household) -> tuple[int, list[Episode]]:
    """Which life is lived in a home, and what befalls it, so that it is noticed in time.

    People differ, and so does what a hub can tell of them: where nothing would be noticed of one,
    somebody else lives there.
    """
    story = stories(household.told).get(household.number)
    if story is None:
        return 1, []
    for life in range(1, _LIVES + 1):
        household.life = life
        found = rehearse(
            street,
            household,
            story,
            after=household.told + _MARGIN_S,
            before=household.told + LIVE.total_seconds() - _MARGIN_S,
        )
        if found is not None:
            return life, [found]
    return 1, []


def _record(street: Street, household: Household, recording: Path) -> None:
    write_recording(recording, street.live_in(household).until(household.told))
