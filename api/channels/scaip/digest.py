"""Who we are, where a SIP peer asks for it: digest authentication after RFC 7616. Pure."""

import hashlib
import re
from collections.abc import Callable

_PART = re.compile(r'([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",\s]+))')
_HASHES: dict[str, Callable[[bytes], str]] = {
    "sha-256": lambda text: hashlib.sha256(text).hexdigest(),
    "md5": lambda text: hashlib.md5(text, usedforsecurity=False).hexdigest(),  # what peers know
}


class CannotAnswer(ValueError):  # noqa: N818 - of a challenge, as `unreadable` is
    """It asks in a way that we do not know."""


def respond(
    challenges: list[str], *, method: str, uri: str, username: str, password: str, nonce: str
) -> str:
    """The header that answers the best of some challenges.

    Args:
        challenges: Values of `WWW-Authenticate` or `Proxy-Authenticate`.
        method: Of the request.
        uri: Of the request.
        username: Ours.
        password: Ours.
        nonce: Of our own, new each time.

    Raises:
        CannotAnswer: None of them can be answered.
    """
    for algorithm in _HASHES:
        for challenge in challenges:
            parts = _read(challenge)
            if parts and parts.get("algorithm", "md5").lower() == algorithm:
                who = (username, parts["realm"], password)
                return _answer(parts, algorithm, who=who, what=(method, uri), nonce=nonce)
    raise CannotAnswer("it asks who we are in a way that we do not know")


def _read(challenge: str) -> dict[str, str]:
    scheme, _, rest = challenge.partition(" ")
    if scheme.lower() != "digest":
        return {}
    found = {name.lower(): quoted or bare for name, quoted, bare in _PART.findall(rest)}
    return found if {"realm", "nonce"} <= found.keys() else {}


def _answer(
    parts: dict[str, str],
    algorithm: str,
    *,
    who: tuple[str, str, str],
    what: tuple[str, str],
    nonce: str,
) -> str:
    def hashed(*text: str) -> str:
        return _HASHES[algorithm](":".join(text).encode())

    we, request = hashed(*who), hashed(*what)
    said = [
        f'username="{who[0]}"', f'realm="{parts["realm"]}"', f'nonce="{parts["nonce"]}"',
        f'uri="{what[1]}"', f"algorithm={algorithm.upper()}",
    ]  # fmt: skip
    if "auth" in [kind.strip() for kind in parts.get("qop", "").split(",")]:
        response = hashed(we, parts["nonce"], "00000001", nonce, "auth", request)
        said += ["qop=auth", "nc=00000001", f'cnonce="{nonce}"']
    elif parts.get("qop"):
        raise CannotAnswer("it asks who we are in a way that we do not know")
    else:
        response = hashed(we, parts["nonce"], request)
    said.append(f'response="{response}"')
    if "opaque" in parts:
        said.append(f'opaque="{parts["opaque"]}"')
    return "Digest " + ", ".join(said)
