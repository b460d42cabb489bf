"""Short-lived tokens by which the centre knows the hub."""

from collections.abc import Sequence
from typing import Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.uplink.key import public_text

AUDIENCE = "telecare-centre"
LIFE_S = 240
_RENEWED_S = 60
_SKEW_S = 30.0


class Keys(Protocol):
    """The keys that a hub may be known by, while its key is being changed."""

    def all(self) -> Sequence[Ed25519PrivateKey]:
        """Every key that there is now, a new one first."""
        ...

    def taken(self, key: Ed25519PrivateKey) -> None:
        """The centre knows the hub by this one, after it did not by another."""
        ...


class Signer:
    """Signs tokens with the hub's key, and renews them in time.

    A hub has no battery clock. Where the centre's clock differs, tokens are dated by the centre's.
    Where the key has been changed, the one that the centre takes is found among `keys`.
    """

    def __init__(self, hub: str, key: Ed25519PrivateKey, keys: Keys | None = None) -> None:
        self._keys = keys
        self._refused: set[str] = set()
        self._hub = hub
        self._key = key
        self._skew = 0.0
        self._token = ""
        self._until = 0.0

    def token(self, now: float) -> str:
        """A token that holds for a while yet, `now` being the hub's clock in epoch seconds."""
        if not self._token or not now < self._until - _RENEWED_S < now + LIFE_S:
            issued = int(now + self._skew)
            claims = {"iss": self._hub, "aud": AUDIENCE, "iat": issued, "exp": issued + LIFE_S}
            self._token = jwt.encode(claims, self._key, algorithm="EdDSA")
            self._until = now + LIFE_S
        return self._token

    def set_right(self, centre: float, now: float) -> bool:
        """Takes note of the centre's clock, when the hub's own stands at `now`.

        Returns:
            Whether tokens were misdated until now.
        """
        skew = centre - now
        if abs(skew - self._skew) <= _SKEW_S:
            return False
        self._skew = skew
        self._token = ""
        return True

    def refused(self, token: str) -> bool:
        """Takes note that the centre does not know the hub by `token`.

        Returns:
            Whether another can be tried at once; each key is, once, until one is taken.
        """
        if self._keys is None:
            return False
        if token != self._token:  # whoever else asks the centre was quicker to find out
            return bool(self._token or self._refused)
        self._refused.add(public_text(self._key))
        for key in self._keys.all():
            if public_text(key) not in self._refused:
                self._key, self._token = key, ""
                return True
        self._refused.clear()
        return False

    def taken(self) -> None:
        """Takes note that the centre knows the hub by its key."""
        if self._refused and self._keys is not None:
            self._refused.clear()
            self._keys.taken(self._key)
