"""Tasmota: telemetry as JSON, its time in whole seconds.

A movement detector, a contact or a shaken cistern is wired to `Switch1` in `SwitchMode1 15`, which
tells each change at once; a plug tells at once by `PowerDelta`, a thermometer by `TempDelta`.
"""

from datetime import UTC, datetime

import msgspec

from gateway.dialects.protocol import Signal
from simulator.devices.message import Message
from simulator.devices.said import Raw, Said
from simulator.devices.voices.protocol import level, no_word, state_of

_AIR = {Signal.TEMPERATURE: "Temperature", Signal.HUMIDITY: "Humidity"}


class Tasmota:
    """Speaks as devices do with their usual `FullTopic`.

    Args:
        offset: Whether times bear their offset from UTC (`SetOption52 1`), as a hub wants it. A
            device that was left as it came tells none.
    """

    def __init__(self, *, offset: bool = True) -> None:
        self._offset = offset

    @property
    def tells_time(self) -> bool:
        """Where it tells the offset: without it a hub does not believe the time."""
        return self._offset

    def say(self, said: Said) -> list[Message]:
        """Telemetry, a press, or the will that the broker keeps.

        Raises:
            UntellableError: There is no sensor for it.
        """
        topic = level(said.device)
        if Signal.ONLINE in said.values:
            word = b"Online" if said.values[Signal.ONLINE] else b"Offline"
            return [Message(said.t, f"tele/{topic}/LWT", word, retain=True)]
        if said.text == "single":
            press = msgspec.json.encode({"Button1": {"Action": "SINGLE"}})
            return [Message(said.t, f"stat/{topic}/RESULT", press)]
        sensors = _sensors(said)
        if not sensors:
            raise no_word("Tasmota", said)
        telemetry = msgspec.json.encode({"Time": self._time(said.t), **sensors})
        return [Message(said.t, f"tele/{topic}/SENSOR", telemetry)]

    def _time(self, t: float) -> str:
        time = f"{datetime.fromtimestamp(int(t), UTC):%Y-%m-%dT%H:%M:%S}"
        return f"{time}+00:00" if self._offset else time


def _sensors(said: Said) -> dict[str, object]:
    values = said.values
    if Signal.POWER in values:
        return {"ENERGY": _meter(said)}
    air = {name: round(values[signal], 1) for signal, name in _AIR.items() if signal in values}
    if air:
        return {"AM2301": air, "TempUnit": "C"}
    state = state_of(said)
    return {} if state is None else {"Switch1": "ON" if state else "OFF"}


def _meter(said: Said) -> dict[str, float]:
    """With `WattRes 1` and `EnergyRes 5`."""
    values = said.values
    meter = {"Total": round(values[Signal.ENERGY], 5), "Power": round(values[Signal.POWER], 1)}
    return meter | {
        name: values[raw]
        for raw, name in ((Raw.VOLTAGE, "Voltage"), (Raw.CURRENT, "Current"))
        if raw in values
    }
