"""What is on record of a person, as far as lists of people to call need it.

It comes from whoever implements :class:`Records`; :class:`FromConfiguration` reads the newest
configuration of each home, in which all stands that its hub is to know.
"""

from datetime import date
from typing import Any, NamedTuple, Protocol

import msgspec

from api.store.database import Connection

_BANDS: dict[str, tuple[int, int | None]] = {
    "under_65": (0, 64),
    "65_to_79": (65, 79),
    "80_or_more": (80, None),
}
_FLAGS = ("earlier_uti", "catheter", "dementia", "earlier_falls", "fluid_limit")
_GONE = {"hospital", "away"}

_SETTINGS = """
select h.home, c.content->'risk' as risk, c.content->'context' as context
from home h
cross join lateral (
    select content from configuration c where c.home = h.home order by c.version desc limit 1
) c
where h.organisation = $1
"""


class Record(NamedTuple):
    """What is on record of one person.

    Attributes:
        age: The band of years, both ends included; None at its end where it is open.
        flags: What is on record, in the words of the hub's risk profile.
        discharged: The day on which they last came home from hospital.
        gone: Whether they are away or in hospital today.
    """

    age: tuple[int, int | None] | None
    flags: frozenset[str]
    discharged: date | None
    gone: bool


class Records(Protocol):
    """Whoever knows what is on record."""

    async def of(self, connection: Connection, organisation: int, today: date) -> dict[str, Record]:
        """By home, within an organisation; a home of which nothing is on record is not there."""
        ...


class FromConfiguration:
    """`risk` and `context` of each home's newest configuration."""

    async def of(self, connection: Connection, organisation: int, today: date) -> dict[str, Record]:
        """By home."""
        rows = await connection.fetch(_SETTINGS, organisation)
        return {row["home"]: _read(row["risk"], row["context"], today) for row in rows}


def _read(risk: str | None, context: str | None, today: date) -> Record:
    known: dict[str, Any] = (msgspec.json.decode(risk) if risk else None) or {}
    situations: list[dict[str, Any]] = (msgspec.json.decode(context) if context else None) or []
    over = [
        _day(one["until"])
        for one in situations
        if one.get("situation") == "hospital" and one.get("until")
    ]
    return Record(
        age=_BANDS.get(str(known.get("age"))),
        flags=frozenset(flag for flag in _FLAGS if known.get(flag)),
        discharged=max((day for day in over if day < today), default=None),
        gone=any(_lasts(one, today) for one in situations if one.get("situation") in _GONE),
    )


def _lasts(situation: dict[str, Any], today: date) -> bool:
    until = situation.get("until")
    return _day(situation["since"]) <= today and (until is None or today <= _day(until))


def _day(text: str) -> date:
    return date.fromisoformat(text)
