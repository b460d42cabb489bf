"""Other steps with an alert: to wait, hand over, call for help, set aside, correct its outcome."""

from collections.abc import Sequence
from typing import NamedTuple

from api.alerts.acting import URGENT_SUSPENDED_AT_MOST
from api.alerts.lifecycle import Action, Outcome, possible
from api.alerts.service import SHELVED_BY_ANYBODY
from api.alerts.views import AlertSummary
from api.console.text import Catalogue
from api.console.views import words
from api.console.views.alert import actor
from api.console.views.times import in_words
from api.identity.people import Member, User
from api.identity.permissions import Permission
from contract import Severity

_WAITS = (10, 30, 60, 240, 720)
_SHELVES = (60, 480, 1440, 4320, 10080, 20160)
"""Minutes that are offered."""
FORMS = (
    Action.TAKEOVER, Action.SUSPEND, Action.OFFER, Action.ESCALATE, Action.SHELVE, Action.CORRECT,
)  # fmt: skip
"""Steps that have a form here, in the order in which they stand."""


class Choice(NamedTuple):
    """One entry of a list."""

    value: str
    label: str


class StepsPage(NamedTuple):
    """What the page of the other steps shows. `forms` are the steps that may be taken now."""

    id: int
    version: int
    seen: int
    title: str
    home: str
    holder: str
    forms: list[Action]
    waits: list[Choice]
    shelves: list[Choice]
    colleagues: list[Choice]
    outcomes: list[Choice]


def steps_page(
    alert: AlertSummary, me: Member, colleagues: Sequence[User], text: Catalogue
) -> StepsPage:
    """The other steps that `me` may take."""
    may = possible(alert.state, actor(alert, me))
    urgent = words.severity(alert.severity) is Severity.URGENT
    longest = (
        SHELVED_BY_ANYBODY.total_seconds() if not me.may(Permission.SHELVE_LONG) else float("inf")
    )
    wait = URGENT_SUSPENDED_AT_MOST.total_seconds() if urgent else float("inf")
    return StepsPage(
        id=alert.id,
        version=alert.version,
        seen=alert.report_version,
        title=words.condition(alert.condition, text).title,
        home=words.whose(alert, text),
        holder=alert.claim.by.name if alert.claim else "",
        forms=[each for each in FORMS if each in may and not (urgent and each is Action.SHELVE)],
        waits=_choices([each for each in _WAITS if each * 60 <= wait], text),
        shelves=_choices([each for each in _SHELVES if each * 60 <= longest], text),
        colleagues=[Choice(one.username, one.name) for one in colleagues],
        outcomes=[
            Choice(one, text(f"outcome.{one}.label"))
            for one in Outcome
            if alert.resolution is None or one is not alert.resolution.outcome
        ],
    )


def _choices(minutes: Sequence[int], text: Catalogue) -> list[Choice]:
    return [Choice(str(each), in_words(each * 60, text)) for each in minutes]
