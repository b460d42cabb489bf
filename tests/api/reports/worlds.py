"""Made-up homes with hubs, alerts and steps, as plain lists, and the period that is asked about."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from contract import Outcome

MADE = datetime(2026, 5, 20, 12, tzinfo=UTC)
SINCE, UNTIL = date(2026, 3, 1), date(2026, 4, 30)  # British summer time begins within
BEGINS = datetime(2026, 3, 1, tzinfo=UTC)
ENDS = datetime(2026, 4, 30, 23, tzinfo=UTC)
CONDITIONS = (
    ("possible_fall", "urgent"), ("uti_risk", "advisory"), ("sensor_silent", "technical"),
    ("test_alert", "urgent"),
)  # fmt: skip
OPERATOR, SUPERVISOR = 1, 2
SENSORS = ("kettle", "hall")


@dataclass
class Step:
    at: datetime
    staff: int | None
    action: str


@dataclass
class Alert:
    home: str
    zone: str
    condition: str
    severity: str
    received: datetime
    cleared: datetime | None
    steps: list[Step]
    outcome: str | None
    withdrawn: bool
    subject: str


@dataclass
class Absence:
    kind: str
    starts: datetime
    until: datetime
    ended: datetime | None


@dataclass
class Hub:
    home: str
    zone: str
    claimed: datetime
    gone: datetime | None = None
    silences: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)


@dataclass
class World:
    """What the database holds, as plain lists."""

    hubs: list[Hub]
    alerts: list[Alert]


def world(random: Random) -> World:
    """A made-up half year of a few homes, with everything that a report must not stumble on."""
    begin = datetime(2026, 1, 15, tzinfo=UTC)

    def moment() -> datetime:
        return begin + timedelta(seconds=random.randrange(125 * 86_400))

    hubs = []
    for number in range(random.randrange(1, 9)):
        hub = Hub(f"h{number}", random.choice(["Europe/London", "Asia/Tokyo"]), moment())
        if random.random() < 0.3:
            hub.gone = moment()
        at = hub.claimed
        for _ in range(random.randrange(4)):
            at += timedelta(hours=random.randrange(1, 900))
            over = at + timedelta(hours=random.randrange(1, 300))
            hub.silences.append((at, over if random.random() < 0.8 else None))
            at = over
            if hub.silences[-1][1] is None:
                break
        hub.absences = [_absence(random, moment()) for _ in range(random.randrange(4))]
        hubs.append(hub)
    alerts = [_alert(random, random.choice(hubs), moment()) for _ in range(random.randrange(60))]
    return World(hubs, alerts)


def _absence(random: Random, starts: datetime) -> Absence:
    """Over by its time, ended early, taken back before it began, or going on."""
    until = starts + timedelta(hours=random.randrange(1, 900))
    ended = starts + timedelta(hours=random.randrange(-300, 1200))
    kind = random.choice(["pause", "hospital", "holiday", "respite"])
    return Absence(kind, starts, until, ended if random.random() < 0.7 else None)


def _alert(random: Random, hub: Hub, received: datetime) -> Alert:
    condition, severity = random.choice(CONDITIONS)
    steps, at = [], received
    for _ in range(random.randrange(4)):
        at += timedelta(seconds=random.choice([5, 55, 100, 300, 40_000, 200_000]))
        staff = random.choice([None, OPERATOR, SUPERVISOR, 3, 4, 5])
        acts = ["claim", "note", "takeover"] if staff else ["escalate", "assign", "shelve"]
        steps.append(Step(at, staff, random.choice(acts)))
    outcome, withdrawn = None, False
    end = random.random()
    at += timedelta(seconds=random.randrange(1, 9000))
    if end < 0.6:
        outcome = random.choice([*Outcome])
        steps.append(Step(at, random.choice([OPERATOR, SUPERVISOR, 5]), "resolve"))
    elif end < 0.7:
        withdrawn = True
        steps.append(Step(at, None, "withdraw"))
    cleared = received + timedelta(hours=random.randrange(1, 400))
    return Alert(
        hub.home, hub.zone, condition, severity, received,
        cleared if random.random() < 0.7 else None, steps, outcome, withdrawn,
        random.choice(SENSORS),
    )  # fmt: skip
