"""What somebody may not do without a second factor, no program may do for them."""

import base64
from dataclasses import dataclass

import httpx
import pytest

from api.identity.access import TokenRequest
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.service import OIDC, PASSKEY, PASSWORD
from api.identity.staff_views import StaffChange
from api.services import Services
from tests.api.identity.test_second_factor import Phone, app
from tests.api.support import SettableClock, add_alert, add_device, add_user

__all__ = ["app"]
SCOPES = [Permission.READ_ALERTS.value, Permission.HANDLE_ALERTS.value]


@dataclass
class Program:
    """A program with a token, and what it is to handle."""

    client: httpx.AsyncClient
    token: str
    alert: int

    async def tries(self) -> tuple[int, int]:
        """Whether it may look, and act."""
        headers = {"Authorization": f"Bearer {self.token}"}
        looked = await self.client.get("/v1/alerts", headers=headers)
        acted = await self.client.post(f"/v1/alerts/{self.alert}/claim", headers=headers)
        if looked.status_code == 403:
            assert "must set up their second factor" in looked.json()["detail"]
        return looked.status_code, acted.status_code


async def program(client: httpx.AsyncClient, services: Services, by: Member) -> Program:
    alert = await add_alert(services, await add_device(services))
    made = await services.access.add_token(TokenRequest(name="display", scopes=SCOPES), by)
    return Program(client, made.token, alert)


async def promote(services: Services, staff: int) -> None:
    """Gives them a role that must have a second factor."""
    was = await services.administration.one(staff, None)
    asked = StaffChange(version=was.version, name=was.name, role="supervisor", everywhere=True)
    await services.administration.change(staff, asked, None)


async def enrol(services: Services, who: Member, clock: SettableClock) -> None:
    begun = await services.second_factors.begin(who)
    phone = Phone(base64.b32decode(begun.secret), clock)
    await services.second_factors.confirm(who, phone.shows)


async def test_a_program_s_token_opens_nothing_while_its_owner_must_set_up_a_second_factor(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    sue = await add_user(services, "sue")
    its = await program(client, services, sue)
    assert await its.tries() == (200, 200)
    await promote(services, sue.id)
    assert await its.tries() == (403, 403)
    await enrol(services, sue, clock)
    assert await its.tries() == (200, 200)
    await services.administration.reset_second_factor(sue.id, None)
    assert await its.tries() == (403, 403)


@pytest.mark.parametrize(
    ("by", "strong", "may"),
    [(OIDC, True, 200), (OIDC, False, 403), (PASSKEY, True, 403), (PASSWORD, False, 403)],
)
async def test_the_provider_s_word_counts_for_a_token_and_a_passkey_that_is_gone_does_not(
    client: httpx.AsyncClient, services: Services, by: str, *, strong: bool, may: int
) -> None:
    sue = await add_user(services, "sue")
    signed_in = await services.staff.open(sue, None, by=by, strong=strong)
    its = await program(client, services, signed_in.session.user)
    await promote(services, sue.id)
    assert await its.tries() == (may, may)
