"""`[centre]`: to whom the hub tells."""

from urllib.parse import urlsplit

import msgspec

from gateway.settings.words import Text, is_host

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Centre(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[centre]`; without it the hub keeps everything to itself.

    Attributes:
        url: `https://host` or `https://host:port`, with nothing before or behind;
            plain `http://` to this machine alone.
        key_file: The hub's private key; by default `hub.key` in the data folder.
        ca_file: Certificates to trust besides the system's, for a centre with its own authority.
        proxy: The HTTP proxy on the way, such as `http://proxy:3128`; `none` for none. By default
            what `HTTPS_PROXY` says. One that asks for a password stands there, not here.
    """

    url: Text
    key_file: Text | None = None
    ca_file: Text | None = None
    proxy: Text | None = None


def url_problem(url: str) -> str | None:
    """What is wrong with a centre's address, or None."""
    if "@" in url:  # the sentence does not show it: it is logged, and may hold a password
        return (
            "a name or password does not belong into it: the hub shows its key; "
            "allowed is https://host or https://host:port"
        )
    try:
        parts = urlsplit(url)
        scheme, host, _ = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host = "", None
    if not host or not is_host(host) or scheme not in {"https", "http"}:
        return f"{url!r} is no address; allowed is https://host or https://host:port"
    if url.removesuffix("/").count("/") > len("//") or "?" in url or "#" in url:
        return f"{url!r} names more than a machine; allowed is https://host or https://host:port"
    if scheme == "http" and host not in LOOPBACK:
        return f"{url!r} would send a person's data in the clear; use https://"
    return None


def proxy_problem(proxy: str | None) -> str | None:
    """What is wrong with a proxy's address, or None."""
    if proxy is None or proxy == "none":
        return None
    try:
        parts = urlsplit(proxy)
        host, _, named = parts.hostname, parts.port, parts.username or parts.password
    except ValueError:
        parts, host, named = urlsplit(""), None, None
    if named:
        return (
            "a name or password does not belong into the settings; "
            "allowed is HTTPS_PROXY in the hub's environment"
        )
    if not host or not is_host(host) or parts.scheme not in {"http", "https"} or parts.path:
        return f"{proxy!r} is no proxy; allowed are http://host:port, and none"
    return None
