"""Who outside was told of an alert, and whether they took it, as its page says it."""

from typing import NamedTuple

from markupsafe import Markup

from api.console.text import Catalogue
from api.console.views.times import Clock
from api.outbox.told import Reached, Telling


class ToldLine(NamedTuple):
    """One message. `lost` where it was given up; `reference` is by what the other side knows it."""

    when: Markup
    what: Markup
    came: Markup
    reference: str
    lost: bool


def told_lines(told: list[Telling], clock: Clock) -> list[ToldLine]:
    """What others were told, the newest first."""
    return [
        ToldLine(
            when=clock.stamp(one.written_at, seconds=True),
            what=clock.text("told.what", name=one.destination, what=_step(one, clock.text)),
            came=_came(one, clock),
            reference=one.key,
            lost=one.state is Reached.GIVEN_UP,
        )
        for one in reversed(told)
    ]


def _step(one: Telling, text: Catalogue) -> str:
    known = text.has(f"told.step.{one.action}")
    return text(f"told.step.{one.action}") if known else one.action.replace("_", " ")


def _came(one: Telling, clock: Clock) -> Markup:
    text = clock.text
    if one.taken_at:
        time = clock.stamp(one.taken_at, seconds=True)
        if one.browsers is not None:
            return text("told.browsers", n=one.browsers, time=time)
        return text("told.taken", time=time)
    if one.state is Reached.LEFT_OUT:
        return text("told.left_out")
    if one.given_up_at:
        time = clock.stamp(one.given_up_at, seconds=True)
        return text("told.given_up", time=time, why=one.reason)
    if one.reason:
        return text("told.not_yet_why", n=one.tries, why=one.reason)
    return text("told.not_yet")
