"""The form of a scenario file: what may stand in it, and what each key means."""

from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from simulator.arguments import MOST_HOMES

_MOST_DAYS = 3660

Text = Annotated[str, Meta(min_length=1, max_length=200)]
Name = Annotated[str, Meta(min_length=1, max_length=128)]
Share = Annotated[float, Meta(ge=0, le=1)]
Part = Annotated[float, Meta(gt=0, le=1)]
Days = Annotated[float, Meta(ge=0, le=_MOST_DAYS)]
Hours = Annotated[float, Meta(ge=0, le=24 * _MOST_DAYS)]
# Of two; a tuple of fixed length makes msgspec 0.22 crash when garbage is collected.
Range = Annotated[tuple[float, ...], Meta(min_length=2, max_length=2)]  # least, most


def means(meaning: str) -> Meta:
    """What a key means, for the schema and for whoever writes a file."""
    return Meta(description=meaning)


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any table of the file: what it does not know is an error."""


class StreetTable(Table, frozen=True, kw_only=True):
    """`[street]`: how many homes there are, and how they differ."""

    homes: Annotated[
        Annotated[int, Meta(ge=1, le=MOST_HOMES)] | None,
        means("How many; by default as many as there are [[home]] tables, or one."),
    ] = None
    alone: Annotated[bool, means("One person in each home, and nobody else.")] = False
    couples: Annotated[Share | None, means("Share of homes with two residents.")] = None
    pets: Annotated[Share | None, means("Share of homes with a cat.")] = None
    carers: Annotated[Share | None, means("Share of homes to which a carer comes daily.")] = None
    visitors: Annotated[bool | None, means("Whether family comes now and then.")] = None
    sensors: Annotated[tuple[Name, ...] | None, means("What is fitted in every home.")] = None
    left_out: Annotated[
        Share | None, means("Share of sensors that are missing, drawn home by home.")
    ] = None
    dialect: Annotated[
        Name | tuple[Name, ...],
        means("How devices speak; of several, each home draws one."),
    ] = "zigbee2mqtt"


class HomeTable(Table, frozen=True, kw_only=True):
    """`[[home]]`: what is not left to chance in one home."""

    name: Annotated[
        Name | None, means("Which: home1, home2 ...; by default by the place of the table.")
    ] = None
    residents: Annotated[Annotated[int, Meta(ge=1, le=2)] | None, means("How many live there.")] = (
        None
    )
    pet: Annotated[bool | None, means("Whether a cat lives there.")] = None
    carer_visits: Annotated[
        Annotated[int, Meta(ge=0, le=4)] | None, means("Of a carer, a day.")
    ] = None
    family_visits: Annotated[
        Annotated[float, Meta(ge=0, le=7)] | None, means("Of family, a week.")
    ] = None
    sensors: Annotated[tuple[Name, ...] | None, means("What is fitted.")] = None
    dialect: Annotated[Name | None, means("How its devices speak.")] = None
    dialects: Annotated[
        dict[str, str], means("Of single sensors, where they speak otherwise.")
    ] = {}


class Befalling(Table, frozen=True, kw_only=True):
    """Whom something befalls, and when: the part that episodes and faults share."""

    kind: Annotated[Name, means("What it is.")]
    home: Annotated[Name | None, means("Whom it befalls: one home.")] = None
    homes: Annotated[tuple[Name, ...] | None, means("Whom it befalls: several homes.")] = None
    every: Annotated[bool, means("It befalls every home.")] = False
    share: Annotated[
        Part | None, means("It befalls this share of the homes, at least one, drawn by the seed.")
    ] = None
    day: Annotated[
        Annotated[int, Meta(ge=0, le=_MOST_DAYS)],
        means("Days after the first one, which is 0, when it sets in."),
    ] = 0
    hour: Annotated[
        Annotated[float, Meta(ge=0, le=24)], means("On the wall clock of that day.")
    ] = 0.0
    spread_days: Annotated[Days, means("Each home's onset comes up to so much later.")] = 0.0
    spread_hours: Annotated[Hours, means("The same in hours; both add up.")] = 0.0
    days: Annotated[
        Days | Range | None, means("How long it lasts in full, or the range to draw from.")
    ] = None
    hours: Annotated[Hours | Range | None, means("The same in hours.")] = None
    sensor: Annotated[Name | None, means("The sensor that it is about.")] = None


class EpisodeTable(Befalling, frozen=True, kw_only=True):
    """`[[episode]]`: something befalls people, or the home they live in."""

    severity: Annotated[
        Share | Range, means("From 0, nothing, to 1, the worst; or the range to draw from.")
    ] = 1.0
    room: Annotated[Name | None, means("The room that it is about.")] = None


class FaultTable(Befalling, frozen=True, kw_only=True):
    """`[[fault]]`: something goes wrong between devices and hub."""

    settings: Annotated[
        dict[str, Any], means("The fault's own parameters, by name; see docs/simulator-faults.md.")
    ] = {}


class Scenario(Table, frozen=True, kw_only=True):
    """A scenario file."""

    title: Annotated[Text, means("In a few words.")]
    about: Annotated[str, means("What it is good for, and what a hub or team should make of it.")]
    start: Annotated[date, means("The first day; it begins at midnight on the homes' clock.")]
    days: Annotated[Annotated[int, Meta(ge=1, le=_MOST_DAYS)], means("How long it goes on.")]
    seed: Annotated[
        Annotated[int, Meta(ge=1, le=2**53)], means("Draws all that is left to chance.")
    ] = 1
    time_zone: Annotated[Name, means("IANA name.")] = "Europe/London"
    street: StreetTable = StreetTable()
    home: tuple[HomeTable, ...] = ()
    episode: tuple[EpisodeTable, ...] = ()
    fault: tuple[FaultTable, ...] = ()

    @property
    def homes(self) -> int:
        """How many homes there are."""
        return self.street.homes or max(1, len(self.home))

    @property
    def names(self) -> tuple[str, ...]:
        """Of the homes, in order."""
        return tuple(f"home{number}" for number in range(1, self.homes + 1))

    def named(self) -> list[tuple[str, HomeTable]]:
        """The tables of single homes, each with the name of its home."""
        return [
            (table.name or f"home{index}", table) for index, table in enumerate(self.home, start=1)
        ]
