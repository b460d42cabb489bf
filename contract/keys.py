"""How a hub changes its key: what the old key and the new one sign, so that neither can be put in.

The old key's signature says that the hub wants it; the new one's, that the hub has it.
"""

_PURPOSE = "telecare hub key 1"


def key_statement(hub: str, public_key: str) -> bytes:
    """What both keys sign.

    Args:
        hub: Whose key it is to be.
        public_key: The new raw Ed25519 public key, 32 bytes in base64url without padding.
    """
    return f"{_PURPOSE}\n{hub}\n{public_key}".encode()
