"""The same settings without a file: for hubs that live in this process."""

from collections.abc import Mapping

from gateway.dialects.network import Network
from gateway.settings import Broker, Centre, Clock, Hub, Sensor, Settings
from simulator.living.senses.registry import roles_of


def settings_of(
    home: str,
    dialects: Mapping[str, str],
    *,
    hub: str = "",
    time_zone: str = "Europe/London",
    people: int = 1,
    centre: str | None = None,
    clock: str = "events",
) -> Settings:
    """What a hub must know to hear a made-up home; each dialect lies below its own name.

    Args:
        home: As its hub calls it.
        dialects: How each of its sensors speaks.
        hub: The hub's identifier.
        time_zone: IANA name.
        people: How many live there.
        centre: The centre's address, where it has one.
        clock: `wall` where life passes at its own pace, else `events`.
    """
    first, *others = dict.fromkeys(dialects.values())
    return Settings(
        hub=Hub(id=hub or f"hub-{home}", home=home, time_zone=time_zone, people=people),
        broker=Broker(dialect=first),
        networks=tuple(Network(dialect=dialect) for dialect in others),
        centre=None if centre is None else Centre(url=centre),
        clock=Clock(source="wall" if clock == "wall" else "events"),
        sensors=tuple(
            Sensor(name=role.sensor, kind=role.kind, place=role.place)  # type: ignore[arg-type]  # the roles of a home are of these kinds
            for role in roles_of(tuple(dialects))
        ),
    )
