"""Which permission each address asks for, read from the routes themselves and written on them.

The OpenAPI document has it as `x-permission`; `python -m api.identity.doors` prints the table that
stands in docs/centre.md.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.identity.people import Session
from api.identity.web import Guard, current_session
from api.refusals import Invalid

MARK = "x-permission"
SIGNED_IN = "signed in"
OPEN = "open, or with a token of the hub"


def mark(router: APIRouter) -> APIRouter:
    """Writes on each route whom it is for, and has it refuse parameters that it has not.

    The same router. Call it before it is included.
    """
    for route in router.routes:
        if isinstance(route, APIRoute):
            whom = _whom(route.dependant)
            route.openapi_extra = {**(route.openapi_extra or {}), MARK: whom}
            # A hub may be newer than the centre; FHIR's routes look at what is asked themselves.
            if whom != OPEN and not route.path.startswith("/v1/fhir/"):
                rest = [one for one in route.dependencies if not isinstance(one.dependency, Known)]
                route.dependencies = [*rest, Depends(Known(route.dependant))]
    return router


class Known:
    """Refuses a query parameter that a route has not: whoever misspells one would be shown more."""

    def __init__(self, dependant: Dependant) -> None:
        self._names = sorted(_parameters(dependant))

    async def __call__(
        self, request: Request, _: Annotated[Session, Depends(current_session)]
    ) -> None:
        """Looks at a request of somebody who is signed in: others are told that first.

        Raises:
            Invalid: There is one; names those that there are.
        """
        odd = sorted(set(request.query_params) - set(self._names))
        if odd:
            there = f"there are {', '.join(self._names)}" if self._names else "there are none here"
            raise Invalid(f"There is no parameter {odd[0]!r}; {there}.")


def _parameters(dependant: Dependant) -> Iterator[str]:
    yield from (one.alias for one in dependant.query_params)
    for each in dependant.dependencies:
        yield from _parameters(each)


def _whom(dependant: Dependant) -> str:
    calls = list(_calls(dependant))
    guards = [call.permission for call in calls if isinstance(call, Guard)]
    if guards:
        return " and ".join(guards)
    return SIGNED_IN if current_session in calls else OPEN


def _calls(dependant: Dependant) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each.call
        yield from _calls(each)


def table(app: FastAPI) -> str:
    """Every address with whom it is for, as Markdown."""
    rows = ["| address | for |", "|---|---|"]
    for path, item in app.openapi()["paths"].items():
        for method, one in item.items():
            whom = one[MARK]
            scoped = f"`{whom}`" if ":" in whom else whom
            rows.append(f"| `{method.upper()} {path}` | {scoped} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    from api.app import create_app
    from api.settings import Settings

    print(table(create_app(Settings())), end="")  # noqa: T201 - a command
