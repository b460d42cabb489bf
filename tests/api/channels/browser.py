"""What a browser does with a push message, by RFC 8291 and RFC 8188 and nothing of ours."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text(raw_bytes: bytes) -> str:
    return urlsafe_b64encode(raw_bytes).decode().rstrip("=")


def _derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


@dataclass(frozen=True)
class Browser:
    """One subscription's own half."""

    key: EllipticCurvePrivateKey
    auth: bytes

    @classmethod
    def new(cls) -> "Browser":
        return cls(generate_private_key(SECP256R1()), b"sixteen bytes ok")

    @classmethod
    def of(cls, private: str, auth: str) -> "Browser":
        number = int.from_bytes(raw(private), "big")
        return cls(derive_private_key(number, SECP256R1()), raw(auth))

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": text(self.public), "auth": text(self.auth)}

    def opened(self, body: bytes) -> bytes:
        """The message, which must be one record."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert 0 < len(sealed) <= size
        shared = self.key.exchange(
            ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), sender)
        )
        info = b"WebPush: info\0" + self.public + sender
        secret = _derive(self.auth, shared, info, 32)
        key = _derive(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derive(salt, secret, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert padded[-1:] == b"\2"  # the last record's mark
        return padded[:-1]

    def shown(self, body: bytes) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.opened(body))
        return found
