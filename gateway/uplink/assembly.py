"""Puts the way to the centre together: one policy of how soon to try again, for every hub."""

import time
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.assembly import make_backoff
from gateway.journal import Journal
from gateway.uplink.centre import Centre
from gateway.uplink.sender import Sender
from gateway.uplink.token import Signer


def make_sender(
    journal: Journal, key: Ed25519PrivateKey, centre: Centre, told: Callable[[str], None]
) -> Sender:
    """What sends a journal to the centre.

    Args:
        journal: Open.
        key: That the centre knows the hub by.
        centre: Where to.
        told: Told of each change: why nothing reaches the centre, or "" once it does.
    """
    return Sender(
        identity=journal.identity,
        outbox=journal.outbox,
        signer=Signer(journal.identity.hub, key),
        centre=centre,
        now=time.time,
        soon=make_backoff(first=1.0, most=60.0),
        late=make_backoff(first=120.0, most=1800.0),
        told=told,
    )
