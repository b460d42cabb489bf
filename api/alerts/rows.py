"""From rows of `alert_shown` and `alert_history` to what staff see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from api.alerts.lifecycle import AlertState, Outcome
from api.alerts.views import AlertSummary, Claim, Entry, Resolution
from api.identity.people import User

Row: TypeAlias = Mapping[str, Any]

_AS_THEY_STAND = (
    "id", "version", "report_version", "condition", "subject", "severity", "score", "text",
    "prompt", "raised_at", "reported_at", "received_at", "cleared_at",
)  # fmt: skip


def user(row: Row) -> User | None:
    """The member of staff a row names, if any."""
    if row["staff"] is None:
        return None
    return User(
        id=row["staff"], username=row["username"], name=row["display_name"], role=row["role"]
    )


def summary(row: Row, now: datetime) -> AlertSummary:
    """One line of the queue. A claim that ran out a moment ago already shows as such."""
    state, who = AlertState(row["state"]), user(row)
    lease = row["lease_until"]
    lapsed_at = row["lapsed_at"]
    if state is AlertState.CLAIMED and lease <= now:
        state, lapsed_at = AlertState.RAISED, lease
    claim = lapsed = resolution = None
    if who and state is AlertState.CLAIMED:
        claim = Claim(by=who, since=row["claimed_at"], until=lease)
    elif who and state is AlertState.RAISED:
        lapsed = Claim(by=who, since=row["claimed_at"], until=lapsed_at)
    elif who:
        resolution = Resolution(by=who, at=row["resolved_at"], outcome=Outcome(row["outcome"]))
    return AlertSummary(
        **{name: row[name] for name in _AS_THEY_STAND},
        home=row["home"] or "", label=row["label"] or "", time_zone=row["time_zone"] or "UTC",
        state=state, claim=claim, lapsed=lapsed, resolution=resolution,
    )  # fmt: skip


def entry(row: Row) -> Entry:
    """One line of an alert's history."""
    return Entry(
        at=row["at"],
        by=user(row),
        action=row["action"],
        before=AlertState(row["before"]),
        after=AlertState(row["after"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        note=row["note"],
    )
