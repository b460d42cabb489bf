"""The plan beside an alert as its page shows it: a check list, whom to call, what is next."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from api.alerts.views import AlertSummary
from api.console.text import Catalogue
from api.console.views.times import Clock, in_words
from api.response.plan import PlanStep
from api.response.progress import BY_STAFF, Result
from api.response.views import AlertResponse, Attempt, Contact, StepLine

_GOOD = frozenset({Result.ANSWERED, Result.DONE, Result.DELIVERED})
_BAD = frozenset({Result.FAILED, Result.WRONG_NUMBER, Result.REFUSED})
RESULTS = BY_STAFF


class Choice(NamedTuple):
    """One entry of a list."""

    value: str
    label: str


class Person(NamedTuple):
    """Whom to call. `there` says whether they are available now."""

    name: str
    relation: str
    numbers: list[str]
    note: str
    there: bool
    keyholder: bool


class PlanLine(NamedTuple):
    """One step. `sign` and `icon` say how it stands, beside `stands` in words.

    `gone` says that whom it names was removed.
    """

    number: int
    title: str
    say: str
    wait: str
    people: list[Person]
    stands: str
    sign: str
    icon: str
    next: bool
    gone: bool


class PlanPanel(NamedTuple):
    """The plan beside an alert.

    Attributes:
        next_at: When the next step is, where an answer is waited for.
        send: The number of the step that the centre itself sends, where that is next.
        key: Of the next attempt, so that a button pressed twice is pressed once.
        overcome: Somebody answered, or the plan is at its end.
    """

    source: str
    newer: bool
    lines: list[PlanLine]
    next: int
    next_who: str
    next_at: Markup | None
    send: int
    overcome: str
    steps: list[Choice]
    contacts: list[Choice]
    chosen: str
    key: str
    key_safe: bool


def plan_panel(
    found: AlertResponse, alert: AlertSummary, now: datetime, text: Catalogue, *, key: str
) -> PlanPanel:
    """The plan of an alert at `now`."""
    clock = Clock(now, alert.time_zone, text)
    people = {one.contact: one for line in found.steps for one in line.people}
    following = found.next
    step = following.step if following else 0
    waits = following.not_before if following else None
    chosen = people.get(following.contact) if following and following.contact else None
    answered = any(one.result is Result.ANSWERED for one in found.attempts[-1:])
    return PlanPanel(
        source=text(
            f"plan.of_{found.plan.scope}", n=found.plan.version,
        ),
        newer=found.newer,
        lines=[_line(one, step, text) for one in found.steps],
        next=step,
        next_who=chosen.name if chosen else "",
        next_at=clock.stamp(waits) if waits and waits > now else None,
        send=step if step and found.steps[step - 1].sends else 0,
        overcome="" if step else text("plan.answered") if answered else text("plan.at_end"),
        steps=[
            Choice(str(one.number), f"{one.number}. {title(one.step, text)}") for one in found.steps
        ],
        contacts=[Choice(str(one.contact), _whole(one)) for one in people.values()],
        chosen=str(chosen.contact) if chosen else "",
        key=key,
        key_safe=found.key_safe,
    )  # fmt: skip


def title(step: PlanStep, text: Catalogue) -> str:
    """What a step does, and whom it is to reach."""
    who = step.name or text(f"plan.whom.{'contact' if step.contact else step.whom}")
    return text(f"plan.kind.{step.kind}", who=who)


def tried(attempt: Attempt, text: Catalogue) -> str:
    """What was tried and what came of it, in a line of the history."""
    what = text(f"plan.kind.{attempt.kind}", who=attempt.who or text("plan.whom.somebody"))
    name = attempt.by.name if attempt.by else text("history.centre")
    result = text(f"plan.result.{attempt.result}")
    return text("plan.tried", name=name, what=what, result=result)


def notes(attempts: Sequence[Attempt], text: Catalogue) -> dict[int, tuple[str, str]]:
    """What the history says of each attempt, by the alert's version once it was made."""
    return {
        one.version: (tried(one, text), "\n".join(filter(None, [one.note, one.reason])))
        for one in attempts
    }


def _line(line: StepLine, following: int, text: Catalogue) -> PlanLine:
    last = line.results[-1] if line.results else None
    sign, icon = "resting", "within"
    if last in _GOOD:
        sign, icon = "good", "good"
    elif last in _BAD:
        sign, icon = "urgent", "urgent"
    elif last is not None:
        icon = "wait"
    return PlanLine(
        number=line.number,
        title=title(line.step, text),
        say=line.step.say,
        wait=in_words(line.step.wait_s, text) if line.step.wait_s else "",
        people=[_person(one) for one in line.people],
        stands=text(f"plan.result.{last}") if last else "",
        sign=sign,
        icon=icon,
        next=line.number == following,
        gone=line.gone,
    )


def _person(one: Contact) -> Person:
    return Person(
        name=one.name,
        relation=one.relation,
        numbers=one.numbers,
        note=one.note,
        there=one.available,
        keyholder=one.keyholder,
    )


def _whole(one: Contact) -> str:
    return f"{one.name} ({one.relation})" if one.relation else one.name
