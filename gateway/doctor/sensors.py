"""Checks of the sensors: which have not been heard, and who speaks that nobody expects."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing

from contract import Kind, SensorHealth
from detectors.battery_low import LOW
from gateway.doctor.finding import Finding, note, ok, skipped, wrong
from gateway.journal import Journal, JournalError
from gateway.normaliser import Normaliser
from gateway.settings import Files, Settings

SILENT_S = 25 * 3600.0
"""Battery-powered Zigbee devices check in once a day; Zigbee2MQTT too waits 25 hours."""
QUIET_BY_NATURE = frozenset({Kind.BUTTON, Kind.GAIT_SPEED})
"""Kinds whose sensor may rightly say nothing for long."""
_WALK = "walk past it or use it, then run this again"
_SHOWN = 5


def check_sensors(settings: Settings, files: Files, now: float) -> Iterator[Finding]:
    """Each sensor of the settings, and devices that speak but are not there."""
    if not settings.sensors:
        yield wrong(
            "sensors",
            "the settings list none",
            "add a [[sensors]] table for each; docs/hub.md shows how",
        )
        return
    try:
        with closing(Journal.open_read_only(files.journal)) as journal:
            fitted = Normaliser(settings.hub.home, settings.sensors)
            fitted.thaw(journal.devices())
            yield from (check_sensor(one, now) for one in fitted.health())
            yield from _strangers(
                one.topic for one in journal.quarantine() if "no sensor of this name" in one.reason
            )
    except (JournalError, sqlite3.DatabaseError, ValueError) as error:
        yield skipped("sensors", f"the journal cannot tell of them: {error}")


def check_sensor(sensor: SensorHealth, now: float) -> Finding:
    """One sensor, as the hub last knew it."""
    check = f"sensor {sensor.sensor}"
    if sensor.last_seen is None:
        return wrong(
            check,
            "never heard",
            f"{_WALK}; if it stays so, compare its name with what the broker carries",
        )
    silent = max(0.0, now - sensor.last_seen.timestamp())
    said = f"heard {_span(silent)} ago"
    if sensor.online is False:
        return wrong(
            check, f"{said}; its network says it is away", "check battery and distance; re-pair it"
        )
    if silent > SILENT_S and sensor.kind not in QUIET_BY_NATURE:
        return wrong(check, said, f"{_WALK}; else change its battery")
    if sensor.battery is not None and sensor.battery < LOW:
        return note(check, f"{said}, battery {sensor.battery:g} %", "change its battery soon")
    return ok(check, said)


def _strangers(topics: Iterable[str]) -> Iterator[Finding]:
    names = list(dict.fromkeys(topics))
    if names:
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield note(
            "unknown devices",
            ", ".join(names[:_SHOWN]) + more,
            "add a [[sensors]] table for those that belong to the home; "
            "telecare-gateway quarantine shows them",
        )


def _span(seconds: float) -> str:
    for size, word in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {word}{'' if count == 1 else 's'}"
    return "less than a minute"
