"""The whole of a hub's settings: which home, which broker, which centre, which sensors."""

import msgspec

from detectors.feedback import Recorded
from detectors.home_context import Known
from detectors.profile import Budget, HomeProfile, SensorRole, UnusualDay
from detectors.risk import RiskProfile
from detectors.rules.registry import Rules
from gateway.dialects.network import Network
from gateway.engine import LAG_S
from gateway.settings.broker import Broker
from gateway.settings.centre import Centre
from gateway.settings.hub import Clock, Hub
from gateway.settings.journal import Journal
from gateway.settings.metrics import Metrics
from gateway.settings.sensor import Sensor


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
    journal: Journal = Journal()
    metrics: Metrics = Metrics()
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
    def client_name(self) -> str:
        """What the hub is called at its broker; who else bears it there throws it out."""
        return self.broker.client_id or f"telecare-{self.hub.id}"

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
