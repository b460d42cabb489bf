"""Which appliances are known, by the place their plug stands for, and in which households.

A new appliance is a module, a table in `fitted.toml` and a line in `Fitted`.
"""

from functools import cache
from importlib.resources import files
from typing import Protocol

import msgspec

from simulator.appliances.kettle import Kettle
from simulator.appliances.microwave import Microwave
from simulator.appliances.sample import Sample, Use
from simulator.appliances.toaster import Toaster
from simulator.appliances.unknown import Unknown
from simulator.living.chance import Chance


class Appliance(Protocol):
    """One household's appliance."""

    def curve(self, wh: float, seconds: float, chance: Chance) -> list[Sample]:
        """See :func:`curve`."""
        ...

    def draw_use(self, chance: Chance) -> Use:
        """See :func:`draw_use`."""
        ...

    def another(self, chance: Chance) -> "Appliance":
        """That of a household that was not recorded, used alike."""
        ...


class Fitted(msgspec.Struct, forbid_unknown_fields=True):
    """`fitted.toml`: each kind of appliance in each household that was recorded."""

    kettle: dict[str, Kettle]
    microwave: dict[str, Microwave]
    toaster: dict[str, Toaster]


_UNKNOWN = Unknown()


@cache
def _fitted() -> dict[str, dict[str, Appliance]]:
    text = files("simulator.appliances").joinpath("fitted.toml").read_bytes()
    fitted = msgspec.toml.decode(text, type=Fitted)
    return {kind: getattr(fitted, kind) for kind in Fitted.__struct_fields__}


def recorded(appliance: str) -> dict[str, Appliance]:
    """The appliance as fitted to each household that was recorded, by the household's name.

    Raises:
        LookupError: No such appliance is known.
    """
    if appliance not in _fitted():
        raise LookupError(f"{appliance} is not known; known are {', '.join(sorted(_fitted()))}")
    return _fitted()[appliance]


def draw_household(appliance: str, chance: Chance) -> Appliance:
    """The appliance of a household that was not recorded, used as in one of those that were.

    Raises:
        LookupError: No such appliance is known.
    """
    like = chance.pick([(made, 1.0) for made in recorded(appliance).values()])
    return like.another(chance)


def curve(appliance: str | Appliance, wh: float, seconds: float, chance: Chance) -> list[Sample]:
    """What a plug reports of one use: at its start, on change, every 10 s, and 0 W at the end.

    The same arguments and the same draws give the same reports. Power times time from report to
    report sums to `wh`, as the counter does; power never falls to 0 before the end.

    Args:
        appliance: One household's, or a word such as `kettle`: then the first recorded one. An
            unknown word draws even power.
        wh: Energy, above 0.
        seconds: Length, from 0.001.
        chance: For the wobble.

    Raises:
        ValueError: The energy or the time is none.
    """
    return _found(appliance).curve(wh, seconds, chance)


def draw_use(appliance: str | Appliance, chance: Chance) -> Use:
    """A use such as the household makes: its energy and its length.

    Raises:
        LookupError: Nobody measured how that appliance is used.
    """
    return _found(appliance).draw_use(chance)


def _found(appliance: str | Appliance) -> Appliance:
    if not isinstance(appliance, str):
        return appliance
    return next(iter(recorded(appliance).values())) if appliance in _fitted() else _UNKNOWN
