"""One alert as its page shows it: what happened, why, who has it and what they may do."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from api.alerts.anew import brief
from api.alerts.lifecycle import OVER, Action, Actor, AlertState, Outcome, possible
from api.alerts.own import OWN
from api.alerts.views import AlertDetail, AlertSummary, Entry, SilentHub
from api.console.text import Catalogue
from api.console.views import queue, words
from api.console.views.measures import Measure, measure
from api.console.views.times import Clock, abbreviation
from api.console.views.told import ToldLine, told_lines
from api.console.views.unwatched import absent
from api.identity.people import User
from contract import Severity

_MORE = frozenset({
    Action.TAKEOVER, Action.SUSPEND, Action.OFFER, Action.ESCALATE, Action.SHELVE, Action.CORRECT,
})  # fmt: skip
"""Steps whose forms are on a page of their own."""
EARLIER = 5
"""Earlier alerts that the page names."""


class Line(NamedTuple):
    """One line of an alert's history."""

    when: Markup
    what: str
    note: str


class Past(NamedTuple):
    """Another alert of the same home."""

    id: int
    title: str
    severity: Severity
    when: Markup
    ended: str | None
    handler: str | None


class SilentLine(NamedTuple):
    """One of many homes whose hubs fell silent together. `back` is None while it is silent."""

    home_id: str
    home: str
    hub: str
    heard: Markup
    back: Markup | None


class AlertPage(NamedTuple):
    """Everything the page of one alert shows.

    Attributes:
        seen: The hub's version of what it shows.
        beside: What else is open in the home: whoever has that may already be on the telephone.
        silent: The homes of an alert that is about many.
    """

    id: int
    version: int
    seen: int
    state: AlertState
    severity: Severity
    title: str
    advice: str
    text: str
    prompt: str
    subject: str
    home: str
    home_id: str
    zone: str
    age: queue.Age
    raised: Markup
    reported: Markup
    cleared: Markup | None
    handler: queue.Handler | None
    until: Markup | None
    lapsed: tuple[str, Markup] | None
    resolved: tuple[str, Markup, str] | None
    actions: frozenset[Action]
    unseen: bool
    waits: Markup | None
    offered: str | None
    offered_me: bool
    shelved: tuple[Markup, str] | None
    escalated: tuple[Markup, int] | None
    again: str | None
    steps: bool
    absent: Markup | None
    measures: list[Measure]
    excluded: list[str]
    history: list[Line]
    told: list[ToldLine]
    beside: list[Past]
    earlier: list[Past]
    silent: list[SilentLine]

    @property
    def may_end(self) -> bool:
        """Whether the form is there by which it is ended."""
        return Action.RESOLVE in self.actions and not self.unseen


def alert_page(
    detail: AlertDetail,
    me: User,
    now: datetime,
    text: Catalogue,
    *,
    attempts: Mapping[int, tuple[str, str]] | None = None,
) -> AlertPage:
    """One alert as `me` sees it at `now`.

    Args:
        detail: The alert.
        me: Who looks.
        now: When.
        text: The words.
        attempts: What the history says of attempts, and their notes, by the alert's version.
    """
    alert = detail.alert
    report = detail.evidence
    clock = Clock(now, alert.time_zone, text)
    wording = words.condition(alert.condition, text)
    may = frozenset(possible(alert.state, actor(alert, me)))
    return AlertPage(
        id=alert.id,
        version=alert.version,
        seen=alert.report_version,
        state=alert.state,
        severity=words.severity(alert.severity),
        title=wording.title,
        advice=wording.advice,
        text=alert.text,
        prompt=alert.prompt,
        subject=alert.subject,
        home=words.whose(alert, text),
        home_id=alert.home,
        zone=abbreviation(clock.local(now)),
        age=queue.age(alert, clock),
        raised=clock.stamp(alert.raised_at),
        reported=clock.stamp(alert.reported_at),
        cleared=clock.stamp(alert.cleared_at) if alert.cleared_at else None,
        handler=queue.handler(alert, me, clock),
        until=clock.stamp(alert.claim.until) if alert.claim else None,
        lapsed=(alert.lapsed.by.name, clock.stamp(alert.lapsed.until)) if alert.lapsed else None,
        resolved=_resolved(alert, clock),
        actions=may,
        unseen=alert.claim is not None and alert.claim.unseen,
        waits=queue.waits(alert, clock),
        offered=queue.offered(alert),
        offered_me=actor(alert, me) is Actor.NAMED,
        shelved=(clock.stamp(alert.shelf.until), alert.shelf.reason) if alert.shelf else None,
        escalated=(clock.stamp(alert.escalation.at), alert.escalation.level)
        if alert.escalation
        else None,
        again=queue.again(alert, clock),
        steps=not may.isdisjoint(_MORE),
        absent=absent(alert, clock),
        measures=[measure(evidence, text) for evidence in report.evidence],
        excluded=[brief(reason) for reason in report.excluded],
        history=_history(detail, clock, attempts or {}),
        told=told_lines(detail.told, clock),
        beside=[past(o, clock) for o in detail.earlier if o.state not in OVER],
        earlier=[past(other, clock) for other in _same_kind(detail)[:EARLIER]],
        silent=[_silent(one, now, text) for one in detail.silent],
    )


def actor(alert: AlertSummary, me: User) -> Actor:
    """Who `me` is to the alert."""
    if alert.claim and alert.claim.by.id == me.id:
        return Actor.HOLDER
    named = alert.claim.offered if alert.claim else None
    return Actor.NAMED if named and named.id == me.id else Actor.OTHER


def past(alert: AlertSummary, clock: Clock) -> Past:
    """Another alert, in one line."""
    return Past(
        id=alert.id,
        title=words.condition(alert.condition, clock.text).title,
        severity=words.severity(alert.severity),
        when=clock.stamp(alert.raised_at),
        ended=outcome(alert.resolution.outcome, clock.text) if alert.resolution else None,
        handler=alert.claim.by.name if alert.claim else None,
    )


def outcome(word: Outcome, text: Catalogue) -> str:
    """What an alert turned out to be."""
    return text(f"outcome.{word}.label")


def _silent(one: SilentHub, now: datetime, text: Catalogue) -> SilentLine:
    clock = Clock(now, one.time_zone, text)
    return SilentLine(
        home_id=one.home,
        home=words.home(one.label, one.home),
        hub=one.hub,
        heard=clock.stamp(one.heard_at),
        back=clock.stamp(one.back_at) if one.back_at else None,
    )


def _same_kind(detail: AlertDetail) -> list[AlertSummary]:
    return [other for other in detail.earlier if other.condition == detail.alert.condition]


def _resolved(alert: AlertSummary, clock: Clock) -> tuple[str, Markup, str] | None:
    end = alert.resolution
    return (end.by.name, clock.stamp(end.at), outcome(end.outcome, clock.text)) if end else None


def _history(
    detail: AlertDetail, clock: Clock, attempts: Mapping[int, tuple[str, str]]
) -> list[Line]:
    """What staff did and what the hub said, the newest first."""
    alert = detail.alert
    lines = [
        (entry.at, *attempts.get(entry.version, (_what(entry, clock.text), entry.note)))
        for entry in detail.history
    ]
    ours = alert.condition in OWN
    raised, cleared = ("raised_here", "cleared_here") if ours else ("raised", "cleared")
    lines.append((alert.raised_at, clock.text(f"history.{raised}"), ""))
    if alert.cleared_at:
        lines.append((alert.cleared_at, clock.text(f"history.{cleared}"), ""))
    lines.sort(key=lambda line: line[0], reverse=True)
    return [Line(clock.stamp(at), what, note) for at, what, note in lines]


def _what(entry: Entry, text: Catalogue) -> str:
    name = entry.by.name if entry.by else text("history.centre")
    anew = entry.action == Action.RETURN and entry.before is AlertState.RESOLVED
    action = "anew" if anew else entry.action
    known = action if text.has(f"history.{action}") else "other"
    ended = outcome(entry.outcome, text) if entry.outcome else ""
    return text(f"history.{known}", name=name, action=entry.action, outcome=ended)
