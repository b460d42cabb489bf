"""From rows of `alert_shown` and `alert_history` to what staff see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from api.alerts.lifecycle import AlertState, Outcome
from api.alerts.views import Absent, AlertSummary, Claim, Entry, Escalation, Resolution, Shelf
from api.identity.people import User
from api.store.cover import Cover, kept_in

Row: TypeAlias = Mapping[str, Any]

_AS_THEY_STAND = (
    "id", "version", "report_version", "condition", "subject", "severity", "score", "text",
    "prompt", "raised_at", "reported_at", "received_at", "cleared_at", "again_at",
)  # fmt: skip


def user(row: Row) -> User | None:
    """The member of staff a row names, if any."""
    if row["staff"] is None:
        return None
    return User(
        id=row["staff"], username=row["username"], name=row["display_name"], role=row["role"]
    )


def summary(row: Row, now: datetime, cover: Cover) -> AlertSummary:
    """One line of the queue. A claim that ran out a moment ago already shows as such."""
    state, lapsed_at = AlertState(row["state"]), row["lapsed_at"]
    if state is AlertState.CLAIMED and row["lease_until"] <= now:
        state, lapsed_at = AlertState.RAISED, row["lease_until"]
    return AlertSummary(
        **{name: row[name] for name in _AS_THEY_STAND},
        home=row["home"] or "", label=row["label"] or "", time_zone=row["time_zone"] or "UTC",
        state=state, absent=_absent(row, now), **_who(row, state, lapsed_at, cover),
    )  # fmt: skip


def _absent(row: Row, now: datetime) -> Absent | None:
    begins, until = row["away_from"], row["away_until"]
    if begins is None or not begins <= now < until:
        return None
    return Absent(kind=row["away_kind"], until=until)


def _who(row: Row, state: AlertState, lapsed_at: datetime | None, cover: Cover) -> dict[str, Any]:
    """Who matters to an alert now: its holder, whose claim ran out, who ended or shelved it."""
    who = user(row)
    found: dict[str, Any] = {"claim": None, "lapsed": None, "resolution": None}
    if state is AlertState.ESCALATED:
        found["escalation"] = Escalation(
            level=row["level"], at=row["escalated_at"], reason=_reason(row, cover)
        )
    elif state is AlertState.SHELVED:
        found["shelf"] = Shelf(by=who, until=row["returns_at"], reason=_reason(row, cover))
    elif who and state in {AlertState.CLAIMED, AlertState.SUSPENDED}:
        found["claim"] = Claim(
            by=who,
            since=row["claimed_at"],
            until=row["lease_until"] or row["returns_at"],
            unseen=row["unseen_since"] is not None,
            offered=_offered(row),
            # An earlier version leaves it there when it goes on.
            reason=_reason(row, cover) if state is AlertState.SUSPENDED else "",
        )
    elif who and state is AlertState.RAISED:
        found["lapsed"] = Claim(
            by=who, since=row["claimed_at"], until=lapsed_at or row["raised_at"]
        )
    elif who and state is AlertState.RESOLVED:
        found["resolution"] = Resolution(
            by=who, at=row["resolved_at"], outcome=Outcome(row["outcome"])
        )
    return found


def _reason(row: Row, cover: Cover) -> str:
    return cover.shown(kept_in(row["reason"], row["words"]), place_of_alert(row["id"]))


def _offered(row: Row) -> User | None:
    if row["offered_id"] is None:
        return None
    return User(
        id=row["offered_id"],
        username=row["offered_username"],
        name=row["offered_name"],
        role=row["offered_role"],
    )


def entry(row: Row, cover: Cover) -> Entry:
    """One line of an alert's history."""
    return Entry(
        version=row["version"],
        at=row["at"],
        by=user(row),
        action=row["action"],
        before=AlertState(row["before"]),
        after=AlertState(row["after"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        note=cover.shown(kept_in(row["note"], row["words"]), place_of_alert(row["alert"])),
    )


def place_of_alert(alert: int) -> str:
    """What the notes and reasons of an alert are sealed to."""
    return f"alert/{alert}"
