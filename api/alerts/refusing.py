"""Why a step is refused: who has the alert, or what somebody did since."""

from datetime import datetime, timedelta

from api.alerts.lifecycle import Action, AlertState
from api.alerts.views import AlertSummary, Entry
from api.refusals import Conflict, Invalid

_DID: dict[str, str] = {
    Action.CLAIM: "claimed this alert",
    Action.NOTE: "wrote a note",
    Action.ATTEMPT: "wrote down an attempt",
    Action.SUSPEND: "suspended this alert",
    Action.RESUME: "went on with this alert",
    Action.OFFER: "offered this alert to a colleague",
    Action.ACCEPT: "accepted this alert",
    Action.DECLINE: "declined this alert",
    Action.TAKEOVER: "took this alert over",
    Action.RELEASE: "gave this alert back",
    Action.ESCALATE: "escalated this alert",
    Action.SHELVE: "shelved this alert",
    Action.UNSHELVE: "took this alert off the shelf",
    Action.RESOLVE: "resolved this alert",
    Action.CORRECT: "corrected what this alert turned out to be",
    Action.ASSIGN: "gave this alert to who has the home's others",
    Action.LAPSE: "put this alert back into the queue, for its claim ran out",
    Action.RETURN: "brought this alert back at its time",
    Action.WITHDRAW: "withdrew this alert",
}


def not_now(action: Action, alert: AlertSummary) -> Conflict:
    """The table has no such step for whoever tried it."""
    if alert.claim and alert.state is AlertState.SUSPENDED:
        by, back = alert.claim.by.name, clock_face(alert.claim.until)
        who = f"{by} has suspended this alert until {back}."
    elif alert.claim:
        who = f"{alert.claim.by.name} has had this alert since {clock_face(alert.claim.since)}."
    elif alert.resolution:
        by, at = alert.resolution.by.name, clock_face(alert.resolution.at)
        who = f"{by} resolved this alert at {at}."
    elif alert.state is AlertState.WITHDRAWN:
        who = "The centre has withdrawn this alert."
    elif alert.shelf:
        who = f"This alert is shelved until {clock_face(alert.shelf.until)}: {alert.shelf.reason}"
    else:
        who = f"Claim this alert first to {action} it."
    return Conflict(who, alert=alert)


def elsewhere(alert: AlertSummary, other: AlertSummary) -> Conflict:
    """A colleague has the home's other alerts, and so its resident to speak to."""
    has = other.claim or other.lapsed  # whose claim may have run out since it was locked
    assert has is not None  # noqa: S101 - that is why it is told
    return Conflict(
        f"{has.by.name} has had alert {other.id} of this home since "
        f"{clock_face(has.since)}. Take that one over if this cannot wait.",
        alert=alert,
    )


def changed(alert: AlertSummary, last: Entry) -> Conflict:
    """Somebody did something after the version that was looked at."""
    who = last.by.name if last.by else "The centre"
    did = _DID.get(last.action, f"did {last.action}")  # a newer replica may know more steps
    return Conflict(
        f"{who} {did} at {clock_face(last.at)}, after you looked at it. Look again.",
        alert=alert,
    )


def never_was(alert: AlertSummary) -> Conflict:
    """Nobody can have looked at a version that is yet to come."""
    return Conflict(f"This alert is at version {alert.version}. Look again.", alert=alert)


def unseen(alert: AlertSummary) -> Conflict:
    """The hub said something that whoever acts has not seen."""
    return Conflict(
        "The hub has reported something new since you opened this alert. Look at it first.",
        alert=alert,
    )


def not_looked(alert: AlertSummary) -> Conflict:
    """It came to its holder with another alert of the home."""
    return Conflict(
        "This alert came to you with another of the home. Claim it to say that you have seen it.",
        alert=alert,
    )


def too_long(longest: timedelta) -> Invalid:
    """An urgent alert is not to wait unseen for hours."""
    minutes = longest // timedelta(minutes=1)
    return Invalid(
        f"An urgent alert may wait for at most {minutes} minutes; then look at it again."
    )


def clock_face(at: datetime) -> str:
    """A moment, in UTC."""
    return f"{at:%H:%M} UTC on {at:%d %B %Y}"
