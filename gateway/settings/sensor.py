"""`[[sensors]]`: what was fitted in the home."""

import re
from typing import Annotated, Literal

import msgspec

from gateway.settings.words import Text
from gateway.toml_file import Step

Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]
Watts = Annotated[float, msgspec.Meta(gt=0, le=20_000)]

_ADDRESS = re.compile(
    r"^([0-9a-f]{2}(:[0-9a-f]{2}){5}|0x[0-9a-f]{16}|shelly[0-9a-z]*-[0-9a-f]{12})(?=/|$)",
    re.IGNORECASE,
)
"""A Bluetooth, a Zigbee and a Shelly's own address. On the networks all are in small letters."""


class Sensor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[sensors]]`: one thing that one device tells. A device that tells two stands here twice.

    Attributes:
        name: What the sensor is called in everything the hub tells.
        kind: What it tells.
        place: The room or thing it watches, in lower_snake_case.
        device: The device's name in its dialect, where it is not `name`.
        edges: `rising` where only the openings or entries of the sensor matter.
        debounce_s: An edge so many seconds after another waits, to see whether it was a bounce.
        on_w: An appliance is in use from this power on, in watts.
        off_w: Its use ends when the power falls below this, in watts,
        gap_s: and stays there for so many seconds.
    """

    name: Text
    kind: Literal[
        "motion",
        "opening",
        "appliance",
        "flush",
        "presence",
        "temperature",
        "humidity",
        "gait_speed",
        "button",
        "link",
    ]
    place: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,63}$")]
    device: Text | None = None
    edges: Literal["both", "rising"] = "both"
    debounce_s: Annotated[float, msgspec.Meta(ge=0, le=60)] = 1.0
    on_w: Watts = 500.0
    off_w: Watts = 100.0
    gap_s: Seconds = 90.0

    @property
    def heard_as(self) -> str:
        """The device's name in its dialect; an address in small letters, as labels have others."""
        return _ADDRESS.sub(lambda found: found[0].lower(), self.device or self.name, count=1)

    @property
    def holds_s(self) -> float:
        """The longest it may hold back what it heard, in seconds."""
        return self.gap_s if self.kind == "appliance" else self.debounce_s


def sensor_slips(
    index: int, sensor: Sensor, before: tuple[Sensor, ...]
) -> dict[tuple[Step, ...], str]:
    """What is wrong with the sensor at `index`, given those that stand before it."""
    if any((one.name, one.kind) == (sensor.name, sensor.kind) for one in before):
        return {
            ("sensors", index, "name"): f"{sensor.name!r} already tells {sensor.kind} above; "
            "allowed is each name once for each kind"
        }
    for one in before:
        if (one.name == sensor.name) != (one.heard_as == sensor.heard_as):
            return {
                ("sensors", index, "name"): f"{sensor.name!r} is the device {sensor.heard_as!r} "
                f"here, and above {one.name!r} is {one.heard_as!r}; allowed is one name for each "
                "device, wherever it stands"
            }
    if sensor.off_w >= sensor.on_w:
        return {
            ("sensors", index, "off_w"): f"{sensor.off_w:g} is not below on_w = {sensor.on_w:g}; "
            "allowed is a lower power, so that flicker does not split a use"
        }
    return {}
