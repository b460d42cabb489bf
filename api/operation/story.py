"""The log lines by which one alert can be followed, from its hub's batch to an operator's click.

They are told under the request's correlation id, and name alerts, journals and actions by number or
by words of this version. Who acted stands in the audit log, under the same correlation id.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

log = logging.getLogger("api.story")


def request(method: str, route: str, status: int, seconds: float) -> None:
    """One request was answered."""
    log.info(
        "answered",
        extra={"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)},
    )


def reported(rows: Iterable[Mapping[str, Any]], journal: int) -> None:
    """A batch brought something new of these alerts."""
    for row in rows:
        log.info(
            "an alert was reported",
            extra={"alert": row["alert"], "journal": journal, "seq": row["seq"]},
        )


def delivered(subject: str, action: str, destination: int, tries: int) -> None:
    """A destination has taken what it was told; of what is of no alert, only the action is told."""
    extra: dict[str, object] = {"action": action, "destination": destination, "tries": tries}
    kind, _, number = subject.partition("/")
    if kind == "alert":
        extra["alert"] = int(number)
    log.info("delivered", extra=extra)


def noted(action: str, kind: str, subject: object) -> None:
    """Something was done or read; of what is no alert, only its kind is told."""
    extra: dict[str, object] = {"action": action, "subject": kind}
    if kind == "alert":
        extra["alert"] = subject
    log.info("noted", extra=extra)
