"""A hub whose key was changed under it must go on by itself: nobody restarts it in a flat."""

import time
from pathlib import Path

import pytest

from gateway.backoff import Backoff
from gateway.journal import Journal
from gateway.uplink.centre import Centre
from gateway.uplink.key import load_key, load_or_make_key, public_text
from gateway.uplink.keyring import KeyRing, alone, following, make_following
from gateway.uplink.link import LinkState
from gateway.uplink.sender import Sender
from gateway.uplink.token import Signer
from tests.gateway.centre_peer import Peer, serving


def make_sender(journal: Journal, path: Path, centre: Centre) -> Sender:
    return Sender(
        identity=journal.identity,
        outbox=journal.outbox,
        centre=centre,
        signer=Signer("hub-1", load_key(path), KeyRing(path)),
        now=time.time,
        soon=Backoff(first=1, most=60, chance=lambda: 1.0),
        late=Backoff(first=1000, most=1000, chance=lambda: 1.0),
        pressing=Backoff(first=15, most=15, chance=lambda: 1.0),
        told=lambda _: None,
    )


@pytest.mark.network
async def test_the_hub_at_work_finds_the_key_that_the_centre_took_and_keeps_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "hub.key"
    old = public_text(load_or_make_key(path))
    journal = Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1")
    async with serving(Peer(keys={"hub-1": old})) as peer, Centre(peer.url) as centre:
        sender = make_sender(journal, path, centre)
        assert await sender.step() is None
        new = public_text(make_following(path))
        assert public_text(make_following(path)) == new  # asked again, it is the same
        peer.keys["hub-1"] = new  # taken; and then the power went, before the hub had the answer
        sender = make_sender(journal, path, centre)
        assert await sender.step() == 0.0  # at once, with the other key
        assert await sender.step() is None
        assert sender.state is LinkState.UP_TO_DATE
        assert public_text(load_key(path)) == new
        assert not following(path).exists()
        peer.keys["hub-1"] = old  # a centre that knows neither is left alone for a long while
        sender = make_sender(journal, path, centre)
        assert await sender.step() == 1000
        assert sender.state is LinkState.REFUSED


def test_two_that_change_the_key_at_once_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "hub.key"
    key = load_or_make_key(path)
    following(path).write_bytes(path.read_bytes())
    following(path).chmod(0o600)
    with alone(path):
        KeyRing(path).taken(key)  # the hub at work leaves it to whoever is at it
        assert following(path).exists()
        with pytest.raises(OSError, match="unavailable"), alone(path, wait=False):
            pass
    KeyRing(path).taken(key)
    assert not following(path).exists()
