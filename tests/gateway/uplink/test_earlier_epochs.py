"""A call goes ahead of earlier epochs, and the centre learns that they were earlier."""

from pathlib import Path

from contract import MAX_EPOCHS, Batch
from gateway.journal import Journal
from gateway.uplink.answers import Answer, Away, Received
from tests.gateway.centre_peer import Peer
from tests.gateway.uplink.sending import drain, hear, raise_urgent, sender


class Noting:
    """A centre that notes what it is sent; it is away as often as it is told to be."""

    date: float | None = None

    def __init__(self) -> None:
        self.peer = Peer()
        self.away = 0
        self.batches: list[Batch] = []

    async def send(self, batch: Batch, token: str) -> Answer:
        assert token
        self.batches.append(batch)
        if self.away:
            self.away -= 1
            return Away("away")
        return Received(self.peer.receive(batch))

    def named(self) -> list[list[str]]:
        """Of each batch with records, the earlier epochs that it names, and its own."""
        found = [[*one.before, one.epoch] for one in self.batches if one.records]
        self.batches.clear()
        return found


def opened(folder: Path, boot: int) -> Journal:
    return Journal.open(folder / "journal.sqlite", "hub-1", "h1", boot=f"{boot}")


async def test_what_is_said_later_of_an_alert_is_known_to_be_later_though_a_call_went_ahead(
    tmp_path: Path,
) -> None:
    centre = Noting()
    for boot in range(3):
        with opened(tmp_path, boot) as journal:
            hear(journal, 2)  # of which nothing is said again, so that it need not be named
    with opened(tmp_path, 3) as journal:
        raise_urgent(journal)
    with opened(tmp_path, 4) as journal:
        hear(journal, 1)
        one, two, three, four, five = (one.name for one in journal.outbox.epochs())
        raise_urgent(journal)
        uplink = sender(journal, centre)
        centre.away = 1
        await drain(uplink)
        assert centre.named()[:2] == [[four]] * 2
        raise_urgent(journal)
        await drain(uplink)
    with opened(tmp_path, 5) as journal:
        hear(journal, 1)
        await drain(sender(journal, centre))
        six = journal.identity.epoch
        assert centre.named()[-1] == [four, five, six]
    assert {one, two, three} <= {epoch for _, epoch in centre.peer.stored}


async def test_a_hub_names_its_earlier_epochs_once_and_not_with_each_record(
    tmp_path: Path,
) -> None:
    centre = Noting()
    with opened(tmp_path, 0) as journal:
        raise_urgent(journal)
    with opened(tmp_path, 1) as journal:
        first, second = (one.name for one in journal.outbox.epochs())
        uplink = sender(journal, centre)
        await drain(uplink)
        centre.batches.clear()
        raise_urgent(journal)
        centre.away = 2
        await drain(uplink)  # until the centre has had it
        hear(journal, 1)
        await drain(uplink)
        assert centre.named() == [[first, second]] * 3 + [[second]]


async def test_a_hub_that_began_thousands_of_times_names_no_more_than_a_batch_may(
    tmp_path: Path,
) -> None:
    with opened(tmp_path, 0) as journal:
        for _ in range(MAX_EPOCHS + 5):
            raise_urgent(journal)
            journal.outbox.begin_anew(journal.last_seq, "the hub began again", 0.0)
        names = [one.name for one in journal.outbox.epochs()]
        assert journal.outbox.epochs_before(journal.last_seq) == names[5:-1]
