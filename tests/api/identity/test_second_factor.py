"""A stolen password alone must open nothing, and a lost phone must lock nobody out for good."""

import base64
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.identity.people import Member
from api.identity.second_factor import CodeNeeded
from api.identity.totp import code, matching_step, step_of
from api.refusals import Conflict, Invalid, NotFound, TooMany
from api.services import Services
from api.settings import Settings, SettingsError, read_settings
from api.store.sealed import Unsealable
from tests.api.conftest import QUICK
from tests.api.support import PASSWORD, SettableClock, add_user

HERE = "192.0.2.1"
KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
async def app(migrated_url: str, clock: SettableClock, tmp_path: Path) -> AsyncIterator[FastAPI]:
    """The application with a key, and with a second factor required of supervisors."""
    file = tmp_path / "key"
    file.write_text(KEY)
    settings = Settings(
        database_url=migrated_url, secret_key_file=f"{file}", second_factor_roles="supervisor"
    )
    app = create_app(settings, clock=clock, passwords=QUICK)
    yield app
    await app.state.services.database.close()


@dataclass
class Phone:
    """The app on somebody's phone."""

    secret: bytes
    clock: SettableClock

    @property
    def shows(self) -> str:
        return code(self.secret, step_of(self.clock()))


@dataclass
class Enrolled:
    ann: Member
    phone: Phone
    recovery: list[str]


@pytest.fixture
async def enrolled(services: Services, clock: SettableClock) -> Enrolled:
    ann = await add_user(services)
    begun = await services.second_factors.begin(ann)
    phone = Phone(base64.b32decode(begun.secret), clock)
    found = await services.second_factors.confirm(ann, phone.shows)
    clock.move(seconds=30)
    return Enrolled(ann, phone, found.codes)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_rfc_6238(seconds: int, shown: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert code(b"12345678901234567890", step_of(at)) == shown


@given(st.integers(1000, 2**33), st.integers(-90, 90))
def test_a_code_is_taken_around_its_time_and_at_no_other(seconds: int, off: int) -> None:
    secret = b"12345678901234567890"
    made, typed = (datetime.fromtimestamp(at + 100, UTC) for at in (seconds, seconds + off))
    step = step_of(made)
    found = matching_step(secret, code(secret, step), typed, 0)
    if abs(step_of(typed) - step) <= 1:
        assert found is not None
    else:  # another step may show the same six digits, once in a million
        assert found is None or found != step


async def test_the_password_alone_does_not_do(services: Services, enrolled: Enrolled) -> None:
    with pytest.raises(CodeNeeded, match="second factor"):
        await services.staff.sign_in("ann", PASSWORD, HERE)
    signed_in = await services.staff.sign_in("ann", PASSWORD, HERE, code=enrolled.phone.shows)
    assert signed_in.session.user.username == "ann"


async def test_a_code_is_taken_once(services: Services, enrolled: Enrolled) -> None:
    seen = enrolled.phone.shows
    await services.staff.sign_in("ann", PASSWORD, HERE, code=seen)
    with pytest.raises(CodeNeeded, match="used before"):
        await services.staff.sign_in("ann", PASSWORD, HERE, code=seen)


async def test_a_recovery_code_signs_in_once(services: Services, enrolled: Enrolled) -> None:
    spare = enrolled.recovery[3]
    await services.staff.sign_in("ann", PASSWORD, HERE, code=spare.upper().replace("-", " "))
    assert (await services.second_factors.standing(enrolled.ann)).recovery_codes == 9
    with pytest.raises(CodeNeeded):
        await services.staff.sign_in("ann", PASSWORD, HERE, code=spare)


async def test_whoever_has_the_password_cannot_try_codes_for_long(
    services: Services, enrolled: Enrolled
) -> None:
    for n in range(10):
        with pytest.raises(CodeNeeded):
            await services.staff.sign_in("ann", PASSWORD, f"192.0.2.{n}", code="000000x")
    with pytest.raises(TooMany):
        await services.staff.sign_in("ann", PASSWORD, "192.0.2.99", code=enrolled.phone.shows)


async def test_an_open_desk_does_not_take_it_off(services: Services, enrolled: Enrolled) -> None:
    with pytest.raises(Invalid):
        await services.second_factors.remove(enrolled.ann, "000000x")
    with pytest.raises(Conflict):
        await services.second_factors.begin(enrolled.ann)
    await services.second_factors.remove(enrolled.ann, enrolled.phone.shows)
    await services.staff.sign_in("ann", PASSWORD, HERE)


@pytest.mark.usefixtures("enrolled")
async def test_who_has_lost_everything_is_let_in_again_by_the_centre(services: Services) -> None:
    administration = services.administration
    ann = await administration.number("Ann")
    await administration.reset_second_factor(ann, None)
    await services.staff.sign_in("ann", PASSWORD, HERE)
    with pytest.raises(Conflict, match="no second factor"):
        await administration.reset_second_factor(ann, None)


async def test_a_wrong_first_code_puts_nothing_in_force(
    services: Services,
) -> None:
    ann = await add_user(services)
    with pytest.raises(NotFound):
        await services.second_factors.confirm(ann, "000000")
    await services.second_factors.begin(ann)
    with pytest.raises(Invalid):
        await services.second_factors.confirm(ann, "000000x")
    await services.staff.sign_in("ann", PASSWORD, HERE)


async def test_the_database_and_the_audit_log_hold_no_secret_and_no_code(
    services: Services, enrolled: Enrolled, connection: asyncpg.Connection
) -> None:
    await services.staff.sign_in("ann", PASSWORD, HERE, code=enrolled.recovery[0])
    text = ""
    for table in ("second_factor", "recovery_code", "audit"):
        text += f"{await connection.fetch(f'select * from {table}')}"  # noqa: S608 - of our own
    assert repr(enrolled.phone.secret)[2:-1] not in text
    assert enrolled.recovery[0] not in text
    assert "second_factor.on" in text


async def test_a_secret_that_was_moved_to_somebody_else_opens_nothing(
    services: Services, enrolled: Enrolled, connection: asyncpg.Connection
) -> None:
    bob = await add_user(services, "bob")
    await connection.execute(
        "insert into second_factor select $1, secret, begun_at, confirmed_at, last_step "
        "from second_factor", bob.id,
    )  # fmt: skip
    with pytest.raises(Unsealable):
        await services.staff.sign_in("bob", PASSWORD, HERE, code=enrolled.phone.shows)


async def test_a_role_that_needs_one_can_do_nothing_else_first(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    await add_user(services, "sue", role="supervisor")
    await client.post("/sign-in", data={"username": "sue", "password": PASSWORD, "next": "/"})
    refused = await client.get("/v1/homes")
    assert refused.status_code == 403
    assert "second factor" in refused.json()["detail"]
    sent_on = await client.get("/homes")
    assert sent_on.headers["location"] == "/second-factor"

    page = await client.get("/second-factor")
    csrf = re.findall('name="csrf_token" value="([^"]+)"', page.text)[0]
    begun = await client.post("/second-factor/begin", data={"csrf_token": csrf})
    secret = re.findall('id="secret">([A-Z2-7 ]+)<', begun.text)[0].replace(" ", "")
    wrong = await client.post("/second-factor/confirm", data={"csrf_token": csrf, "code": "1"})
    assert wrong.status_code == 422
    phone = Phone(base64.b32decode(secret), clock)
    done = await client.post(
        "/second-factor/confirm", data={"csrf_token": csrf, "code": phone.shows}
    )
    assert len(re.findall("<code>[a-z2-7-]{19}</code>", done.text)) == 10
    assert (await client.get("/v1/homes")).status_code == 200
    assert (await client.get("/queue")).status_code == 200

    clock.move(seconds=30)
    asked = await client.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    assert (asked.status_code, 'id="code-error"' in asked.text) == (422, True)
    fields = {"username": "sue", "password": PASSWORD, "code": phone.shows}
    assert (await client.post("/sign-in", data=fields)).status_code == 303
    fields["code"] = phone.shows
    assert (await client.post("/sign-in", data=fields)).status_code == 422

    clock.move(seconds=30)
    csrf = (await client.get("/v1/session")).json()["csrf"]
    off = await client.post("/second-factor/remove", data={"csrf_token": csrf, "code": phone.shows})
    assert off.status_code == 303
    assert (await client.get("/v1/homes")).status_code == 403


async def test_the_interface_for_programs_sets_one_up(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    await add_user(services)
    credentials = {"username": "ann", "password": PASSWORD}
    csrf = (await client.post("/v1/session", json=credentials)).json()["csrf"]
    headers = {"X-CSRF-Token": csrf}
    begun = (await client.post("/v1/second-factor", headers=headers)).json()
    assert begun["secret"] in begun["uri"]
    phone = Phone(base64.b32decode(begun["secret"]), clock)
    body = {"code": phone.shows}
    assert (await client.post("/v1/second-factor/confirm", json=body, headers=headers)).is_success
    assert (await client.get("/v1/second-factor")).json() == {"state": "on", "recovery_codes": 10}
    refused = await client.post("/v1/session", json=credentials)
    assert (refused.status_code, refused.json()["second_factor"]) == (401, True)
    clock.move(seconds=30)
    off = await client.post("/v1/second-factor/remove", json={"code": phone.shows}, headers=headers)
    assert off.status_code == 204


@pytest.mark.parametrize("content", ["", "short", base64.b64encode(b"x" * 31).decode(), "ü"])
def test_a_key_that_is_none_is_told_before_anything_starts(tmp_path: Path, content: str) -> None:
    file = tmp_path / "key"
    file.write_text(content)
    with pytest.raises(SettingsError, match="secret_key_file"):
        read_settings({"TELECARE_SECRET_KEY_FILE": f"{file}"})


def test_required_roles_need_a_key_and_must_be_roles() -> None:
    with pytest.raises(SettingsError, match="needs secret_key_file"):
        read_settings({"TELECARE_SECOND_FACTOR_ROLES": "supervisor, administrator"})
    with pytest.raises(SettingsError, match="no role emperor"):
        read_settings({"TELECARE_SECOND_FACTOR_ROLES": "emperor"})
