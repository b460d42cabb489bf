"""A restored centre knows nothing of what came after its back-up, and does not act on a guess."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.app import create_services
from api.channels.protocol import Message, TryLater
from api.hubs.claims import ClaimRequest
from api.identity.access import TokenRequest
from api.identity.new_passwords import PasswordChoice
from api.identity.staff_views import NewStaff
from api.operation.backup import back_up
from api.operation.brought_back import WAITED, shut
from api.operation.restore import restore
from api.refusals import NotFound
from api.services import Services
from api.settings import Settings
from api.store.migrate import migrate
from api.store.reach import CENTRE, within
from tests.api.conftest import QUICK
from tests.api.outbox.support import Ear, destination, worker
from tests.api.store.test_upgrade import filling, shipped_by
from tests.api.support import (
    NOON,
    PASSWORD,
    SettableClock,
    add_alert,
    add_device,
    add_user,
    public_key,
)
from tests.support.database import Postgres

pytestmark = pytest.mark.network

HERE = "192.0.2.1"


@dataclass
class Before:
    """What opened something when the back-up was made."""

    session: str
    token: str
    link: str
    code: str


@pytest.fixture
async def before(services: Services) -> Before:
    ann = await add_user(services)
    asked = TokenRequest(name="display", scopes=["alerts:read"])
    wanted = NewStaff(username="bob", name="Bob", role="operator", everywhere=True)
    return Before(
        session=(await services.staff.sign_in("ann", PASSWORD, HERE)).token,
        token=(await services.access.add_token(asked, ann)).token,
        link=(await services.administration.add(wanted, None)).link.partition("#")[2],
        code=(await services.claims.add_hub("h-new", organisation=1)).code,
    )


async def away(_: Message) -> None:
    raise TryLater("nobody is there")


async def waiting(services: Services) -> int:
    (line,) = (await services.outbox.view(CENTRE)).destinations
    return line.waiting


@pytest.fixture
async def told(services: Services) -> Ear:
    """A receiver that is away, for which an alert and a heartbeat wait."""
    ear = Ear()
    await destination(services, ear, heartbeat_s=60)
    await add_alert(services, await add_device(services))
    ear.answer = away
    await worker(services, ear).run_dry()
    ear.answer = None
    assert await waiting(services) == 2
    return ear


@pytest.fixture
async def restored(  # noqa: PLR0917 - fixtures
    before: Before,
    told: Ear,
    migrated_url: str,
    connection: asyncpg.Connection,
    clock: SettableClock,
    postgres: Postgres,
    tmp_path: Path,
) -> AsyncIterator[Services]:
    """The centre of the back-up, an hour after it was made."""
    del before, told
    folder = tmp_path / "backup"
    await back_up(connection, migrated_url, folder, software="1", now=NOON)
    clock.move(hours=1)
    other = postgres.create_database()
    empty = await asyncpg.connect(other)
    done = await restore(empty, other, folder, clock())
    await empty.close()
    assert done.faults == []
    assert {one.what: one.rows for one in done.ended} == {
        "sessions ended": 1, "challenges of passkeys dropped": 0, "tokens revoked": 1,
        "invitations ended": 1, "claim codes ended": 1, "messages put aside": 1,
    }  # fmt: skip
    services = create_services(Settings(database_url=other), clock, QUICK)
    yield services
    await services.database.close()


async def test_what_opened_something_when_a_back_up_was_made_opens_nothing_after_it_is_restored(
    services: Services, restored: Services, before: Before
) -> None:
    """Whoever it was may have been let go since, and what is good once was perhaps used."""
    claim = ClaimRequest(code=before.code, public_key=public_key(Ed25519PrivateKey.generate()))
    choice = PasswordChoice(invitation=before.link, password=f"{PASSWORD} now")
    assert await restored.staff.session(before.session) is None
    assert await restored.access.by_token(before.token) is None
    with pytest.raises(NotFound):
        await restored.new_passwords.choose(choice, HERE)
    with pytest.raises(NotFound):
        await restored.claims.claim(claim, HERE)
    # Where it was backed up all of it still does, so that the test could fail.
    assert await services.staff.session(before.session) is not None
    assert await services.access.by_token(before.token) is not None
    await services.new_passwords.choose(choice, HERE)
    await services.claims.claim(claim, HERE)

    # And whoever is still here comes in as always.
    await restored.staff.sign_in("ann", PASSWORD, HERE)
    bob = await restored.administration.one(await restored.administration.number("bob"), None)
    assert bob.invited_until == restored.clock(), "he has not come yet, and needs another link"


async def test_what_waited_in_a_back_up_goes_out_again_only_where_somebody_says_so(
    services: Services, restored: Services, told: Ear
) -> None:
    await worker(services, told).run_dry()
    assert told.actions.count("raise") == 1
    await worker(restored, told).run_dry()
    assert told.actions.count("raise") == 1
    assert told.actions[-1] == "heartbeat", "it says that it lives, as always"
    (letter,) = (await restored.outbox.view(CENTRE)).dead_letters
    assert (letter.action, letter.reason) == ("raise", WAITED)
    await restored.outbox.again(within([1]), letter.id)
    await worker(restored, told).run_dry()
    assert told.actions.count("raise") == 2


async def test_a_database_of_an_earlier_version_is_shut_as_well(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await migrate(connection, shipped_by("0004"))
    await connection.execute(filling("0004"))
    ended = await shut(connection, NOON)
    assert [(one.what, one.rows) for one in ended] == [
        ("sessions ended", 1), ("claim codes ended", 0)
    ]  # fmt: skip
    await connection.close()
