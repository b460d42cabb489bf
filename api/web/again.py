"""Has each request tried once more that another transaction stood in the way of."""

from inspect import iscoroutinefunction

from fastapi import APIRouter
from fastapi.routing import APIRoute

from api.store.again import once_more


def persistent(router: APIRouter) -> APIRouter:
    """Does so to each route; the same router. Call it before it is included.

    Who asks has been found out by then, and is not asked again.
    """
    for route in router.routes:
        if isinstance(route, APIRoute) and iscoroutinefunction(route.endpoint):
            # Rooms are there once, whatever number of applications they are put into.
            done = hasattr(route.endpoint, "__wrapped__")
            route.endpoint = route.endpoint if done else once_more(route.endpoint)
    return router
