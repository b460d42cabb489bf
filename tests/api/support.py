"""Makes the centre's tests short: hubs with real keys, batches, a clock that can be set."""

import base64
import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.hubs.claims import ClaimRequest
from api.identity.people import Member
from api.people.consent import Purpose
from api.services import Services
from api.store.reach import CENTRE
from contract import Batch, decode

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
_numbers = itertools.count(1)


class SettableClock:
    """The centre's clock, moved by hand."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Device:
    """A hub as a device: its key, and the place it has claimed."""

    hub: str
    home: str
    key: Ed25519PrivateKey = field(repr=False)

    def token(self, now: datetime, *, seconds: float = 60, **claims: Any) -> str:
        iat = now.timestamp()
        said = {"iss": self.hub, "aud": "telecare-centre", "iat": iat, "exp": iat + seconds}
        return jwt.encode({**said, **claims}, self.key, algorithm="EdDSA")

    def batch(self, records: Iterable[dict[str, Any]], epoch: str = "e1") -> Batch:
        return decode(self.batch_json(records, epoch), Batch)

    def batch_json(self, records: Iterable[dict[str, Any]], epoch: str = "e1") -> bytes:
        return json.dumps({"hub": self.hub, "epoch": epoch, "records": list(records)}).encode()

    def event(self, seq: int, /, **fields: Any) -> dict[str, Any]:
        return {"seq": seq, "kind": "event", "body": event(self.home, seq % 100_000, **fields)}

    def alert(self, seq: int, /, **fields: Any) -> dict[str, Any]:
        return {"seq": seq, "kind": "alert", "body": alert(self.home, **fields)}

    def health(self, seq: int, /, **fields: Any) -> dict[str, Any]:
        body = {"v": 1, "hub": self.hub, "home": self.home, "at": NOON.isoformat(), **fields}
        return {"seq": seq, "kind": "health", "body": body}


def event(home: str, minute: int = 0, /, **fields: Any) -> dict[str, Any]:
    at = NOON + timedelta(minutes=minute)
    seen = {"home": home, "sensor": "bathroom-pir", "kind": "motion", "place": "bathroom"}
    return {"v": 1, **seen, "at": at.isoformat(), "value": 1, **fields}


def alert(home: str, /, **fields: Any) -> dict[str, Any]:
    body = {
        "v": 1,
        "id": f"{home}:uti_risk:1",
        "version": 1,
        "home": home,
        "condition": "uti_risk",
        "severity": "advisory",
        "raised_at": NOON.isoformat(),
        "updated_at": NOON.isoformat(),
        "phase": "open",
        "score": 0.8,
        "text": "Toileting pattern changed: consider a UTI check.",
        "prompt": "Ask how they feel.",
        "evidence": [{"measure": "visits", "label": "Visits", "unit": "visits", "value": 9}],
    }
    return {**body, **fields}


def public_key(key: Ed25519PrivateKey) -> str:
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


async def add_device(services: Services, home: str | None = None, **more: Any) -> Device:
    """A home with a hub whose place a device has claimed."""
    home = home or f"h{next(_numbers)}"
    more.setdefault("organisation", 1)
    invitation = await services.claims.add_hub(home, **more)
    key = Ed25519PrivateKey.generate()
    request = ClaimRequest(code=invitation.code, public_key=public_key(key))
    claimed, _ = await services.claims.claim(request, "192.0.2.1")
    return Device(claimed.hub, claimed.home, key)


async def add_alert(services: Services, device: Device, seq: int = 1, **fields: Any) -> int:
    """Reports an alert through ingest; the centre's number for it."""
    fields.setdefault("id", f"{device.home}:uti_risk:{seq}")
    await services.ingest.store(device.batch([device.alert(seq, **fields)]), device.home)
    found = await services.alerts.of_home(CENTRE, device.home)
    return max(one.id for one in found)


_AGREED = """
with r as (
    insert into resident (home, sealed, added_at, changed_at, changed_by)
    values ($1, '', $2, $2, $3) returning resident
)
insert into consent (
    resident, version, state, conditions, sensors, purposes, given_by, given_on, put_at, put_by)
select resident, 1, 'given', '{}', '{}', $4, 'person', $2::timestamptz::date, $2, $3 from r
"""


async def agree(services: Services, by: Member, home: str, *purposes: Purpose) -> None:
    """Somebody who lives in a home agrees that its data is shared: for all there is, or less."""
    async with services.database.transaction(CENTRE) as connection:
        await connection.execute(_AGREED, home, services.clock(), by.id, list(purposes or Purpose))


async def add_user(services: Services, username: str = "ann", **more: Any) -> Member:
    more.setdefault("name", f"{username.title()} B")
    return await services.staff.add(username, PASSWORD, **more)
