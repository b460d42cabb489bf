"""What the centre does by the clock, and how often."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

from api.fhir.bulk import LOOK_SECONDS as EXPORT_SECONDS
from api.outbox.worker import LOOK_SECONDS as OUTBOX_SECONDS
from api.people.turns import TURN_SECONDS
from api.services import Services
from api.silence.watch import LOOK_SECONDS as SILENCE_SECONDS
from api.store.house import KEEP_SECONDS, keep_house
from api.store.timekeeper import LOOK_SECONDS as CLOCK_SECONDS

LAPSE_SECONDS = 5.0
FORGET_SECONDS = 600.0


class Chore(NamedTuple):
    """Something that is done again and again.

    Attributes:
        name: By which metrics and alerts of the operation know it.
        seconds: Between the end of one turn and the next.
        what: One turn.
    """

    name: str
    seconds: float
    what: Callable[[], Awaitable[object]]


def chores(of: Services) -> tuple[Chore, ...]:
    """All of it, for one replica."""
    return (
        Chore("clock", CLOCK_SECONDS, of.timekeeper.look),
        Chore("timers", LAPSE_SECONDS, of.alerts.timers.look),
        Chore("watch", SILENCE_SECONDS, of.watch.look),
        Chore("sessions", FORGET_SECONDS, of.staff.forget_expired),
        Chore("house", KEEP_SECONDS, partial(keep_house, of.database)),
        Chore("outbox", OUTBOX_SECONDS, of.worker.turn),
        Chore("outbox_forget", FORGET_SECONDS, of.worker.forget),
        Chore("outbox_trouble", LAPSE_SECONDS, of.trouble.look),
        Chore("push_forget", FORGET_SECONDS, of.push.forget),
        Chore("response", LAPSE_SECONDS, of.response.clockwork.look),
        Chore("spells", LAPSE_SECONDS, of.people.spells.look),
        Chore("turns", TURN_SECONDS, of.people.turns.look),
        Chore("exports", EXPORT_SECONDS, of.bulk.make),
        Chore("exports_forget", FORGET_SECONDS, of.bulk.forget),
    )
