"""Everything about people, put together for the rest of the centre."""

from dataclasses import dataclass

from api.clock import Clock
from api.downlink.configurations import Configurations
from api.identity.second_factor import SecondFactors
from api.people.erasure import Erasures, Striker
from api.people.export import Exports, Opener
from api.people.reading import Reading
from api.people.residents import Residents
from api.people.sealing import Sealing
from api.people.spells import Spells
from api.people.turns import Turns
from api.store.apart import Apart
from api.store.database import Database
from api.store.sealed import Seal


@dataclass(frozen=True)
class People:
    """The services of this room."""

    residents: Residents
    reading: Reading
    spells: Spells
    turns: Turns
    exports: Exports
    erasures: Erasures


def make_people(
    database: Database,
    clock: Clock,
    seal: Seal | None,
    configurations: Configurations,
    second_factors: SecondFactors,
    *,
    apart: Apart,
    opener: Opener | None = None,
    striker: Striker | None = None,
) -> People:
    """The services over one database.

    Args:
        database: Where everything is.
        clock: The centre's.
        seal: Its key, or None where it has none.
        configurations: What hubs are told.
        second_factors: Asked before anybody is erased.
        apart: Deals with each of what is due by the clock by itself.
        opener: Opens what other rooms keep sealed of a home.
        striker: Strikes out of it who is erased.
    """
    sealing = Sealing(seal)
    return People(
        residents=Residents(database, clock, sealing, configurations),
        reading=Reading(database, clock, sealing, configurations),
        spells=Spells(database, clock, apart),
        turns=Turns(database, clock, sealing, configurations, apart),
        exports=Exports(database, clock, sealing, opener),
        erasures=Erasures(
            database, clock, second_factors, configurations,
            sealing=sealing, opener=opener, striker=striker,
        ),
    )  # fmt: skip
