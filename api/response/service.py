"""The services of this room, as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.alerts.acting import Acting
from api.channels.protocol import Channel
from api.clock import Clock
from api.people.sealing import Sealing
from api.response.attempts import Attempts
from api.response.checklist import CheckList
from api.response.clockwork import Clockwork
from api.response.contacts import Contacts
from api.response.follow_ups import FollowUps
from api.response.key_safe import KeySafes
from api.response.plans import Plans
from api.store.apart import Apart
from api.store.cover import Cover
from api.store.database import Database
from api.store.sealed import Seal


@dataclass(frozen=True)
class Response:
    """Plans, contacts, attempts, key safes and follow-up tasks."""

    plans: Plans
    contacts: Contacts
    attempts: Attempts
    key_safes: KeySafes
    follow_ups: FollowUps
    clockwork: Clockwork


def response(
    database: Database,
    clock: Clock,
    acting: Acting,
    seal: Seal | None,
    channels: Mapping[str, Channel[Any]],
    *,
    apart: Apart,
) -> Response:
    """The services of this room.

    Args:
        database: Where everything is.
        clock: The centre's.
        acting: Makes the steps of alerts.
        seal: The centre's, or None where it has no key.
        channels: By name; those with an addressee carry messages to the person.
        apart: Deals with each attempt by itself, by the clock.
    """
    cover = Cover(seal)
    plans, contacts = Plans(database, clock, cover), Contacts(database, clock, cover, Sealing(seal))
    carrying = [name for name, channel in channels.items() if channel.addressee]
    checklist = CheckList(clock, plans, contacts, cover=cover, channels=carrying)
    return Response(
        plans=plans,
        contacts=contacts,
        attempts=Attempts(database, clock, acting, checklist, cover=cover, channels=carrying),
        key_safes=KeySafes(database, clock, cover),
        follow_ups=FollowUps(database, clock, cover),
        clockwork=Clockwork(database, clock, acting, apart),
    )
