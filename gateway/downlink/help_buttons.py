"""Help buttons that the hub would hear no more: nobody takes one away by leaving it out."""

from collections.abc import Collection, Iterable

from gateway.downlink.standing import Peeked
from gateway.normaliser.faults import Fault
from gateway.settings import Sensor


def no_longer_heard(
    before: Iterable[Sensor], after: Iterable[Sensor], removed: Collection[str] = ()
) -> dict[str, str]:
    """The devices by which somebody could call before and could not after, with their names.

    Args:
        before: What was fitted.
        after: What is to be.
        removed: Devices of which it is said that they were taken away.
    """
    kept = {one.heard_as for one in after if one.kind == "button"}
    return {
        one.heard_as: one.name
        for one in before
        if one.kind == "button" and one.heard_as not in kept and one.heard_as not in removed
    }


def objection(lost: dict[str, str]) -> str:
    """Why a configuration will not do that has the hub hear some no more; empty where none."""
    if not lost:
        return ""
    named = ", ".join(f"{name!r} (device {device!r})" for device, name in lost.items())
    devices = ", ".join(f'"{device}"' for device in lost)
    return (
        f"sensors: help buttons of this hub are not listed as buttons any more: {named}; a call by "
        'one would be lost. Allowed is to list each with kind "button", or, where it was taken '
        f'away, to name its device: "removed_buttons": [{devices}]'
    )


def passed_over(base: Iterable[Sensor], holds: Peeked) -> list[Fault]:
    """Help buttons of the hub's own file that the centre's configuration passes over.

    It was taken by an earlier software, or the file is newer. Each is told to the centre.
    """
    lost = no_longer_heard(base, holds.settings.sensors, holds.removed)
    return [
        Fault(
            name,
            0.0,
            f"The hub's own file lists the help button {name}, and the centre's configuration "
            f"{holds.version} does not: nobody is told of its calls. Where it was taken away, "
            f'"removed_buttons" is to name its device, "{device}".',
        )
        for device, name in lost.items()
    ]
