"""What the hubs learned while they moved in reaches the centre, and is put aside there."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from api.alerts.lifecycle import Outcome
from api.identity.people import Member
from api.services import Services
from api.store.reach import CENTRE
from gateway.journal import Journal

_POLL_SECONDS = 0.2
_NOTE = "Raised while the hub learned made-up weeks; closed as the demonstration began."


async def delivered(journals: Iterable[Path]) -> None:
    """Waits until the centre has confirmed every record of these hubs."""
    waiting = list(journals)
    while waiting:
        waiting = [journal for journal in waiting if _unsent(journal)]
        await asyncio.sleep(_POLL_SECONDS)


async def put_aside(services: Services, by: Member, before: float) -> None:
    """Resolves what was raised before a moment (epoch seconds), as raised on purpose.

    So the queue begins with what happens while somebody watches, and homes have a history.
    """
    moment = datetime.fromtimestamp(before, UTC)
    while True:
        queue = await services.alerts.queue(CENTRE)
        old = [
            alert
            for alert in (*queue.urgent, *queue.advisory, *queue.technical)
            if alert.raised_at < moment and alert.claim is None
        ]
        if not old:
            return
        for alert in old:
            await services.alerts.claim(alert.id, by)
            await services.alerts.resolve(alert.id, by, Outcome.TEST, note=_NOTE)


def _unsent(file: Path) -> bool:
    with Journal.open_read_only(file) as journal:
        return journal.outbox.cursor < journal.outbox.last
