"""What one shift leaves to the next, as a page that is read together and printed."""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from markupsafe import Markup

from api.alerts.views import AlertSummary, Queue
from api.console.text import Catalogue
from api.console.views import queue as of_queue
from api.console.views import words
from api.console.views.times import Clock
from api.floor.views import Absent, Ended, Shift
from api.identity.people import User
from api.reports.service import ZONE
from api.response.views import FollowUp


class Line(NamedTuple):
    """One line: a sign's kind or none, what with its address, and what is to be known of it."""

    sign: str
    what: str
    link: str
    said: list[Markup]
    detail: str = ""


class HandOver(NamedTuple):
    """The page: lists of lines; `hidden` alerts of the queue are not on it."""

    made: Markup
    made_for: str
    in_hand: list[Line]
    waiting: list[Line]
    hidden: int
    shelved: list[Line]
    absent: list[Line]
    tasks: list[Line]
    ended: list[Line]


def hand_over_page(
    queue: Queue, shift: Shift, tasks: Sequence[FollowUp], me: User, text: Catalogue
) -> HandOver:
    """What is open, set aside, paused, due and done, in the words of the page."""
    here = Clock(shift.made_at, ZONE, text)
    alerts = list(chain(queue.urgent, queue.advisory, queue.technical))
    return HandOver(
        made=here.stamp(shift.made_at),
        made_for=me.name,
        in_hand=[_held(one, shift, text) for one in alerts if one.claim],
        waiting=[_waiting(one, shift, text) for one in alerts if not one.claim],
        hidden=sum(queue.total.values()) - len(alerts),
        shelved=[_shelved(one, shift, text) for one in queue.shelved],
        absent=[_absent(one, shift, text) for one in shift.absent],
        tasks=[_task(one, here) for one in tasks],
        ended=[_ended(one, shift, text) for one in shift.ended],
    )


def _alert(alert: AlertSummary, said: list[Markup], text: Catalogue, *, detail: str = "") -> Line:
    return Line(
        sign=words.severity(alert.severity),
        what=f"{words.condition(alert.condition, text).title}, {words.whose(alert, text)}",
        link=f"/alerts/{alert.id}",
        said=said,
        detail=detail,
    )


def _held(alert: AlertSummary, shift: Shift, text: Catalogue) -> Line:
    clock, claim = Clock(shift.made_at, alert.time_zone, text), alert.claim
    assert claim is not None  # noqa: S101 - who calls has looked
    waits = of_queue.waits(alert, clock)
    said = [
        text("hand_over.suspended", name=claim.by.name, time=waits)
        if waits
        else text("hand_over.held", name=claim.by.name, time=clock.stamp(claim.since))
    ]
    if claim.offered:
        said.append(text("hand_over.offered", name=claim.offered.name))
    return _alert(alert, said, text, detail=claim.reason)


def _waiting(alert: AlertSummary, shift: Shift, text: Catalogue) -> Line:
    clock = Clock(shift.made_at, alert.time_zone, text)
    said = [text("hand_over.for", age=of_queue.age(alert, clock).text)]
    if alert.escalation:
        said.append(text("queue.escalated"))
    if alert.lapsed:
        said.append(text("queue.lapsed", name=alert.lapsed.by.name))
    return _alert(alert, said, text)


def _shelved(alert: AlertSummary, shift: Shift, text: Catalogue) -> Line:
    clock, shelf = Clock(shift.made_at, alert.time_zone, text), alert.shelf
    assert shelf is not None  # noqa: S101 - what is shelved has one
    said = [text("hand_over.until", time=clock.stamp(shelf.until))]
    if shelf.by:
        said.append(text("hand_over.by", name=shelf.by.name))
    return _alert(alert, said, text, detail=shelf.reason)


def _absent(one: Absent, shift: Shift, text: Catalogue) -> Line:
    clock = Clock(shift.made_at, one.time_zone, text)
    said = [text(f"spell.{one.kind}"), text("hand_over.until", time=clock.stamp(one.until))]
    return Line("", words.home(one.label, one.home), f"/absences/{one.home}", said)


def _task(one: FollowUp, clock: Clock) -> Line:
    text = clock.text
    day = f"{one.due_on.day} {text(f'month.{one.due_on.month}')}"
    said = [
        text("hand_over.task_overdue", day=day)
        if one.overdue
        else text("hand_over.task_due", day=day),
        Markup.escape(one.assignee_name) if one.assignee_name else text("hand_over.nobodys"),
    ]
    return Line("", words.home(one.label, one.home), "/follow-ups", said, detail=one.what)


def _ended(one: Ended, shift: Shift, text: Catalogue) -> Line:
    clock = Clock(shift.made_at, one.time_zone, text)
    where = words.home(one.label, one.home) or text("home.several")
    said = text(
        "hand_over.ended_by",
        outcome=text(f"outcome.{one.outcome}.label"),
        name=one.name,
        time=clock.stamp(one.at),
    )
    what = f"{words.condition(one.condition, text).title}, {where}"
    return Line("", what, f"/alerts/{one.id}", [said])
