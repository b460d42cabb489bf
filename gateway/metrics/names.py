"""Every metric that the hub tells: its name, what sort it is, what it says."""

from typing import Literal, NamedTuple


class Metric(NamedTuple):
    """One metric.

    Attributes:
        name: As Prometheus knows it.
        sort: Whether it only rises.
        says: In a sentence.
        labels: What tells its values apart.
    """

    name: str
    sort: Literal["counter", "gauge"]
    says: str
    labels: tuple[str, ...] = ()


INFO = Metric(
    "telecare_hub_info",
    "gauge",
    "1, with who the hub is and what it runs on.",
    ("hub", "home", "software", "python", "system", "hardware"),
)
STARTED = Metric("telecare_start_time_seconds", "gauge", "When its process started, as Unix time.")
COUNTED = Metric(
    "telecare_counted_total",
    "counter",
    "What was heard, used and refused since the journal began, by counter.",
    ("counter",),
)
JOURNALLED = Metric("telecare_journal_records", "gauge", "Number of the newest record.")
RECEIVED = Metric(
    "telecare_received_records", "gauge", "The centre has every record up to this number."
)
WAITING = Metric(
    "telecare_waiting_records", "gauge", "Records not yet received by the centre.", ("kind",)
)
OLDEST = Metric(
    "telecare_waiting_seconds", "gauge", "How long the oldest of them has waited; 0 without one."
)
BROKER = Metric("telecare_broker_connected", "gauge", "1 while there is a broker.")
CENTRE = Metric("telecare_centre_reached", "gauge", "1 while the centre receives.")
STUCK = Metric("telecare_job_stuck", "gauge", "1 while a job does not get on.", ("job",))
DISK = Metric("telecare_disk_free_bytes", "gauge", "Room beside the journal.")
TEMPERATURE = Metric("telecare_temperature_celsius", "gauge", "The hottest thermal zone.")
UNDER_VOLTAGE = Metric("telecare_under_voltage", "gauge", "1 while the supply is too weak.")
MEMORY_USED = Metric("telecare_memory_used_bytes", "gauge", "What the hub's process holds.")
MEMORY_FREE = Metric("telecare_memory_free_bytes", "gauge", "What programs could still have.")
LOAD = Metric("telecare_load1", "gauge", "Processes that wanted to run, over a minute.")
CLOCK = Metric("telecare_clock_synchronised", "gauge", "1 once the clock was set from the network.")
SENSOR_SEEN = Metric(
    "telecare_sensor_last_seen_seconds",
    "gauge",
    "When it was last heard, as Unix time.",
    ("sensor",),
)
SENSOR_BATTERY = Metric("telecare_sensor_battery_percent", "gauge", "Its battery.", ("sensor",))
SENSOR_LINK = Metric(
    "telecare_sensor_link_quality", "gauge", "Its radio's quality, 0 to 255.", ("sensor",)
)
SENSOR_ONLINE = Metric(
    "telecare_sensor_online", "gauge", "1 while its network reaches it.", ("sensor",)
)

METRICS = tuple(one for one in vars().copy().values() if isinstance(one, Metric))
