"""Alerts as they were told, each in its newest version."""

from collections.abc import Callable

from contract import Alert, RecordKind, decode
from gateway.journal.journal import Journal


def newest_alerts(journal: Journal, among: Callable[[Alert], bool]) -> list[Alert]:
    """The newest version of each alert that is among those asked for, the oldest first.

    Args:
        journal: Alerts are never deleted from it.
        among: Whether an alert is one of them.
    """
    found: dict[str, Alert] = {}
    for _, body in journal.records(RecordKind.ALERT):
        alert = decode(body, Alert)
        before = found.get(alert.id)
        if among(alert) and (before is None or alert.version >= before.version):
            found[alert.id] = alert
    return sorted(found.values(), key=lambda one: (one.raised_at, one.id))
