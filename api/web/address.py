"""Where a request comes from."""

import ipaddress

from fastapi import Request

_LINE = 64
"""Bits of an IPv6 address that name a line; whoever has one has all 2^64 addresses of it."""


def address(request: Request) -> str:
    """The client's address, as far as the server and its trusted proxies can tell.

    It is what brakes on guessing count by, so all of IPv6 that one line has is one address.
    """
    given = request.client.host if request.client else ""
    try:
        found = ipaddress.ip_address(given.partition("%")[0])
    except ValueError:  # a proxy's word, or the name of a test
        return given
    if isinstance(found, ipaddress.IPv4Address):
        return given
    if found.ipv4_mapped:
        return f"{found.ipv4_mapped}"
    return f"{ipaddress.ip_network((int(found), _LINE), strict=False)}"
