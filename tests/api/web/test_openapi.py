"""Who writes a client from the description must get one that works."""

from collections.abc import Iterator
from typing import Any

import httpx
from fastapi import FastAPI

from api.web.headers import CONTENT_SECURITY_POLICY


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        here = {node["$ref"]} if isinstance(node.get("$ref"), str) else set[str]()
        return here.union(*(references(value) for value in node.values()))
    if isinstance(node, list):
        return set[str]().union(*(references(value) for value in node))
    return set()


async def test_every_schema_that_is_named_is_there(client: httpx.AsyncClient) -> None:
    described = (await client.get("/v1/openapi.json")).json()
    schemas = described["components"]["schemas"]
    named = references(described)
    assert named
    assert {name.rpartition("/")[2] for name in named} <= schemas.keys()
    assert all(name.startswith("#/components/schemas/") for name in named)


async def test_bodies_and_answers_are_the_contract_s(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/v1/openapi.json")).json()["paths"]
    batch = paths["/v1/hubs/{hub}/batches"]["post"]
    body = batch["requestBody"]["content"]["application/json"]["schema"]
    answer = batch["responses"]["200"]["content"]["application/json"]["schema"]
    assert body["$ref"].endswith("/Batch")
    assert answer["$ref"].endswith("/Receipt")
    for path, methods in paths.items():
        for method, operation in methods.items():
            problems = operation["responses"]["default"]["content"]
            assert "application/problem+json" in problems, f"{method} {path}"


def test_the_addresses_that_programs_rely_on_are_these(app: FastAPI) -> None:
    assert set(app.openapi()["paths"]) == {
        "/healthz",
        "/readyz",
        "/v1/people/wanting",
        "/v1/homes/{home}/people",
        "/v1/homes/{home}/residents",
        "/v1/homes/{home}/residents/{resident}",
        "/v1/homes/{home}/residents/{resident}/risk",
        "/v1/homes/{home}/residents/{resident}/consent",
        "/v1/homes/{home}/residents/{resident}/consent/withdraw",
        "/v1/homes/{home}/residents/{resident}/erase",
        "/v1/homes/{home}/absences",
        "/v1/homes/{home}/absences/{absence}/end",
        "/v1/homes/{home}/export",
        "/v1/homes/{home}/erase",
        "/v1/alerts",
        "/v1/alerts/{alert}",
        "/v1/alerts/{alert}/claim",
        "/v1/alerts/{alert}/unshelve",
        "/v1/alerts/{alert}/takeover",
        "/v1/alerts/{alert}/suspend",
        "/v1/alerts/{alert}/shelve",
        "/v1/alerts/{alert}/resume",
        "/v1/alerts/{alert}/offer",
        "/v1/alerts/{alert}/escalate",
        "/v1/alerts/{alert}/decline",
        "/v1/alerts/{alert}/accept",
        "/v1/alerts/{alert}/note",
        "/v1/alerts/{alert}/release",
        "/v1/alerts/{alert}/resolve",
        "/v1/alerts/{alert}/correct",
        "/v1/claims",
        "/v1/homes",
        "/v1/homes/{home}",
        "/v1/homes/{home}/configuration",
        "/v1/homes/{home}/days",
        "/v1/hubs/{hub}/batches",
        "/v1/hubs/{hub}/commands",
        "/v1/hubs/{hub}/commands/{command}",
        "/v1/hubs/{hub}/downlink",
        "/v1/live",
        "/v1/organisations/{organisation}/duties",
        "/v1/organisations/{organisation}/hubs",
        "/v1/hubs/{hub}/code",
        "/v1/hubs/{hub}/key",
        "/v1/hubs/{hub}/replacement",
        "/v1/hubs/{hub}/revoke",
        "/v1/password",
        "/v1/invitation",
        "/v1/staff",
        "/v1/staff/{staff}",
        "/v1/staff/{staff}/disable",
        "/v1/staff/{staff}/enable",
        "/v1/staff/{staff}/invitation",
        "/v1/staff/{staff}/second-factor",
        "/v1/passkeys",
        "/v1/passkeys/options",
        "/v1/passkeys/{passkey}",
        "/v1/session/passkey",
        "/v1/session/passkey/options",
        "/v1/organisations/{organisation}/report",
        "/v1/organisations/{organisation}/cohorts",
        "/v1/cohorts",
        "/v1/exports",
        "/v1/organisations/{organisation}/exports/{file}",
        "/v1/fhir/metadata",
        "/v1/fhir/$export",
        "/v1/fhir/$export/{job}",
        "/v1/fhir/$export/{job}/{kind}",
        "/v1/fhir/{kind}",
        "/v1/fhir/{kind}/{number}",
        "/v1/cohorts/{cohort}",
        "/v1/cohorts/{cohort}/contacts",
        "/v1/homes/{home}/reablement",
        "/v1/reablement",
        "/v1/reablement/{programme}",
        "/v1/organisations/{organisation}/report.csv",
        "/v1/outbox",
        "/v1/outbox/{message}/again",
        "/v1/push/key",
        "/v1/push/subscriptions",
        "/v1/push/subscriptions/{subscription}",
        "/v1/push/subscriptions/{subscription}/test",
        "/v1/organisations/{organisation}/audit",
        "/v1/second-factor",
        "/v1/second-factor/confirm",
        "/v1/second-factor/remove",
        "/v1/session",
        "/v1/sessions",
        "/v1/sessions/{session}",
        "/v1/staff/sessions",
        "/v1/staff/tokens",
        "/v1/tokens",
        "/v1/tokens/{token}",
        "/v1/alerts/{alert}/attempts",
        "/v1/alerts/{alert}/response",
        "/v1/follow-ups",
        "/v1/follow-ups/{task}",
        "/v1/follow-ups/{task}/end",
        "/v1/homes/{home}/contacts",
        "/v1/homes/{home}/contacts/{contact}",
        "/v1/homes/{home}/key-safe",
        "/v1/homes/{home}/key-safe/look",
        "/v1/homes/{home}/plans",
        "/v1/homes/{home}/plans/versions",
        "/v1/key-safe/looks",
        "/v1/key-safe/looks/{look}/seen",
        "/v1/organisations/{organisation}/plans",
        "/v1/outcomes",
    }


async def test_every_answer_forbids_foreign_and_inline_code(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/v1/alerts", "/v1/nowhere", "/v1/openapi.json"):
        headers = (await client.get(path)).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in headers  # not over plain HTTP


def _open_ended(document: dict[str, Any], schema: dict[str, Any], at: str) -> Iterator[str]:
    """Where a whole number may be of any size."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name:
        if f".{name}." not in at:
            known = document["components"]["schemas"][name]
            yield from _open_ended(document, known, f"{at}.{name}.")
        return
    if schema.get("type") == "integer" and not {"minimum", "maximum"} <= schema.keys():
        yield at
    inner = {**schema.get("properties", {})}
    if "items" in schema:
        inner["[]"] = schema["items"]
    for word in ("anyOf", "oneOf", "allOf"):
        inner |= {f"{word}{n}": one for n, one in enumerate(schema.get(word, []))}
    for key, one in inner.items():
        yield from _open_ended(document, one, f"{at}{key}")


def test_no_number_that_staff_send_is_too_large_for_the_database(app: FastAPI) -> None:
    document = app.openapi()
    found = {
        at
        for operations in document["paths"].values()
        for one in operations.values()
        for content in one.get("requestBody", {}).get("content", {}).values()
        for at in _open_ended(document, content["schema"], "")
    }
    # What hubs send is bounded where it is taken in, so that one number costs one record.
    assert not {at for at in found if not at.startswith(".Batch.")}
