"""A role that may more than its table says is a leak that nobody looks for."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.identity import doors, permissions
from api.identity.permissions import ALLOWED, SAYS, Permission, Role, allowed, only
from api.services import Services
from tests.api.support import PASSWORD, add_alert, add_device, add_user, agree

DOCS = (Path(__file__).parents[3] / "docs" / "centre.md").read_text("utf-8")


def test_the_documented_table_of_roles_is_the_one_in_force() -> None:
    assert permissions.table() in DOCS, "run python -m api.identity.permissions"


def test_the_documented_table_of_addresses_is_the_one_in_force(app: FastAPI) -> None:
    assert doors.table(app) in DOCS, "run python -m api.identity.doors"


def test_every_permission_is_said_and_given_to_somebody() -> None:
    assert set(SAYS) == set(Permission)
    assert set(ALLOWED) == set(Role)
    assert frozenset().union(*ALLOWED.values()) == set(Permission)


def test_a_role_that_this_version_does_not_know_may_nothing() -> None:
    assert allowed("emperor") == frozenset()


def test_who_only_looks_has_no_permission_that_changes_anything() -> None:
    assert all(one.endswith(":read") for one in ALLOWED[Role.CARE_PROFESSIONAL])


def test_a_refusal_says_whose_it_is() -> None:
    says = only(Permission.PUT_CONFIGURATION)
    assert says == "Only a supervisor or an administrator may set a home's configuration."


async def test_an_installer_sees_hubs_and_nothing_of_the_person_s_life(
    client: httpx.AsyncClient, services: Services
) -> None:
    device = await add_device(services)
    await add_alert(services, device)
    await add_user(services, "ivy", role="installer")
    await client.post("/v1/session", json={"username": "ivy", "password": PASSWORD})
    home = (await client.get(f"/v1/homes/{device.home}")).json()
    assert [hub["hub"] for hub in home["hubs"]] == [device.hub]
    assert home["alerts"] == []
    (line,) = (await client.get("/v1/homes")).json()
    assert line["waiting"] == 0
    start = await client.get("/queue")
    assert (start.status_code, start.headers["location"]) == (303, "/homes")
    page = await client.get(f"/homes/{device.home}")
    assert page.headers["location"] == f"/fitting/{device.home}"
    assert 'href="/queue" id' not in (await client.get("/homes")).text


@pytest.mark.parametrize(("role", "shown"), [("operator", True), ("care_professional", False)])
async def test_the_console_shows_no_form_that_would_be_refused(
    client: httpx.AsyncClient, services: Services, role: str, shown: bool
) -> None:
    device = await add_device(services)
    alert = await add_alert(services, device)
    await agree(services, await add_user(services, "cleo", role=role), device.home)
    await client.post("/v1/session", json={"username": "cleo", "password": PASSWORD})
    page = (await client.get(f"/alerts/{alert}")).text
    assert ('id="note-form"' in page, 'id="claim-form"' in page) == (shown, shown)
    assert ("<select" in (await client.get(f"/hub/{device.home}")).text) == shown


async def test_a_refused_page_says_that_it_is_not_for_the_role(
    client: httpx.AsyncClient, services: Services
) -> None:
    alert = await add_alert(services, await add_device(services))
    await add_user(services, "ivy", role="installer")
    await client.post("/v1/session", json={"username": "ivy", "password": PASSWORD})
    page = await client.get(f"/alerts/{alert}")
    assert page.status_code == 403
    assert "not for your role" in page.text
