"""Where a request comes from."""

from fastapi import Request


def address(request: Request) -> str:
    """The client's address, as far as the server and its trusted proxies can tell."""
    return request.client.host if request.client else ""
