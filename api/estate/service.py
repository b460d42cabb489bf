"""Looks at all hubs that somebody looks after."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from api.clock import Clock
from api.estate.troubles import Health, Trouble, troubles
from api.identity.people import Member
from api.identity.permissions import Permission
from api.store.database import Database
from api.store.queries import load
from api.store.stored import read_stored


@dataclass(frozen=True)
class _Sql:
    hubs: str


SQL = load(_Sql)


class EstateHub(msgspec.Struct, frozen=True, kw_only=True):
    """One hub, or a place that waits for one.

    Attributes:
        software: As it last told; empty where it did not.
        troubles: What is the matter, what is worst first; empty where all is well.
        sensors: How many it knows.
        unwell: How many of them want looking at.
        queued: Records that it had still to send.
        code_until: Of a place that waits, until when its claim code is good.
    """

    hub: str
    home: str
    label: str
    time_zone: str
    last_seen_at: datetime | None
    software: str
    troubles: list[Trouble]
    sensors: int
    unwell: int
    queued: int
    code_until: datetime | None


class EstateView(msgspec.Struct, frozen=True, kw_only=True):
    """All of them.

    Attributes:
        hubs: Those with the worst first, then by home.
        software: How many hubs at work run with which version, the commonest first.
    """

    hubs: list[EstateHub]
    software: dict[str, int]


class Estate:
    """The hubs of the organisations that somebody looks after.

    Args:
        database: Where they are.
        clock: The centre's.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, by: Member) -> EstateView:
        """Every hub at work or awaited.

        Raises:
            NotAllowed: They have nothing to do with hubs.
        """
        by.demand(Permission.ADD_HUBS)
        async with self._database.transaction(by.reach) as connection:
            hubs = [_hub(row) for row in await connection.fetch(SQL.hubs)]
        order = list(Trouble)
        hubs.sort(key=lambda one: (_rank(one, order), one.label or one.home, one.hub))
        at_work = (one for one in hubs if Trouble.AWAITED not in one.troubles)
        software = Counter(one.software for one in at_work)
        return EstateView(hubs=hubs, software=dict(software.most_common()))


def _rank(hub: EstateHub, order: list[Trouble]) -> int:
    return order.index(hub.troubles[0]) if hub.troubles else len(order)


def _told(kept: str) -> Health:
    try:
        return msgspec.json.decode(kept, type=Health)
    except msgspec.ValidationError:  # a newer hub's, by a newer replica: as far as it is known
        return read_stored(kept, Health).known


def _hub(row: Any) -> EstateHub:
    awaited = row["awaited"]
    told = _told(row["health"]) if row["health"] else Health()
    found = troubles(told, silent=row["silent"], refuses=row["refuses"])
    return EstateHub(
        hub=row["hub"],
        home=row["home"],
        label=row["label"],
        time_zone=row["time_zone"],
        last_seen_at=row["last_seen_at"],
        software=told.software,
        troubles=[Trouble.AWAITED] if awaited else found,
        sensors=len(told.sensors),
        unwell=sum(one.wants_looking_at for one in told.sensors),
        queued=told.queued,
        code_until=row["claim_expires_at"] if awaited else None,
    )
