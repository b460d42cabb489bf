"""A sender at work, and what it has to send."""

import time
from collections import Counter
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import Alert
from gateway.backoff import Backoff
from gateway.journal import Intake, Journal
from gateway.journal.journal import EngineMemory
from gateway.uplink.faults import unborne
from gateway.uplink.sender import PATIENCE_S, Sender, Wire
from gateway.uplink.token import Signer
from tests.gateway.events import START, at, event

KEY = Ed25519PrivateKey.generate()
LATE_S = 1000.0


def sender(
    journal: Journal,
    centre: Wire,
    told: list[str] | None = None,
    now: Callable[[], float] | None = None,
    *,
    fault: Callable[[Exception], str] = unborne,
    patience: float = PATIENCE_S,
    refused: Callable[[int], None] = lambda _records: None,
) -> Sender:
    said = [] if told is None else told
    return Sender(
        identity=journal.identity,
        outbox=journal.outbox,
        centre=centre,
        signer=Signer("hub-1", KEY),
        now=now or time.time,
        soon=Backoff(first=1, most=60, chance=lambda: 1.0),
        late=Backoff(first=LATE_S, most=LATE_S, chance=lambda: 1.0),
        pressing=Backoff(first=15, most=15, chance=lambda: 1.0),
        told=said.append,
        fault=fault,
        patience=patience,
        refused=refused,
    )


def hear(journal: Journal, count: int) -> None:
    journal.write_intake(Intake(events=[event(n / 60) for n in range(count)]), START)


def raise_urgent(journal: Journal) -> None:
    alert = Alert(
        id=f"h1:possible_fall:{journal.last_seq}",
        home="h1",
        condition="possible_fall",
        severity="urgent",
        raised_at=at(1),
        updated_at=at(1),
        text="No movement after a visit to the bathroom.",
    )
    journal.write_outputs([alert], EngineMemory(0, None, b""), Counter(), START)


async def drain(one: Sender, most: int = 100) -> list[float | None]:
    waits: list[float | None] = []
    for _ in range(most):
        waits.append(await one.step())
        if waits[-1] is None:
            return waits
    return waits
