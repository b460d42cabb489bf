"""Somebody on record in a home, with all that there is about people."""

from datetime import timedelta

from api.identity.people import Member
from api.people.consent import GivenBy, Scope
from api.people.identity import Identity
from api.people.risk import RiskRecord
from api.people.service import make_people
from api.people.spell import SpellKind, SpellRequest
from api.services import Services
from api.store.apart import Apart
from api.store.sealed import Seal
from tests.api.support import NOON


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
