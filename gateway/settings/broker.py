"""`[broker]`: where the devices speak."""

from typing import Annotated

import msgspec

from gateway.dialects.network import Network, Topic, slip_in
from gateway.settings.words import Text, is_host, unprintable
from gateway.toml_file import Step

Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]


class Broker(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[broker]`.

    Attributes:
        host: The machine on which it listens, by name or address.
        port: On which it listens there.
        username: The hub's, for a broker that asks for one.
        password_file: Holds the password alone; counts from the settings file's folder.
        client_id: Names the session the broker keeps while the hub is away; by default `telecare-`
            and the hub's id.
        base_topic: Under which the devices speak; by default the dialect's name.
        dialect: What they speak: `zigbee2mqtt`, or another of those in docs/hub-devices.md.
        away_alert_s: Seconds for which the broker may be away before the centre is told.
    """

    host: Text = "localhost"
    port: Port = 1883
    username: Text | None = None
    password_file: Text | None = None
    client_id: Text | None = None
    base_topic: Topic | None = None
    dialect: Text = "zigbee2mqtt"
    away_alert_s: Annotated[int, msgspec.Meta(ge=60, le=86_400)] = 3600


def broker_slips(broker: Broker) -> dict[tuple[Step, ...], str]:
    """What the MQTT client would only stumble over, or the broker hang up on without a word."""
    found = unprintable("broker", broker)
    if not is_host(broker.host):
        found["broker", "host"] = (
            f"{broker.host!r} is no host; allowed is a name such as localhost, or an address"
        )
    return found


def network_slips(networks: tuple[Network, ...]) -> dict[tuple[Step, ...], str]:
    """The first network is the broker's own."""
    for index, one in enumerate(networks):
        table: tuple[Step, ...] = ("networks", index - 1) if index else ("broker",)
        if index and (one.dialect, one.base) == (networks[0].dialect, networks[0].base):
            default = " (its default)" if one.dialect == Broker().dialect else ""
            twice = f"[broker] has {one.dialect} on {one.base!r} already{default}"
            return {(*table, "dialect"): f"{twice}; allowed is each once"}
        if (found := slip_in(one, networks[:index])) is not None:
            key, wrong = found
            return {(*table, key): wrong}
    return {}
