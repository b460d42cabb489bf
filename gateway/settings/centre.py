"""`[centre]`: to whom the hub tells."""

from urllib.parse import urlsplit

import msgspec

from gateway.settings.words import Text, is_host

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Centre(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[centre]`; without it the hub keeps everything to itself.

    Attributes:
        url: `https://...`; plain `http://` to this machine alone.
        key_file: The hub's private key; by default `hub.key` in the data folder.
        ca_file: Certificates to trust besides the system's, for a centre with its own authority.
    """

    url: Text
    key_file: Text | None = None
    ca_file: Text | None = None


def url_problem(url: str) -> str | None:
    """What is wrong with a centre's address, or None."""
    try:
        parts = urlsplit(url)
        scheme, host, _ = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host = "", None
    if not host or not is_host(host) or scheme not in {"https", "http"}:
        return f"{url!r} is no address; allowed is https://host or https://host:port"
    if scheme == "http" and host not in LOOPBACK:
        return f"{url!r} would send a person's data in the clear; use https://"
    return None
