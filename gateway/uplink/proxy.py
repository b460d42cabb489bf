"""Which proxy stands between the hub and its centre, by the settings or else the environment."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from gateway.settings import Centre

DIRECT = "none"
"""In the settings: no proxy, whatever the environment says."""


def proxy_of(centre: Centre, environment: Mapping[str, str]) -> str | None:
    """The proxy's address, or None where the centre is spoken to directly.

    Args:
        centre: Its settings; what they say counts.
        environment: Otherwise `HTTPS_PROXY` or `https_proxy` does, unless `NO_PROXY` or `no_proxy`
            names the centre's host. It may hold a name and password, the settings may not.
    """
    if centre.proxy is not None:
        return None if centre.proxy == DIRECT else centre.proxy
    parts = urlsplit(centre.url)
    found = _either(environment, "https_proxy")
    if parts.scheme != "https" or not found:
        return None
    if _is_spared(parts.hostname or "", _either(environment, "no_proxy")):
        return None
    return found if "://" in found else f"http://{found}"


def _either(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name) or environment.get(name.upper(), "")


def _is_spared(host: str, spared: str) -> bool:
    """Whether a list of hosts and domains, or `*`, names a host."""
    names = [one.strip().lstrip(".").lower() for one in spared.split(",") if one.strip()]
    return any(one in {"*", host} or host.endswith(f".{one}") for one in names)
