"""A dead letter must be seen by those who can mend it, and by nobody else."""

import asyncpg
import httpx
import pytest

from api.channels.protocol import GiveUp, Message
from api.commands import outbox
from api.identity.permissions import Role
from api.refusals import NotFound
from api.services import Services
from api.store.reach import CENTRE
from tests.api.outbox.support import Ear, destination, worker
from tests.api.support import PASSWORD, add_alert, add_device, add_user


async def sign_in(client: httpx.AsyncClient, username: str) -> dict[str, str]:
    said = await client.post("/v1/session", json={"username": username, "password": PASSWORD})
    assert said.is_success
    return {"x-csrf-token": said.json()["csrf"]}


@pytest.fixture
async def dead(services: Services) -> int:
    """A dead letter's number."""
    ear = Ear()

    async def never(_: Message) -> None:
        raise GiveUp("it answered 410")

    ear.answer = never
    await destination(services, ear)
    await add_alert(services, await add_device(services, label="Flat 12"))
    await worker(services, ear).run_dry()
    (letter,) = (await services.outbox.view(CENTRE)).dead_letters
    return letter.id


async def test_an_administrator_sees_what_was_given_up_and_has_it_tried_again(
    client: httpx.AsyncClient, services: Services, dead: int
) -> None:
    await add_user(services, "ada", role=Role.ADMINISTRATOR)
    headers = await sign_in(client, "ada")
    shown = (await client.get("/v1/outbox")).json()
    assert [one["reason"] for one in shown["dead_letters"]] == ["it answered 410"]
    assert "Flat 12" not in str(shown)
    assert (await client.post(f"/v1/outbox/{dead}/again")).status_code == 403  # no CSRF token
    assert (await client.post(f"/v1/outbox/{dead}/again", headers=headers)).status_code == 204
    assert (await client.get("/v1/outbox")).json()["dead_letters"] == []
    assert (await client.post(f"/v1/outbox/{dead}/again", headers=headers)).status_code == 404


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
async def test_nobody_else_does(
    client: httpx.AsyncClient, services: Services, dead: int, role: Role
) -> None:
    await add_user(services, "ann", role=role)
    headers = await sign_in(client, "ann")
    assert (await client.get("/v1/outbox")).status_code == 403
    assert (await client.post(f"/v1/outbox/{dead}/again", headers=headers)).status_code == 403


async def test_an_administrator_of_another_organisation_sees_none_of_it(
    client: httpx.AsyncClient, services: Services, dead: int
) -> None:
    other = (await services.organisations.add("Others")).organisation
    await add_user(services, "ada", role=Role.ADMINISTRATOR, organisations=[other])
    headers = await sign_in(client, "ada")
    assert (await client.get("/v1/outbox")).json() == {"destinations": [], "dead_letters": []}
    assert (await client.post(f"/v1/outbox/{dead}/again", headers=headers)).status_code == 404


async def test_the_command_shows_what_was_given_up_with_how_to_go_on(
    services: Services, dead: int
) -> None:
    said = await outbox.show(services)
    assert "desk (ear): 0 delivered, 0 waiting, 0 tries failed, 1 given up" in said
    assert f"{dead} to desk: raise of alert/" in said
    assert "it answered 410" in said


async def test_who_had_a_dead_letter_tried_again_and_who_set_whom_to_tell_is_on_record(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection, dead: int
) -> None:
    ada = await add_user(services, "ada", role=Role.ADMINISTRATOR)
    headers = await sign_in(client, "ada")
    await client.post(f"/v1/outbox/{dead}/again", headers=headers)
    for on in (False, True):
        await services.outbox.enable(1, "desk", on=on)
    with pytest.raises(NotFound):
        await services.outbox.enable(1, "nobody", on=False)
    noted = await connection.fetch(
        "select chain, actor, action, detail from audit "
        "where action ~ '^(outbox|destination)' order by number"
    )
    assert [tuple(one) for one in noted] == [
        (1, "command", "destination.set", "destination 1"),
        (1, ada.actor, "outbox.again", f"message {dead}"),
        (1, "command", "destination.off", "destination 1"),
        (1, "command", "destination.on", "destination 1"),
    ]
