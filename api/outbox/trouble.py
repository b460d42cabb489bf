"""Tells staff where a channel does not deliver: one technical alert for each, and its end.

What is told of a channel never goes out by that channel (`tell_others` leaves it out): an alert
about messages that do not arrive would make another that does not.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.alerts.own import CHANNEL_DEAD, raise_own, report_own
from api.clock import Clock
from api.outbox.sql import SQL
from api.silence.words import EVERYWHERE, face
from api.store.database import Database
from api.store.reach import CENTRE
from contract import Alert, Phase, Severity

_LOCK = 0x7E1ECA33
"""Any number that nobody else locks in the same database."""
CHECK = (
    "Have whoever looks after the centre see what was given up, and why, by `telecare-api outbox`, "
    "and have it sent again. Until it is mended, tell those who rely on it by telephone."
)


class Trouble:
    """Looks, by the clock, at what became of the messages to each destination."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def look(self) -> None:
        """Looks once, unless another replica does."""
        now = self._clock()
        async with self._database.transaction(CENTRE) as connection:
            if not await connection.fetchval("select pg_try_advisory_xact_lock($1)", _LOCK):
                return
            for row in await connection.fetch(SQL.over, CHANNEL_DEAD):
                await report_own(connection, row["id"], over(row["channel"], now))
            for row in await connection.fetch(SQL.failing, CHANNEL_DEAD):
                told = dead(row["channel"], row["names"], row["since"], now)
                if _is_news(row):
                    await raise_own(connection, told, None, row["organisation"])
                elif not row["ended"] and (told.text != row["text"] or row["cleared_at"]):
                    await report_own(connection, row["alert"], told)


def _is_news(row: Mapping[str, Any]) -> bool:
    """Whether staff have not been told yet; what they ended is not raised for the same again."""
    if row["alert"] is None:
        return True
    return row["ended"] and (row["cleared_at"] is not None or row["latest"] > row["ended_at"])


def dead(channel: str, names: list[str], since: datetime, now: datetime) -> Alert:
    """What staff are told while messages are given up."""
    which = ", ".join(names)
    text = (
        f"What the centre tells others by {channel} does not arrive: {which}. "
        f"Messages have been given up since {face(since)}."
    )
    return _alert(channel, text, CHECK, now)


def over(channel: str, now: datetime) -> Alert:
    """What they are told once it delivers again, or is turned off."""
    text = (
        f"What the centre tells others by {channel} arrives again, or is turned off. "
        "What was given up meanwhile was not sent."
    )
    return _alert(channel, text, "Have what was given up sent again where it still matters.", now,
                  Phase.CLEARED)  # fmt: skip


def _alert(channel: str, text: str, prompt: str, now: datetime, phase: Phase = Phase.OPEN) -> Alert:
    return Alert(
        id=f"{CHANNEL_DEAD}:{channel}:{now:%Y%m%dT%H%M%S%f}",
        home=EVERYWHERE,
        condition=CHANNEL_DEAD,
        severity=Severity.TECHNICAL,
        raised_at=now,
        updated_at=now,
        phase=phase,
        subject=channel,
        score=1.0,
        text=text,
        prompt=prompt,
    )
