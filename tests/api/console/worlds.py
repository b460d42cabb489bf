"""What a centre holds when a test or screenshot begins: an ordinary evening, or a terrible one."""

from datetime import datetime, timedelta

from api.alerts.lifecycle import Outcome
from contract import Alert, Condition
from tests.api.console import scenes
from tests.api.console.centre import PASSWORD, Centre

__all__ = ["PASSWORD", "STAFF", "evening", "storm"]

STAFF = {"dana": "First Operator", "sam": "Second Operator"}

_Raised = tuple[Condition, timedelta]
_EVENING: list[tuple[str, list[_Raised]]] = [
    ("12 Ashgrove Court", [(Condition.UTI_RISK, timedelta(hours=5))]),
    ("Flat 3, Mill Lane", [(Condition.POSSIBLE_FALL, timedelta(seconds=20))]),
    ("The Old Bakery", [
        (Condition.NO_MOVEMENT, timedelta(minutes=2)),
        (Condition.SENSOR_SILENT, timedelta(hours=30)),
    ]),
    ("7 Station Road", [(Condition.DEHYDRATION_RISK, timedelta(hours=2))]),
    ("Bramble Cottage", [
        (Condition.BATTERY_LOW, timedelta(days=4)),
        (Condition.FALL_RISK, timedelta(hours=14)),
    ]),
    ("22 Castle Street, Llandudno", [(Condition.HELP_BUTTON, timedelta(minutes=6))]),
]  # fmt: skip


async def evening(centre: Centre) -> None:
    """Six homes with a week behind them and a handful of alerts; the first has had one before."""
    now = centre.now
    for number, (label, raised) in enumerate(_EVENING, start=1):
        home = f"home-{number}"
        hub = await centre.hub(home, label)
        heard = now - timedelta(hours=4 if number == 3 else 0.1)
        await hub.send(scenes.week(home, heard, seed=1, poorly=number == 1))
        await hub.send(scenes.alert(home, kind, now - age) for kind, age in raised)
        if number == 1:
            await hub.send(_before(home, now))
            await centre.resolve_cleared("sam", Outcome.TRUE_CONCERN)


def _before(home: str, now: datetime) -> list[Alert]:
    """An alert of last month and one of this afternoon, both over by themselves."""
    old = scenes.alert(home, Condition.UTI_RISK, now - timedelta(days=40))
    short = scenes.alert(home, Condition.NO_MOVEMENT, now - timedelta(hours=3))
    return [
        old,
        scenes.cleared(old, now - timedelta(days=37)),
        short,
        scenes.cleared(short, now - timedelta(hours=2.5)),
    ]


async def storm(centre: Centre, count: int = 120) -> None:
    """As many homes alerting at once."""
    for alert in scenes.storm(centre.now, count):
        hub = await centre.hub(alert.home)
        await hub.send([alert])
