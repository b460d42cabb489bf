"""A passkey's device as WebAuthn has it, in a few lines: a key that signs what it is asked to.

Section 6.1 of the standard has the layout of what it signs, section 8.7 the attestation `none`.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url, encode_cbor

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40
_ES256 = -7


@dataclass
class Authenticator:
    """One device with one passkey, at a page of `origin`."""

    origin: str
    credential: bytes = b"credential of a test"
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    signed: int = 0

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """As `navigator.credentials.create` answers, in JSON."""
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: _ES256, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        made = bytes(16) + len(self.credential).to_bytes(2) + self.credential + encode_cbor(public)
        said = self._data(options["rp"]["id"], _ATTESTED) + made
        attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": said})
        client = self._client("webauthn.create", options["challenge"])
        return self._answer(clientDataJSON=client, attestationObject=attested)

    def show(self, options: dict[str, Any]) -> dict[str, Any]:
        """As `navigator.credentials.get` answers, in JSON."""
        self.signed += 1
        client = self._client("webauthn.get", options["challenge"])
        said = self._data(options["rpId"])
        signature = self.key.sign(said + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=said, signature=signature)

    def _data(self, host: str, more: int = 0) -> bytes:
        flags = _PRESENT | _VERIFIED | more
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.signed.to_bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> dict[str, Any]:
        named = bytes_to_base64url(self.credential)
        told = {key: bytes_to_base64url(value) for key, value in response.items()}
        return {"id": named, "rawId": named, "type": "public-key", "response": told,
                "clientExtensionResults": {}}  # fmt: skip
