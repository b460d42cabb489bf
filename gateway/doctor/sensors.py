"""Checks of the sensors: which have not been heard, and who speaks that nobody expects."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

from contract import Condition, Kind, Phase, SensorHealth
from detectors.battery_low import LOW
from gateway.beside import Beside, beside
from gateway.doctor.buttons import check_buttons
from gateway.doctor.finding import Finding, State, note, ok, skipped, wrong
from gateway.doctor.strangers import check_strangers, strangers
from gateway.downlink.standing import Peeked
from gateway.journal import Journal, JournalError
from gateway.journal.told import newest_alerts
from gateway.settings import Files, Settings
from gateway.watch.unread import Refusals, Refused, refused_lately, times, unread

SILENT_S = 25 * 3600.0
"""Battery-powered Zigbee devices check in once a day; Zigbee2MQTT too waits 25 hours."""
QUIET_BY_NATURE = frozenset({Kind.BUTTON, Kind.GAIT_SPEED})
"""Kinds whose sensor may rightly say nothing for long."""
_WALK = "walk past it or use it, then run this again"


def check_sensors(settings: Settings, files: Files, now: float) -> Iterator[Finding]:
    """Each sensor that the hub listens to, and devices that speak but are not there.

    Args:
        settings: The hub's own file; what the centre has set is laid over it.
        files: Where its journal is.
        now: The hub's clock, in epoch seconds.
    """
    try:
        with closing(Journal.open_read_only(files.journal)) as journal:
            holds = beside(settings, journal)
            if holds.settings.sensors:
                refused = refused_lately(journal, now)
                yield from _each(holds, journal, now, refused)
                yield from _out_of_time(journal)
                unknown = strangers(journal, holds)
                misread = unread(holds.settings.sensors, refused)
                yield from check_buttons(settings, holds, unknown, misread)
                yield from check_strangers(unknown, holds)
            else:
                yield _none(holds)
    except (JournalError, sqlite3.DatabaseError, ValueError) as error:
        if settings.sensors:
            yield skipped("sensors", f"the journal cannot tell of them: {error}")
        else:
            yield _none(Beside(Peeked(settings)))


def _none(holds: Beside) -> Finding:
    if "sensors" in holds.effective.parts:
        said = f"configuration {holds.effective.version} of the centre lists none"
        return wrong("sensors", said, "have the centre set those that are fitted")
    remedy = "telecare-gateway discover writes a [[sensors]] table for each that speaks"
    return wrong("sensors", "the settings list none", remedy)


def _each(holds: Beside, journal: Journal, now: float, refused: Refusals) -> Iterator[Finding]:
    pause = holds.pause(now)
    since = None if pause is None else pause.since
    devices = {one.name: one for one in holds.settings.sensors}
    for sensor in holds.sensors(journal):
        unused = refused.of(devices[sensor.sensor])
        yield check_sensor(sensor, now, since, unused)


def check_sensor(
    sensor: SensorHealth,
    now: float,
    paused_since: float | None = None,
    refused: Sequence[Refused] = (),
) -> Finding:
    """One sensor, as the hub last knew it.

    Args:
        sensor: How it fares.
        now: The hub's clock, in epoch seconds.
        paused_since: When the pause began that lasts now; what was heard in it is not told.
        refused: What it said lately that could not be used, the newest first.
    """
    found = _as_heard(sensor, now, paused_since)
    if not refused:
        return found
    check, newest = found.check, refused[0]
    shown = f"telecare-gateway quarantine show {newest.number} shows it"
    why = f"what it said could not be used, {times(refused)}: {newest.reason}"
    if sensor.last_seen is None:  # nobody need walk past it, or look at its name
        return wrong(check, f"{found.said}: {why}", f"{shown}; have it say what is wanted")
    said = f"{found.said}; {why}"
    if found.state is State.WRONG:
        return wrong(check, said, f"{shown}; {found.remedy}")
    return note(check, said, f"{shown}; {found.remedy}" if found.remedy else shown)


def _as_heard(sensor: SensorHealth, now: float, paused_since: float | None) -> Finding:
    """The same by what could be used alone."""
    check = f"sensor {sensor.sensor}"
    if sensor.last_seen is None:
        return wrong(
            check,
            "never heard",
            f"{_WALK}; if it stays so, compare its name with what the broker carries",
        )
    seen = sensor.last_seen.timestamp()
    if paused_since is None:
        silent = max(0.0, now - seen)
        said = f"heard {_span(silent)} ago"
    else:
        silent = max(0.0, paused_since - seen)
        said = (
            f"heard {_span(silent)} before the pause" if silent else "heard; the pause hides when"
        )
    if (trouble := _trouble(sensor, silent)) is not None:
        found, remedy = trouble
        return wrong(check, f"{said}; {found}" if found else said, remedy)
    if sensor.battery is not None and sensor.battery < LOW:
        return note(check, f"{said}, battery {sensor.battery:g} %", "change its battery soon")
    return ok(check, said)


def _trouble(sensor: SensorHealth, silent: float) -> tuple[str, str] | None:
    """What is wrong with a sensor that was heard, and what to do."""
    if sensor.online is False:
        return "its network says it is away", "check battery and distance; re-pair it"
    if silent > SILENT_S and sensor.kind not in QUIET_BY_NATURE:
        return "", f"{_WALK}; else change its battery"
    if sensor.stuck:
        return (
            "it has said for hours on end that something moves, and is not believed",
            "see what it points at; take out its battery for a moment; else change it",
        )
    if sensor.unlike:
        return (
            f"listed as {', '.join(sensor.unlike)}, it tells of other things",
            f"{_WALK}; if it stays so, it is of another kind: telecare-gateway discover says which",
        )
    if sensor.untried:
        return (
            "no press of it has ever come, so nobody knows that a call would",
            "press it as somebody would who needs help, then run this again",
        )
    return None


def _out_of_time(journal: Journal) -> Iterator[Finding]:
    """What the hub itself told of times by which nothing can be detected."""
    for alert in newest_alerts(journal, lambda one: one.condition == Condition.HUB_CLOCK):
        if alert.phase == Phase.OPEN:
            yield wrong(f"times of {alert.subject}", alert.text, alert.prompt)


def _span(seconds: float) -> str:
    for size, word in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {word}{'' if count == 1 else 's'}"
    return "less than a minute"
