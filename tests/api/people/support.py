"""Somebody on record in a home, with all that there is about people."""

from datetime import timedelta

from api.identity.people import Member
from api.people.consent import GivenBy, Purpose, Scope
from api.people.identity import Identity
from api.people.risk import RiskRecord
from api.people.service import make_people
from api.people.spell import SpellKind, SpellRequest
from api.services import Services
from api.store.apart import Apart
from api.store.reach import CENTRE
from api.store.sealed import Seal
from tests.api.support import NOON, add_alert, add_device, agree

YES, NO, UNASKED = "agreed", "refused", "unasked"


async def settle_in(services: Services, home: str, by: Member) -> str:
    """Puts somebody on record, with a profile, a consent and an absence; their pseudonym."""
    people = make_people(
        services.database, services.clock, Seal(b"k" * 32), services.configurations,
        services.second_factors, apart=Apart(services.metrics.passed),
    )  # fmt: skip
    who = await people.residents.add(home, Identity(name="Joan"), by)
    await people.residents.put_risk(home, who, RiskRecord(dementia=True), by, seen=0)
    agreed = Scope(conditions=[], sensors=[], given_by=GivenBy.PERSON, given_on=NOON.date())
    await people.residents.agree(home, who, agreed, by)
    absence = SpellRequest(kind=SpellKind.HOLIDAY, until=NOON + timedelta(days=1))
    await people.spells.set(home, absence, by)
    return who


async def move_in(services: Services, boss: Member, *purposes: Purpose) -> dict[str, int]:
    """Homes that share for that, for all else, and not at all; the number of an alert in each."""
    found = {}
    for home in (YES, NO, UNASKED):
        device = await add_device(services, home, label=f"Flat {home}")
        if home != UNASKED:
            other = [one for one in Purpose if one not in purposes]
            await agree(services, boss, home, *(purposes if home == YES else other))
        found[home] = await add_alert(services, device)
    return found


async def withdraw(services: Services, home: str) -> None:
    """Whoever agreed in a home takes their word back."""
    async with services.database.transaction(CENTRE) as connection:
        await connection.execute(
            "insert into consent (resident, version, state, conditions, sensors, purposes,"
            " given_by, given_on, put_at) select c.resident, c.version + 1, 'withdrawn',"
            " c.conditions, c.sensors, c.purposes, c.given_by, c.given_on, $2"
            " from consent c join resident r using (resident) where r.home = $1",
            home, services.clock(),
        )  # fmt: skip
