"""Puts the way to the centre together: one policy of how soon to try again, for every hub."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from gateway.assembly import make_backoff
from gateway.downlink.ear import Ear
from gateway.downlink.orders import Orders
from gateway.journal import Journal
from gateway.settings import Centre as CentreSettings
from gateway.uplink.centre import Centre
from gateway.uplink.clock import CentreClock
from gateway.uplink.faults import unborne
from gateway.uplink.key import load_key
from gateway.uplink.keyring import KeyRing
from gateway.uplink.proxy import proxy_of
from gateway.uplink.sender import URGENT_S, Sender
from gateway.uplink.token import Signer


def make_way(
    hub: str, where: CentreSettings, key: Path, ca: Path | None, environment: Mapping[str, str]
) -> tuple[Centre, Signer]:
    """How a centre is spoken to, and as whom.

    Args:
        hub: Who speaks.
        where: The settings of the centre.
        key: Where the hub's key is.
        ca: Certificates to trust besides the system's.
        environment: May name a proxy.

    Raises:
        HubError: Something that is needed for it is missing, or cannot be used.
    """
    signer = Signer(hub, load_key(key), KeyRing(key))
    return Centre(where.url, ca, proxy_of(where, environment)), signer


def make_sender(
    journal: Journal,
    signer: Signer,
    centre: Centre,
    told: Callable[[str], None],
    clock: CentreClock | None = None,
    *,
    now: Callable[[], float] = time.time,
    fault: Callable[[Exception], str] = unborne,
    refused: Callable[[int], None] = lambda _records: None,
) -> Sender:
    """What sends a journal to the centre.

    Args:
        journal: Open.
        signer: Signs with the key that the centre knows the hub by.
        centre: Where to.
        told: Told of each change: why nothing reaches the centre, or "" once it does.
        clock: Measures how the centre's clock stands to the hub's.
        now: The hub's clock, in epoch seconds.
        fault: Told of a fault of the hub's own, which is then borne; by default it is raised.
        refused: Told how many more records the centre keeps aside.
    """
    return Sender(
        identity=journal.identity,
        outbox=journal.outbox,
        signer=signer,
        clock=clock,
        centre=centre,
        now=now,
        soon=make_backoff(first=1.0, most=60.0),
        late=make_backoff(first=120.0, most=1800.0),
        pressing=make_backoff(first=URGENT_S, most=URGENT_S),
        told=told,
        fault=fault,
        refused=refused,
    )


def make_ear(
    hub: str,
    signer: Signer,
    centre: Centre,
    orders: Orders,
    news: Callable[[], None],
    *,
    now: Callable[[], float] = time.time,
    fault: Callable[[Exception], str] = unborne,
) -> Ear:
    """What asks the centre for what is new.

    Args:
        hub: Whose ear it is.
        signer: As of the sender.
        centre: Whom to ask.
        orders: Does what is said.
        news: As of the ear.
        now: As of the sender.
        fault: As of the sender.
    """
    return Ear(
        hub=hub,
        centre=centre,
        orders=orders,
        signer=signer,
        now=now,
        news=news,
        fault=fault,
        soon=make_backoff(first=1.0, most=60.0),
        late=make_backoff(first=120.0, most=1800.0),
    )
