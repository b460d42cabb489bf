"""The queue as its page shows it: three lanes; in each, first what nobody has."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup

from api.alerts.lifecycle import OVER, AlertState
from api.alerts.views import AlertSummary, Queue
from api.console.text import Catalogue
from api.console.views import words
from api.console.views.times import Clock
from api.console.views.unwatched import absent
from api.identity.people import User
from contract import Severity

# How long an alert may wait for a handler before its age says so, and before it says it loudly.
PATIENCE = {
    Severity.URGENT: (timedelta(minutes=1), timedelta(minutes=3)),
    Severity.ADVISORY: (timedelta(hours=4), timedelta(hours=12)),
    Severity.TECHNICAL: (timedelta(days=1), timedelta(days=3)),
}


class Age(NamedTuple):
    """How long an alert has waited. `form` is `fresh`, `late` or `overdue`, drawn by its shape."""

    text: str
    form: str
    since: datetime


class Handler(NamedTuple):
    """Who has an alert, and since when; `number` is theirs."""

    name: str
    initials: str
    mine: bool
    since: Markup
    number: int = 0


class Card(NamedTuple):
    """One alert in the queue."""

    id: int
    title: str
    home: str
    home_id: str
    text: str
    age: Age
    handler: Handler | None
    lapsed: str | None
    cleared: Markup | None
    escalated: bool = False
    unseen: bool = False
    waits: Markup | None = None
    offered: str | None = None
    back: Markup | None = None
    calls: str = ""
    again: str | None = None
    absent: Markup | None = None
    condition: str = ""


class Lane(NamedTuple):
    """One lane. `hidden` alerts are beyond those read, `left_out` are not shown by a filter."""

    severity: Severity
    waiting: list[Card]
    held: list[Card]
    total: int
    hidden: int
    left_out: int = 0


class QueuePage(NamedTuple):
    """The whole queue, and its counts over what is shown. `urgent` alerts have no handler."""

    lanes: list[Lane]
    waiting: int
    held: int
    mine: int = 0
    shelved: list[Card] = []
    urgent: int = 0


def queue_page(
    queue: Queue,
    now: datetime,
    text: Catalogue,
    *,
    calling: Mapping[int, bool] | None = None,
) -> QueuePage:
    """The queue at `now`, as anybody sees it who has none of it: :func:`seen_by` does the rest.

    Args:
        queue: What is not over.
        now: When.
        text: The words.
        calling: Alerts whose plan asks for something now; true where a message failed.
    """
    says = {
        alert: text("plan.failed") if failed else text("plan.due")
        for alert, failed in (calling or {}).items()
    }
    by_lane = zip(Severity, (queue.urgent, queue.advisory, queue.technical), strict=True)
    lanes = [
        _lane(
            severity,
            [card(one, now, text)._replace(calls=says.get(one.id, "")) for one in alerts],
            queue.total,
        )
        for severity, alerts in by_lane
    ]
    held = [shown for lane in lanes for shown in lane.held]
    return QueuePage(
        lanes=lanes,
        waiting=sum(_waiting(lane) for lane in lanes),
        held=len(held),
        shelved=[card(alert, now, text) for alert in queue.shelved],
        urgent=sum(_waiting(lane) for lane in lanes if lane.severity is Severity.URGENT),
    )


def seen_by(me: User, page: QueuePage) -> QueuePage:
    """The queue as `me` sees it, with what they have themselves marked as theirs."""
    lanes = [lane._replace(held=[_mine(me, one) for one in lane.held]) for lane in page.lanes]
    mine = sum(one.handler is not None and one.handler.mine for lane in lanes for one in lane.held)
    return page._replace(lanes=lanes, mine=mine)


def _mine(me: User, card: Card) -> Card:
    if card.handler is None or card.handler.number != me.id:
        return card
    return card._replace(handler=card.handler._replace(mine=True))


def card(alert: AlertSummary, now: datetime, text: Catalogue) -> Card:
    """One alert as a card, as who does not have it sees it."""
    clock = Clock(now, alert.time_zone, text)
    return Card(
        id=alert.id,
        title=words.condition(alert.condition, text).title,
        home=words.whose(alert, text),
        home_id=alert.home,
        text=alert.text,
        age=age(alert, clock),
        handler=handler(alert, None, clock),
        lapsed=alert.lapsed.by.name if alert.lapsed else None,
        cleared=clock.stamp(alert.cleared_at) if alert.cleared_at else None,
        escalated=alert.state is AlertState.ESCALATED,
        unseen=alert.claim is not None and alert.claim.unseen,
        waits=waits(alert, clock),
        offered=offered(alert),
        back=clock.stamp(alert.shelf.until) if alert.shelf else None,
        again=again(alert, clock),
        absent=absent(alert, clock),
        condition=alert.condition,
    )


def again(alert: AlertSummary, clock: Clock) -> str | None:
    """That it was raised anew after it had been resolved, and by what; None where it was not."""
    if alert.again_at is None or alert.state in OVER:
        return None
    known = alert.condition if clock.text.has(f"again.{alert.condition}") else "other"
    return clock.text(f"again.{known}", time=clock.stamp(alert.again_at))


def waits(alert: AlertSummary, clock: Clock) -> Markup | None:
    """Until when a suspended alert waits."""
    if alert.claim is None or alert.state is not AlertState.SUSPENDED:
        return None
    return clock.stamp(alert.claim.until)


def offered(alert: AlertSummary) -> str | None:
    """To whom its holder would hand an alert over."""
    return alert.claim.offered.name if alert.claim and alert.claim.offered else None


def age(alert: AlertSummary, clock: Clock) -> Age:
    """An alert's age. It changes form only while nobody has the alert."""
    waited = clock.now - alert.raised_at
    late, overdue = PATIENCE[words.severity(alert.severity)]
    form = "fresh"
    if alert.state in {AlertState.RAISED, AlertState.ESCALATED} and waited >= late:
        form = "overdue" if waited >= overdue else "late"
    return Age(clock.age(alert.raised_at), form, alert.raised_at)


def handler(alert: AlertSummary, me: User | None, clock: Clock) -> Handler | None:
    """Who has the alert."""
    if alert.claim is None:
        return None
    by = alert.claim.by
    mine = me is not None and by.id == me.id
    return Handler(by.name, words.initials(by.name), mine, clock.stamp(alert.claim.since), by.id)


def _waiting(lane: Lane) -> int:
    """How many of a lane have no handler, those beyond what is shown among them."""
    return lane.total - len(lane.held)


def _lane(severity: Severity, cards: list[Card], totals: dict[str, int]) -> Lane:
    total = totals.get(severity, len(cards))
    return Lane(
        severity=severity,
        waiting=[shown for shown in cards if shown.handler is None],
        held=[shown for shown in cards if shown.handler is not None],
        total=total,
        hidden=total - len(cards),
    )
