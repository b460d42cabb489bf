"""Short-lived tokens by which the centre knows the hub."""

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

AUDIENCE = "telecare-centre"
LIFE_S = 240
_RENEWED_S = 60
_SKEW_S = 30.0


class Signer:
    """Signs tokens with the hub's key, and renews them in time.

    A hub has no battery clock. Where the centre's clock differs, tokens are dated by the centre's.
    """

    def __init__(self, hub: str, key: Ed25519PrivateKey) -> None:
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
