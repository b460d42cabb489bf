"""Whatever the network does, each record reaches the centre in the end."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from contract import Batch
from gateway.journal import Journal
from gateway.uplink.answers import Answer, Away, Received, Refused, TooLarge
from tests.gateway.centre_peer import Peer
from tests.gateway.uplink.sending import drain, hear, raise_urgent, sender


class Fickle:
    """A centre that stores what it gets and answers as it likes: the worst a network can do."""

    date: float | None = None

    def __init__(self, moods: Callable[[], str]) -> None:
        self.peer = Peer()
        self._moods = moods

    async def send(self, batch: Batch, token: str) -> Answer:
        assert token
        mood = self._moods()
        if mood == "away":
            return Away("away")
        if mood == "refuses":
            return Refused("no", 422)
        if mood == "too large":
            return TooLarge("too large")
        if mood == "forgets":
            kept = self.peer.stored.get((batch.hub, batch.epoch), {})
            for seq in sorted(kept)[len(kept) // 2 :]:
                del kept[seq]
        receipt = self.peer.receive(batch)
        if mood == "stored, but the answer is lost":
            return Away("lost")
        return Received(receipt)


_MOODS = ["away", "refuses", "too large", "forgets", "stored, but the answer is lost", "well"]


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=8), st.data())
@settings(max_examples=20, deadline=None)
def test_whatever_the_network_does_all_arrives_in_the_end(
    heard: list[tuple[int, bool]], data: st.DataObject
) -> None:
    calm = False

    def mood() -> str:
        return "well" if calm else data.draw(st.sampled_from(_MOODS))

    async def go() -> None:
        nonlocal calm
        with (
            TemporaryDirectory() as folder,
            Journal.open(Path(folder) / "j.sqlite", "hub-1", "h1") as journal,
        ):
            fickle = Fickle(mood)
            one = sender(journal, fickle)
            for count, urgent in heard:
                hear(journal, count)
                if urgent:
                    raise_urgent(journal)
                await one.step()
                if data.draw(st.booleans()):
                    one = sender(journal, fickle)  # the hub restarts
            calm = True
            await drain(one)
            await drain(sender(journal, fickle))
            records = journal.outbox.records(0, 10_000, 10**9)
            assert fickle.peer.bodies("hub-1") == [bytes(record.body) for record in records]
            assert journal.outbox.cursor == len(records)

    asyncio.run(go())
