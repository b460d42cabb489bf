"""What the centre knows of a home's people, laid over what staff put: never a name."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from api.clock import Clock
from api.people.consent import Agreed, switched_off
from api.people.risk import RiskRecord, told
from api.people.sql import SQL
from api.store.database import Connection
from api.store.stored import Stored, stored
from contract import HomeSettings


class Composing:
    """Adds the risk profile and what is switched off to a home's configuration."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def __call__(
        self, connection: Connection, home: str, settings: HomeSettings
    ) -> HomeSettings:
        """The settings with `risk` and `off`, as far as anything is on record."""
        rows = await connection.fetch(SQL.on_record, home)
        if not rows:
            return settings
        at = await connection.fetchrow(SQL.home, home)
        off = switched_off(agreed_of(rows), local_day(self._clock(), at["time_zone"]))
        more: dict[str, Any] = {}
        risk = told(records_of(rows))
        if risk is not None:
            more["risk"] = risk
        if off:
            more["off"] = sorted({*off, *(settings.off or [])})
        return msgspec.structs.replace(settings, **more)


def records_of(rows: list[Any]) -> list[Stored[RiskRecord]]:
    """What is on record of each, with the age that their date of birth gave."""
    found = []
    for row in rows:
        if row["profile"] is None and row["age"] is None:
            continue
        kept = msgspec.json.decode(row["profile"] or b"{}")
        age = {"age": row["age"]} if row["age"] else {}
        found.append(stored({**kept, **age}, RiskRecord))
    return found


def agreed_of(rows: list[Any]) -> list[Agreed]:
    """The newest word of each who has given one."""
    return [
        Agreed(state=row["state"], conditions=list(row["conditions"]), expires_on=row["expires_on"])
        for row in rows
        if row["state"] is not None
    ]


def local_day(now: datetime, zone: str) -> Any:
    """The day in a home."""
    return now.astimezone(ZoneInfo(zone)).date()
