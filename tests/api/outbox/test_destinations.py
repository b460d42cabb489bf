"""Who sets whom the centre tells could send elsewhere what others typed, or call inside."""

from typing import Any

import asyncpg
import pytest

from api.channels.registry import CHANNELS
from api.identity.people import Member
from api.outbox.destinations import Destinations
from api.outbox.service import Outbox, Wanted
from api.refusals import Conflict, Invalid, NotAllowed, NotFound
from api.services import Services
from tests.api.outbox.support import SEAL
from tests.api.support import PASSWORD, SettableClock, add_user

MAIL = {
    "host": "mail.example", "sender": "a@mail.example", "to": "b@mail.example",
    "username": "centre", "password": "hidden",
}  # fmt: skip
PLAIN = {name: value for name, value in MAIL.items() if name != "password"}


def mail(**settings: Any) -> Wanted:
    return Wanted(name="duty", channel="email", settings={**PLAIN, **settings})


@pytest.fixture
def destinations(services: Services) -> Destinations:
    return Destinations(services.database, services.clock, CHANNELS, SEAL)


async def signed_in(services: Services, username: str, **more: Any) -> Member:
    await add_user(services, username, **{"role": "administrator", **more})
    return (await services.staff.sign_in(username, PASSWORD, "192.0.2.1")).session.user


async def test_a_secret_is_kept_and_never_shown_again(
    services: Services, destinations: Destinations, connection: asyncpg.Connection
) -> None:
    boss = await signed_in(services, "boss")
    number = await destinations.add(boss, 1, mail(password="hidden"))
    one = await destinations.one(boss, number)
    assert one.kept == ["password"]
    assert one.settings == PLAIN
    await destinations.change(
        boss, number, mail(to="c@mail.example"), keep={"password"}, version=one.version
    )
    again = await destinations.one(boss, number)
    assert (again.kept, again.settings["to"]) == (["password"], "c@mail.example")
    await destinations.change(boss, number, mail(), keep=(), version=again.version)
    assert (await destinations.one(boss, number)).kept == []
    said = await connection.fetch(
        "select chain, actor, detail from audit where action = 'destination.set'"
    )
    assert {tuple(row) for row in said} == {(1, boss.actor, f"destination {number}")}
    assert len(said) == 3


@pytest.mark.parametrize("to", [{"host": "elsewhere.example"}, {"port": 2525}, {"security": "tls"}])
async def test_a_secret_that_others_typed_is_not_sent_elsewhere(
    services: Services, destinations: Destinations, to: dict[str, Any]
) -> None:
    boss = await signed_in(services, "boss")
    number = await destinations.add(boss, 1, mail(password="hidden"))
    version = (await destinations.one(boss, number)).version
    with pytest.raises(Invalid, match="secrets anew"):
        await destinations.change(boss, number, mail(**to), keep={"password"}, version=version)
    usual = mail(port=587)  # written out it is the same place
    await destinations.change(boss, number, usual, keep={"password"}, version=version)
    version = (await destinations.one(boss, number)).version
    await destinations.change(boss, number, mail(password="new", **to), keep=(), version=version)
    assert (await destinations.one(boss, number)).kept == ["password"]


async def test_nobody_reaches_into_the_centre_s_own_network_from_a_page(
    services: Services, destinations: Destinations
) -> None:
    boss = await signed_in(services, "boss")
    sms = {"url": "https://sms.example", "to": "+447700900123", "fields": {"t": "{text}"}}
    inside = Wanted(name="in", channel="sms", settings={**sms, "allow_private": True})
    for wanted in (inside, mail(ca_file="/etc/hostname")):
        with pytest.raises(Invalid, match="own machine"):
            await destinations.add(boss, 1, wanted)
    outbox = Outbox(services.database, services.clock, CHANNELS, SEAL)
    number = await outbox.set(1, inside)
    version = (await destinations.one(boss, number)).version
    moved = Wanted(
        name="in", channel="sms",
        settings={**sms, "url": "http://127.0.0.1/admin", "allow_private": True},
    )  # fmt: skip
    with pytest.raises(Invalid, match="own network"):
        await destinations.change(boss, number, moved, keep=(), version=version)
    full = Wanted(name="in", channel="sms", settings={**inside.settings, "full": True})
    await destinations.change(boss, number, full, keep=(), version=version)


async def test_it_is_for_who_looks_after_all_and_signed_in_a_moment_ago(
    services: Services, destinations: Destinations, clock: SettableClock
) -> None:
    boss = await signed_in(services, "boss")
    number = await destinations.add(boss, 1, mail())
    version = (await destinations.one(boss, number)).version
    some = await signed_in(services, "some", organisations=[1])
    sue = await signed_in(services, "sue", role="supervisor")
    for by, said in ((some, "every organisation"), (sue, "Only an administrator")):
        with pytest.raises(NotAllowed, match=said):
            await destinations.add(by, 1, mail())
        with pytest.raises(NotAllowed, match=said):
            await destinations.change(by, number, mail(), keep=(), version=version)
    other = (await services.organisations.add("Others")).organisation
    strange = await signed_in(services, "strange", organisations=[other])
    with pytest.raises(NotFound):
        await destinations.one(strange, number)
    with pytest.raises(NotFound):
        await destinations.switch(strange, number, on=False)
    with pytest.raises(NotFound):
        await destinations.try_now(strange, number)
    clock.move(minutes=16)
    with pytest.raises(Conflict, match="since you signed in"):
        await destinations.change(boss, number, mail(), keep=(), version=version)


async def test_of_two_at_once_the_second_sees_the_first_s(
    services: Services, destinations: Destinations
) -> None:
    boss = await signed_in(services, "boss")
    number = await destinations.add(boss, 1, mail())
    with pytest.raises(Conflict, match="already"):
        await destinations.add(boss, 1, mail())
    version = (await destinations.one(boss, number)).version
    await destinations.change(boss, number, mail(full=True), keep=(), version=version)
    with pytest.raises(Conflict, match="meanwhile"):
        await destinations.change(boss, number, mail(), keep=(), version=version)
    await destinations.switch(boss, number, on=False)
    assert not (await destinations.one(boss, number)).enabled
    version = (await destinations.one(boss, number)).version
    await destinations.change(boss, number, mail(), keep=(), version=version)
    assert not (await destinations.one(boss, number)).enabled, "what is off stays off"


async def test_without_a_key_no_secret_is_taken_in(services: Services) -> None:
    bare = Destinations(services.database, services.clock, CHANNELS, None)
    boss = await signed_in(services, "boss")
    with pytest.raises(Invalid, match="secret_key_file"):
        await bare.add(boss, 1, mail(password="hidden"))
    sealed = Destinations(services.database, services.clock, CHANNELS, SEAL)
    number = await sealed.add(boss, 1, mail(password="hidden"))
    with pytest.raises(Conflict, match="no secret key"):
        await bare.one(boss, number)
