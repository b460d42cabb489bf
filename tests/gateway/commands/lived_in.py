"""A hub that has heard some days of a home, for the commands that look back on them."""

from collections import Counter
from pathlib import Path

import msgspec

from contract import SensorEvent, decode, encode
from gateway.journal import Intake, Journal
from gateway.journal.intake import quarantined
from gateway.journal.journal import EngineMemory
from tests.gateway.events import START, alert, event
from tests.gateway.household import Household

DAY = 24
STRANGER = "no sensor of this name is in the settings"


def lived_in(folder: Path, days: int = 3) -> tuple[Household, list[SensorEvent]]:
    """A hub with four movements and an opening each day, one of which came late; sorted by time."""
    household = Household(folder)
    events = [
        one
        for day in range(days)
        for one in (
            *(event(day * DAY + hour) for hour in (7, 9, 12)),
            event(day * DAY + 12.5, "front_door", "opening"),
            event(day * DAY + 20),
        )
    ]
    events = [decode(encode(_named(one)), SensorEvent) for one in events]
    with Journal.open(household.journal_path, "hub-1", "h1") as journal:
        for one in (*events[1:], events[0]):  # the first came last
            journal.write_intake(Intake(events=[one]), one.at.timestamp())
        aside = [
            quarantined(START, "zigbee2mqtt/plug", "dated 4000 s ahead of the hub's clock", b"{"),
            quarantined(START, "zigbee2mqtt/plug", "dated 412 s ahead of the hub's clock", b"{"),
            quarantined(START, "zigbee2mqtt/new", STRANGER, b'{"contact":\xff}', once=True),
        ]
        states = {"front-door": b'{"heard_at":1772496000.0,"battery":41.0,"online":false}'}
        journal.write_intake(
            Intake(quarantine=aside, devices=states, counts=Counter(refused=2)), START
        )
        journal.write_outputs([alert(2)], EngineMemory(1, None, b""), Counter(), START)
    return household, events


def _named(one: SensorEvent) -> SensorEvent:
    """Under the names of the household's settings."""
    if one.kind != "opening":
        return one
    return msgspec.structs.replace(one, sensor="front-door")


def written(events: list[SensorEvent]) -> bytes:
    """The events as a recording holds them."""
    return b"".join(encode(one) + b"\n" for one in events)
