"""One record of the journal in one line, for people, by the home's clock."""

from zoneinfo import ZoneInfo

from contract import Alert, Kind, RecordKind, SensorEvent, decode

_WORDS = {
    (Kind.OPENING, 1.0): "opened",
    (Kind.OPENING, 0.0): "closed",
    (Kind.PRESENCE, 1.0): "entered",
    (Kind.PRESENCE, 0.0): "left",
    (Kind.BUTTON, 1.0): "help asked",
    (Kind.BUTTON, 0.0): "cancelled",
    (Kind.LINK, 1.0): "online",
    (Kind.LINK, 0.0): "offline",
    (Kind.MOTION, 1.0): "",
    (Kind.FLUSH, 1.0): "",
}
_UNITS = {
    Kind.APPLIANCE: " Wh",
    Kind.TEMPERATURE: " °C",
    Kind.HUMIDITY: " %",
    Kind.GAIT_SPEED: " m/s",
}


def told(kind: str, body: bytes, zone: ZoneInfo) -> str:
    """One record in one line, by the home's clock."""
    if kind == RecordKind.ALERT:
        alert = decode(body, Alert)
        when = f"{alert.updated_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        return f"{when}  ALERT {alert.phase}: {alert.condition} ({alert.severity}): {alert.text}"
    event = decode(body, SensorEvent)
    parts = [
        f"{event.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        f"{event.sensor:<20}",
        f"{event.place:<12}",
        f"{event.kind:<11}",
        _value(event),
        f"{event.duration:g} s" if event.duration is not None else "",
        f"battery {event.battery:g} %" if event.battery is not None else "",
        f"({event.quality})" if event.quality != "ok" else "",
    ]
    return "  ".join(part for part in parts if part).rstrip()


def _value(event: SensorEvent) -> str:
    words = _WORDS.get((Kind(event.kind), event.value)) if event.kind in list(Kind) else None
    if words is not None:
        return words
    unit = next((unit for kind, unit in _UNITS.items() if kind == event.kind), "")
    return f"{event.value:g}{unit}"
