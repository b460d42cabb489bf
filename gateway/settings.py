"""The hub's settings file: which home, which broker, which centre, which sensors."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from contract import Condition
from detectors.feedback import Recorded
from detectors.home_context import Known
from detectors.profile import Budget, HomeProfile, SensorRole, UnusualDay
from detectors.risk import RiskProfile
from detectors.rules.registry import Rules, named_twice
from gateway.detecting import wrong_choice
from gateway.dialects.network import Network, Topic, slip_in
from gateway.engine import LAG_S
from gateway.time_zones import is_known
from gateway.toml_file import Step, dotted, read_toml, slip

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]
Watts = Annotated[float, msgspec.Meta(gt=0, le=20_000)]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Hub(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[hub]`.

    Attributes:
        id: The hub's name, as the centre knows it; :command:`claim` prints it.
        home: The home it serves.
        time_zone: The home's, an IANA name.
        people: How many live there.
        data: Folder of the journal and the hub's key, from the settings file's folder.
        health_every_s: Seconds between two health records.
    """

    id: Text
    home: Text
    time_zone: str = "Europe/London"
    people: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    data: Text = "data"
    health_every_s: Annotated[float, msgspec.Meta(ge=1, le=86_400)] = 300.0


class Broker(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[broker]`.

    Attributes:
        host, port: Where it listens.
        username, password_file: For a broker that asks; the file holds the password alone.
        client_id: Names the session the broker keeps while the hub is away; by default `telecare-`
            and the hub's id.
        base_topic: Under which the devices speak; by default the dialect's name.
        dialect: What they speak: one of :data:`gateway.dialects.registry.DIALECTS`.
    """

    host: Text = "localhost"
    port: Port = 1883
    username: Text | None = None
    password_file: Text | None = None
    client_id: Text | None = None
    base_topic: Topic | None = None
    dialect: Text = "zigbee2mqtt"


class Centre(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[centre]`; without it the hub keeps everything to itself.

    Attributes:
        url: `https://...`; plain `http://` to this machine alone.
        key_file: The hub's private key; by default `hub.key` in the data folder.
        ca_file: Certificates to trust besides the system's, for a centre with its own authority.
        proxy: The HTTP proxy on the way, such as `http://proxy:3128`; `none` for none. By default
            what `HTTPS_PROXY` says. One that asks for a password stands there, not here.
    """

    url: Text
    key_file: Text | None = None
    ca_file: Text | None = None
    proxy: Text | None = None


class Clock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[clock]`.

    Attributes:
        source: `wall` for a home that lives now; `events` where a recording is played to the hub,
            so that time moves with its events alone.
    """

    source: Literal["wall", "events"] = "wall"


class Sensor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[sensors]]`: one thing that one device tells. A device that tells two stands here twice.

    Attributes:
        name: What the sensor is called in everything the hub tells.
        kind: What it tells: one of :class:`contract.Kind`.
        place: The room or thing it watches, in lower_snake_case.
        device: The device's name in its dialect, where it is not `name`.
        edges: `rising` where only the openings or entries of the sensor matter.
        debounce_s: An edge this soon after another waits, to see whether it was a bounce.
        on_w: An appliance is in use from this power on.
        off_w: Its use ends when the power falls below this
        gap_s: and stays there for so long.
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
        """The device's name in its dialect."""
        return self.device or self.name

    @property
    def holds_s(self) -> float:
        """The longest it may hold back what it heard, in seconds."""
        return self.gap_s if self.kind == "appliance" else self.debounce_s


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file.

    Attributes:
        budget: False alerts per person-month the centre will bear, by condition.
        risk: What is on record of the person.
        outcomes: What staff recorded of earlier alerts of this home.
        context: What staff know of the home that its sensors cannot.
        networks: Kinds of devices besides those that `broker` names.
        rules: What staff asked to be told of besides.
        unusual_day: How unusual days are watched for; without the table they are not.
    """

    hub: Hub
    broker: Broker = Broker()
    centre: Centre | None = None
    clock: Clock = Clock()
    budget: dict[str, Budget] = {}
    risk: RiskProfile = RiskProfile()
    outcomes: tuple[Recorded, ...] = ()
    context: tuple[Known, ...] = ()
    networks: tuple[Network, ...] = ()
    unusual_day: UnusualDay | None = None
    sensors: tuple[Sensor, ...] = ()
    rules: Rules = ()

    @property
    def heard(self) -> tuple[Network, ...]:
        """All networks that the hub listens to: the broker's own, and the further ones."""
        own = Network(dialect=self.broker.dialect, base_topic=self.broker.base_topic)
        return (own, *self.networks)

    @property
    def lag_s(self) -> float:
        """How far an event may trail: what brokers reorder, and the longest that is held back."""
        return LAG_S + max((sensor.holds_s for sensor in self.sensors), default=0.0)

    @property
    def profile(self) -> HomeProfile:
        """The home, as its detectors need to know it."""
        return HomeProfile(
            home=self.hub.home,
            time_zone=self.hub.time_zone,
            people=self.hub.people,
            budget=self.budget,
            risk=self.risk,
            outcomes=self.outcomes,
            context=self.context,
            sensors=tuple(
                SensorRole(sensor=one.name, kind=one.kind, place=one.place) for one in self.sensors
            ),
            rules=self.rules,
            unusual_day=self.unusual_day,
        )


class Files(msgspec.Struct, frozen=True, kw_only=True):
    """Where the hub keeps its things, as full paths."""

    journal: Path
    key: Path
    password: Path | None
    ca: Path | None


def load(path: Path) -> Settings:
    """Reads a settings file.

    Raises:
        TomlError: The sentence names the file, the line, the key and what is allowed.
    """
    settings = read_toml(path, Settings)
    _check(path, settings)
    return settings


def files(path: Path, settings: Settings) -> Files:
    """The files that the settings at `path` speak of; relative ones count from its folder."""
    folder = path.absolute().parent
    data = folder / settings.hub.data
    centre = settings.centre
    password = settings.broker.password_file
    return Files(
        journal=data / "journal.sqlite",
        key=folder / centre.key_file if centre and centre.key_file else data / "hub.key",
        password=folder / password if password else None,
        ca=folder / centre.ca_file if centre and centre.ca_file else None,
    )


def _check(path: Path, settings: Settings) -> None:
    """What the types alone cannot tell."""
    for keys, wrong in _slips(settings).items():
        raise slip(path, keys, wrong)


def problem_in(settings: Settings) -> str:
    """What is wrong with settings that did not come from a file, or "" where nothing is."""
    return "; ".join(f"{dotted(keys)}: {wrong}" for keys, wrong in _slips(settings).items())


def _slips(settings: Settings) -> dict[tuple[Step, ...], str]:
    found: dict[tuple[Step, ...], str] = {}
    zone = settings.hub.time_zone
    if not is_known(zone):
        found["hub", "time_zone"] = (
            f"{zone!r} is no time zone; allowed is an IANA name such as Europe/London"
        )
    if settings.centre is not None and (wrong := url_problem(settings.centre.url)):
        found["centre", "url"] = wrong
    if settings.centre is not None and (wrong := proxy_problem(settings.centre.proxy)):
        found["centre", "proxy"] = wrong
    found |= _unprintable("hub", settings.hub) | _broker_slips(settings.broker)
    found |= _network_slips(settings.heard)
    for condition in settings.budget:
        if condition not in list(Condition):
            known = ", ".join(Condition)
            found["budget", condition] = f"{condition!r} is no condition; allowed are {known}"
    if (twice := named_twice(settings.rules)) is not None:
        index, name = twice
        found["rules", index, "name"] = f"{name!r} names a rule above; allowed is each name once"
    if settings.unusual_day is not None and (wrong_key := wrong_choice(settings.unusual_day)):
        found["unusual_day", wrong_key[0]] = wrong_key[1]
    for index, sensor in enumerate(settings.sensors):
        found |= _sensor_slips(index, sensor, settings.sensors[:index])
    return found


def _unprintable(table: str, said: Hub | Broker) -> dict[tuple[Step, ...], str]:
    return {
        (table, key): f"{value!r} will not do; allowed are printable characters"
        for key, value in msgspec.structs.asdict(said).items()
        if isinstance(value, str) and not value.isprintable()
    }


def _broker_slips(broker: Broker) -> dict[tuple[Step, ...], str]:
    """What the MQTT client would only stumble over, or the broker hang up on without a word."""
    found = _unprintable("broker", broker)
    if not _is_host(broker.host):
        found["broker", "host"] = (
            f"{broker.host!r} is no host; allowed is a name such as localhost, or an address"
        )
    return found


def _network_slips(networks: tuple[Network, ...]) -> dict[tuple[Step, ...], str]:
    """The first network is the broker's own."""
    for index, one in enumerate(networks):
        table: tuple[Step, ...] = ("networks", index - 1) if index else ("broker",)
        if (found := slip_in(one, networks[:index])) is not None:
            key, wrong = found
            return {(*table, key): wrong}
    return {}


def _sensor_slips(
    index: int, sensor: Sensor, before: tuple[Sensor, ...]
) -> dict[tuple[Step, ...], str]:
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


def url_problem(url: str) -> str | None:
    """What is wrong with a centre's address, or None."""
    try:
        parts = urlsplit(url)
        scheme, host, _ = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host = "", None
    if not host or not _is_host(host) or scheme not in {"https", "http"}:
        return f"{url!r} is no address; allowed is https://host or https://host:port"
    if scheme == "http" and host not in LOOPBACK:
        return f"{url!r} would send a person's data in the clear; use https://"
    return None


def proxy_problem(proxy: str | None) -> str | None:
    """What is wrong with a proxy's address, or None."""
    if proxy is None or proxy == "none":
        return None
    try:
        parts = urlsplit(proxy)
        host, _, named = parts.hostname, parts.port, parts.username or parts.password
    except ValueError:
        parts, host, named = urlsplit(""), None, None
    if named:
        return (
            "a name or password does not belong into the settings; "
            "allowed is HTTPS_PROXY in the hub's environment"
        )
    if not host or not _is_host(host) or parts.scheme not in {"http", "https"} or parts.path:
        return f"{proxy!r} is no proxy; allowed are http://host:port, and none"
    return None


def _is_host(name: str) -> bool:
    """Whether a resolver would take it; it raises what no caller expects where it would not."""
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True
