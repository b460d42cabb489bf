"""Which permission each address asks for, read from the routes themselves and written on them.

The OpenAPI document has it as `x-permission`; `python -m api.identity.doors` prints the table that
stands in docs/centre.md.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.identity.web import Guard, current_session

MARK = "x-permission"
SIGNED_IN = "signed in"
OPEN = "open, or with a token of the hub"


def mark(router: APIRouter) -> APIRouter:
    """Writes on each route whom it is for; the same router. Call it before it is included."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            marked: dict[str, Any] = {**(route.openapi_extra or {}), MARK: _whom(route.dependant)}
            route.openapi_extra = marked
    return router


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
