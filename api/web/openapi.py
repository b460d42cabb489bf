"""The OpenAPI description of routes that speak msgspec rather than pydantic."""

from collections.abc import Sequence
from typing import Any, get_args, get_origin

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from contract.schema import schema as contract_schema

_COMPONENTS = "#/components/schemas/"


class Problem(msgspec.Struct):
    """RFC 9457: what was wrong and what to do. More members may stand beside these."""

    type: str
    title: str
    status: int
    detail: str


def body(message: type) -> dict[str, Any]:
    """For `openapi_extra=`: a route that takes `message` as its JSON body."""
    content = {"application/json": {"schema": _ref(message)}}
    return {"requestBody": {"required": True, "content": content}}


def answers(message: Any, says: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """For `responses=`: a route that answers with `message`, or a problem."""
    fine: dict[str, Any] = {"description": says}
    if message:
        fine["content"] = {"application/json": {"schema": _ref(message)}}
    problem = {"application/problem+json": {"schema": _ref(Problem)}}
    return {status: fine, "default": {"description": "What was wrong.", "content": problem}}


def describe(app: FastAPI, messages: Sequence[type]) -> None:
    """Has `app` describe itself with the schemas of `messages` and of the contract."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            described = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            schemas = described.setdefault("components", {}).setdefault("schemas", {})
            schemas.update(_schemas(messages))
            app.openapi_schema = described
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _schemas(messages: Sequence[type]) -> dict[str, Any]:
    _, ours = msgspec.json.schema_components(
        (*messages, Problem), ref_template=_COMPONENTS + "{name}"
    )
    theirs = msgspec.json.encode(contract_schema()["$defs"]).replace(
        b'"#/$defs/', b'"' + _COMPONENTS.encode()
    )
    return {**ours, **msgspec.json.decode(theirs)}


def _ref(message: Any) -> dict[str, Any]:
    if get_origin(message) is list:
        return {"type": "array", "items": _ref(get_args(message)[0])}
    return {"$ref": _COMPONENTS + message.__name__}
