"""What keeps a home from being watched: a pause or an absence that lasts, or may."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from api.alerts.lifecycle import OVER
from api.alerts.views import AlertSummary
from api.console.views.times import Clock
from api.downlink.views import CommandLine
from contract import ContractError, decode
from contract.base import Part
from contract.downlink import BODIES, Away, Pause


def unwatched(commands: Sequence[CommandLine], clock: Clock) -> list[Markup]:
    """What is said above all else: each that lasts, or may for all that is known."""
    return [said for one in commands if (said := _unwatched(one, clock))]


def absent(alert: AlertSummary, clock: Clock) -> Markup | None:
    """That who lives there is on record as away, or asked not to be watched, and until when."""
    if alert.absent is None or alert.state in OVER:
        return None
    return clock.text(f"absent.{alert.absent.kind}", time=clock.stamp(alert.absent.until))


def _unwatched(one: CommandLine, clock: Clock) -> Markup | None:
    until = _until(one)
    begun = one.state == "under_way"
    maybe = one.state == "unanswered" or (one.state == "waiting" and one.sent_at is not None)
    if until is None or until <= clock.now or not (begun or maybe):
        return None
    sure = "is" if begun else "may_be"
    return clock.text(f"hub.{sure}_{one.kind}", time=clock.stamp(until))


def _until(one: CommandLine) -> datetime | None:
    body = asked_for(one)
    return body.until if isinstance(body, Pause | Away) else None


def asked_for(one: CommandLine) -> Part | None:
    """A command's body; None where this version does not know it."""
    try:
        return decode(bytes(one.body), BODIES[one.kind])
    except (ContractError, KeyError):
        return None
