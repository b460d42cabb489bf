"""A stolen key must open nothing once it was changed, and no power cut may leave a hub mute."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

import gateway.commands.rotate_key as command
from api.clock import utc_now
from api.hubs.claims import ClaimRequest
from api.hubs.keys import KeyRequest
from api.identity.people import Member
from api.refusals import Forbidden, Invalid, NotSignedIn
from api.serve import bind
from api.services import Services
from contract.keys import key_statement
from gateway.cli import main
from gateway.uplink.key import load_key, load_or_make_key, public_text
from gateway.uplink.keyring import KeyRing, following
from gateway.uplink.token import Signer
from tests.api.support import SettableClock, add_device, add_user

HERE = "192.0.2.1"


def signed(key: Ed25519PrivateKey, said: bytes) -> str:
    return urlsafe_b64encode(key.sign(said)).decode().rstrip("=")


def wish(hub: str, old: Ed25519PrivateKey, new: Ed25519PrivateKey, **other: str) -> KeyRequest:
    public = public_text(new)
    said = key_statement(hub, public)
    made = {"public_key": public, "by_old": signed(old, said), "by_new": signed(new, said)}
    return KeyRequest(**{**made, **other})


async def test_the_old_key_opens_nothing_once_the_new_one_was_taken(
    services: Services, clock: SettableClock
) -> None:
    device, new = await add_device(services), Ed25519PrivateKey.generate()
    asked = wish(device.hub, device.key, new)
    await services.keys.rotate(device.hub, asked)
    await services.keys.rotate(device.hub, asked)  # the first answer may have been lost
    old_token = device.token(clock.now)
    with pytest.raises(NotSignedIn):
        await services.door.home_of(device.hub, f"Bearer {old_token}")
    device.key = new
    home = await services.door.home_of(device.hub, f"Bearer {device.token(clock.now)}")
    assert home == device.home


async def test_nobody_can_slip_in_a_key_of_their_own(services: Services) -> None:
    device, thief = await add_device(services), Ed25519PrivateKey.generate()
    new, other = Ed25519PrivateKey.generate(), await add_device(services)
    public = public_text(new)
    wrong = [
        wish(device.hub, thief, new),  # the old key has not vouched
        wish(other.hub, device.key, new),  # a statement about another hub
        wish(device.hub, device.key, new, by_new=signed(thief, key_statement(device.hub, public))),
        wish(device.hub, device.key, new, public_key=public_text(thief)),
    ]
    for asked in wrong:
        with pytest.raises(Forbidden):
            await services.keys.rotate(device.hub, asked)
    for nonsense in ("ä", "A"):
        with pytest.raises((Invalid, Forbidden)):
            await services.keys.rotate(
                device.hub, wish(device.hub, device.key, new, by_new=nonsense)
            )


@dataclass
class Fitted:
    """A hub in a home, its settings, and the running centre that knows it."""

    hub: str
    settings: Path
    key: Path
    services: Services

    def run(self, *words: str) -> "asyncio.Future[int]":
        arguments = [*words, "--settings", f"{self.settings}"]
        return asyncio.ensure_future(asyncio.to_thread(main, arguments))

    async def speaks(self) -> None:
        """As the running hub: a refused token has the other key tried; each try is at once."""
        signer = Signer(self.hub, load_key(self.key), KeyRing(self.key))
        for _ in range(3):
            token = signer.token(utc_now().timestamp())
            try:
                await self.services.door.home_of(self.hub, f"Bearer {token}")
            except NotSignedIn:
                assert signer.refused(token), "no key is left to try"
            else:
                signer.taken()
                return
        raise AssertionError("the hub is mute")


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    bound = bind("127.0.0.1", 0)
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    server.should_exit = True
    await task
    bound.close()


@pytest.fixture
async def fitted(
    app: FastAPI, services: Services, clock: SettableClock, tmp_path: Path
) -> AsyncIterator[Fitted]:
    clock.now = utc_now()
    invitation = await services.claims.add_hub("h1", organisation=1)
    async with serving(app) as url:
        settings = tmp_path / "hub.toml"
        settings.write_text(
            f'[hub]\nid = "{invitation.hub}"\nhome = "h1"\n[broker]\nhost = "127.0.0.1"\nport = 9\n'
            f'[centre]\nurl = "{url}"\n'
        )
        path = tmp_path / "data" / "hub.key"
        public = public_text(load_or_make_key(path))
        await services.claims.claim(ClaimRequest(code=invitation.code, public_key=public), HERE)
        yield Fitted(invitation.hub, settings, path, services)


@pytest.mark.network
async def test_a_hub_changes_its_key_and_speaks_on(fitted: Fitted) -> None:
    before = fitted.key.read_bytes()
    assert await fitted.run("rotate-key") == 0
    assert fitted.key.read_bytes() != before
    assert fitted.key.stat().st_mode & 0o777 == 0o600
    assert not following(fitted.key).exists()
    await fitted.speaks()


class _CutError(Exception):
    """The power is cut."""


@pytest.mark.network
@pytest.mark.parametrize("where", ["_statement", "settle", "make_following"])
async def test_cut_off_anywhere_the_hub_speaks_and_finishes_later(
    fitted: Fitted, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Before the new key is made; before the centre is told; before the new key is put in place."""

    def cut(*_: Any) -> None:
        raise _CutError

    with monkeypatch.context() as patch:
        patch.setattr(command, where, cut)
        with pytest.raises(_CutError):
            await fitted.run("rotate-key")
    await fitted.speaks()
    await fitted.speaks()  # and so it does after its next start
    assert await fitted.run("rotate-key") == 0
    await fitted.speaks()
    assert not following(fitted.key).exists()


@pytest.mark.network
async def test_a_running_hub_goes_on_with_the_new_key_by_itself(fitted: Fitted) -> None:
    signer = Signer(fitted.hub, load_key(fitted.key), KeyRing(fitted.key))
    old = signer.token(utc_now().timestamp())
    assert await fitted.run("rotate-key") == 0
    with pytest.raises(NotSignedIn):
        await fitted.services.door.home_of(fitted.hub, f"Bearer {old}")
    assert signer.refused(old)
    new = signer.token(utc_now().timestamp())
    assert await fitted.services.door.home_of(fitted.hub, f"Bearer {new}") == "h1"


@pytest.mark.network
async def test_a_revoked_hub_says_so_to_whoever_looks(
    fitted: Fitted, capsys: pytest.CaptureFixture[str]
) -> None:
    boss: Member = await add_user(fitted.services, "sue", role="supervisor")
    await fitted.services.places.revoke(fitted.hub, boss)
    assert await fitted.run("rotate-key") == 1
    assert "This hub was revoked on" in capsys.readouterr().err
    await fitted.run("doctor", "--listen", "0")
    said = capsys.readouterr().out
    assert "turns this hub away" in said
    assert "This hub was revoked on" in said


def test_two_keys_that_nobody_knows_are_each_tried_once_and_then_wait(tmp_path: Path) -> None:
    path = tmp_path / "hub.key"
    load_or_make_key(path)
    load_or_make_key(following(path))
    signer = Signer("hub-1", load_key(path), KeyRing(path))
    for _ in range(2):  # now, and after a long wait
        tried = 0
        while signer.refused(signer.token(1_000_000)):
            tried += 1
            assert tried < 3, "the hub would hammer the centre"
        assert tried == 1
