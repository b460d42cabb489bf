"""What a change would have made of the last days, as a hub found, in words."""

from datetime import timedelta
from typing import NamedTuple

from markupsafe import Markup

from api.console.text import Catalogue
from api.console.views import words
from api.console.views.budgets import in_words
from api.console.views.times import Clock
from api.downlink.dry_runs import DryRunLine
from contract.downlink import DryRunAnswer

_HEARD = timedelta(days=1)
"""A home of which nothing was heard for so long is said to be."""
_ENDED = ("unanswered", "expired", "refused")
_SIGNS = {"waiting": ("technical", "wait"), "done": ("good", "good")}


class Would(NamedTuple):
    """One alert that would have been raised, or would not."""

    when: Markup
    title: str
    text: str
    under: str


class DryRunPanel(NamedTuple):
    """One hub's newest dry run.

    Attributes:
        asked: When, and for how many days.
        change: What was to be chosen, a line each; empty where all would be as usual.
        sign, icon, state: How far it has come.
        said: What else there is to know of it, a sentence each.
        alerts: What would have been raised, the newest first; None where there is no answer.
    """

    hub: str
    asked: Markup
    change: list[Markup]
    sign: str
    icon: str
    state: Markup
    said: list[Markup]
    alerts: list[Would] | None


def panel(line: DryRunLine, clock: Clock) -> DryRunPanel:
    """One hub's newest dry run at the clock's time."""
    text, command, answer = clock.text, line.command, line.answer
    known = command.state if answer is not None or command.state == "waiting" else ""
    sign, icon = _SIGNS.get(known, ("advisory", "advisory"))
    budget = line.asked.change.budget or {}
    return DryRunPanel(
        hub=command.hub,
        asked=text("dry_run.asked", time=clock.stamp(command.issued_at), n=line.asked.days),
        change=[
            text("budgets.of", what=words.condition(word, text).title, how=in_words(value, text))
            for word, value in budget.items()
        ],
        sign=sign,
        icon=icon,
        state=_state(line, clock),
        said=_said(line, clock) if answer is None else _covered(line, answer, clock),
        alerts=None if answer is None else _alerts(answer, clock),
    )


def _state(line: DryRunLine, clock: Clock) -> Markup:
    text, state = clock.text, line.command.state
    if line.answer is not None:
        since, until = (clock.day(clock.local(at)) for at in (line.answer.since, line.answer.until))
        return text("dry_run.done", n=line.answer.changed, since=since, until=until)
    if state == "waiting":
        return text("dry_run.told" if line.command.told_at else "dry_run.waiting")
    if state == "done":  # a centre of before took the answer, and had no place for it
        return text("dry_run.lost")
    return text(f"dry_run.{state}") if state in _ENDED else Markup.escape(state)


def _said(line: DryRunLine, clock: Clock) -> list[Markup]:
    """What the hub says of it, and when it was last heard while it has not."""
    if line.command.said:
        return [Markup.escape(line.command.said)]
    if line.last_seen_at is None:
        return [clock.text("home.hub_never")]
    return [clock.text("home.hub_heard", time=clock.stamp(line.last_seen_at))]


def _covered(line: DryRunLine, answer: DryRunAnswer, clock: Clock) -> list[Markup]:
    """What the answer rests on, and what it cannot tell."""
    text = clock.text
    found = [text("dry_run.now", n=answer.now)]
    if answer.heard_since > answer.since:
        held = max((answer.until - answer.heard_since).days, 0)
        found.append(text("dry_run.only", n=held, days=line.asked.days))
    if line.command.issued_at - answer.until > _HEARD:
        found.append(text("dry_run.unheard", time=clock.stamp(answer.until)))
    if line.command.answered_at is not None:
        found.append(text("dry_run.answered", time=clock.stamp(line.command.answered_at)))
    if len(answer.alerts) < max(answer.now, answer.changed):
        found.append(text("dry_run.newest", n=len(answer.alerts)))
    return found


def _alerts(answer: DryRunAnswer, clock: Clock) -> list[Would]:
    text = clock.text
    return [
        Would(
            when=clock.stamp(one.at),
            title=words.condition(one.condition, text).title,
            text=one.text,
            under=_under(one.under, text),
        )
        for one in reversed(answer.alerts)
    ]


def _under(word: str, text: Catalogue) -> str:
    return text(f"dry_run.under_{word}") if text.has(f"dry_run.under_{word}") else word
