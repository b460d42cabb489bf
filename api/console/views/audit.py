"""Entries of the audit log as their page shows them."""

from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from api.audit.log import AuditEntry
from api.console.text import Catalogue
from api.console.views.times import Clock

_ZONE = "UTC"  # the log is about homes of many zones


class AuditRow(NamedTuple):
    """One entry; `program` where a token did it for `who`."""

    number: int
    at: Markup
    who: str
    program: bool
    action: str
    subject: str
    detail: str


def audit_rows(entries: list[AuditEntry], now: datetime, text: Catalogue) -> list[AuditRow]:
    """The entries, in the words of the log itself."""
    clock = Clock(now, _ZONE, text)
    return [
        AuditRow(
            one.number,
            clock.stamp(one.at),
            one.username or one.actor,
            one.actor.startswith("token:"),
            one.action,
            f"{one.kind} {one.subject}".strip(),
            one.detail,
        )
        for one in entries
    ]
