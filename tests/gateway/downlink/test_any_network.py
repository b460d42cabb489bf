"""Whatever a network does to it, what staff asked for is done once and they learn that it was.

The hub's sender and ear run against a model of a centre that loses questions and answers, repeats
old ones, damages them, refuses, and forgets; and the hub's process ends at any moment between.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from contract import (
    Alert,
    Batch,
    Command,
    CommandResult,
    Configuration,
    ConfigurationReport,
    Downlink,
    RecordKind,
    SensorEvent,
    decode,
    utc,
)
from gateway.backoff import Backoff
from gateway.downlink.book import Cursor
from gateway.downlink.ear import Ear
from gateway.downlink.orders import GarbledError
from gateway.journal import Intake
from gateway.uplink.answers import Answer, Asked, Away, Received, Refused, Told, TooLarge
from gateway.uplink.sender import Sender
from gateway.uplink.token import Signer
from tests.gateway.centre_peer import Peer
from tests.gateway.downlink.bench import Bench, configuration
from tests.gateway.events import START, event

KEY = Ed25519PrivateKey.generate()
UPLINK = ["well", "away", "refuses", "too large", "forgets", "answer lost"]
DOWNLINK = ["well", "away", "refuses", "answer lost", "an old answer", "damaged", "another's"]
OVER = {"done", "refused", "expired"}


class ModelCentre:
    """What the centre should do, without a database; `mood` is how the network behaves."""

    date: float | None = None

    def __init__(self, now: Callable[[], float]) -> None:
        self.peer = Peer()
        self.mood = "well"
        self.versions: list[Configuration] = []
        self.commands: list[Command] = []
        self._now = now
        self._earlier: list[Downlink] = []
        self._kinds: dict[int, str] = {}

    async def send(self, batch: Batch, token: str) -> Answer:
        assert token
        answers: dict[str, Answer] = {
            "away": Away("away"), "refuses": Refused("no", 422), "too large": TooLarge("no")
        }  # fmt: skip
        if self.mood in answers:
            return answers[self.mood]
        if self.mood == "forgets":
            kept = self.peer.stored.get((batch.hub, batch.epoch), {})
            for seq in sorted(kept)[len(kept) // 2 :]:
                del kept[seq]
        self._kinds.update({record.seq: record.kind for record in batch.records})
        receipt = self.peer.receive(batch)
        return Away("lost") if self.mood == "answer lost" else Received(receipt)

    async def ask(self, hub: str, token: str, has: Cursor, wait: float) -> Asked:
        assert (hub, bool(token), wait > 0) == ("hub-1", True, True)
        troubles: dict[str, Asked] = {"away": Away("away"), "refuses": Refused("no", 404)}
        if self.mood in troubles:
            return troubles[self.mood]
        answer = self._answer(has)
        self._earlier.append(answer)
        if self.mood == "an old answer":
            answer = self._earlier[len(self._earlier) // 2]
        elif self.mood == "another's":
            answer = msgspec.structs.replace(answer, hub="hub-2")
        elif self.mood == "damaged" and answer.configuration is not None:
            bad = msgspec.structs.replace(
                answer.configuration, content=msgspec.Raw(b'{"people":9}')
            )
            answer = msgspec.structs.replace(answer, configuration=bad)
        return Away("lost") if self.mood == "answer lost" else Told(answer)

    def _answer(self, has: Cursor) -> Downlink:
        now, over = utc(self._now()), {one.command for one in self.results() if one.state in OVER}
        newest = self.versions[-1] if self.versions else None
        return Downlink(
            hub="hub-1",
            at=now,
            configuration=newest if newest and newest.version > has.configuration else None,
            commands=[
                one
                for one in self.commands
                if one.number > has.commands and one.id not in over and one.expires_at > now
            ],
        )

    def bodies(self, kind: RecordKind, form: type[Any]) -> list[Any]:
        """What the hub's journal said, as far as it is here."""
        kept = next(iter(self.peer.stored.values()), {})
        return [decode(kept[seq], form) for seq in sorted(kept) if self._kinds[seq] == kind]

    def results(self) -> list[CommandResult]:
        found: list[CommandResult] = self.bodies(RecordKind.COMMAND_RESULT, CommandResult)
        return found


class AnyNetwork(RuleBasedStateMachine):
    """Rules are what staff, sensors, the network and the power may do."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self.bench = Bench(Path(self._folder.name))
        self.centre = ModelCentre(lambda: self.bench.now)
        self.asked: dict[str, str] = {}
        self.heard = 0
        self.restart()

    def teardown(self) -> None:
        self.settle()
        self.bench.journal.close()
        self._folder.cleanup()

    @rule()
    def restart(self) -> None:
        """The power goes, between any two steps."""
        self.bench.restart()
        bench = self.bench
        signer = Signer("hub-1", KEY)
        backoff = Backoff(first=1, most=1, chance=lambda: 0.0)
        self.sender = Sender(
            identity=bench.journal.identity, outbox=bench.journal.outbox, signer=signer,
            centre=self.centre, now=lambda: bench.now, soon=backoff, late=backoff,
            pressing=backoff,
            told=lambda _: None,
        )  # fmt: skip

    @rule(mood=st.sampled_from(UPLINK))
    def send(self, mood: str) -> None:
        self.centre.mood = mood
        asyncio.run(self._send())

    async def _send(self) -> float | None:
        return await self.sender.step()

    @rule(mood=st.sampled_from(DOWNLINK))
    def ask(self, mood: str) -> None:
        self.centre.mood = mood
        try:
            anew = asyncio.run(self._ear().step()) is None
        except GarbledError:
            anew = False
        if anew:
            self.bench.begin()

    def _ear(self) -> Ear:
        bench = self.bench
        backoff = Backoff(first=1, most=1, chance=lambda: 0.0)
        return Ear(
            hub="hub-1", centre=self.centre, orders=bench.orders, signer=Signer("hub-1", KEY),
            now=lambda: bench.now, soon=backoff, late=backoff, news=lambda: None,
        )  # fmt: skip

    @precondition(lambda self: len(self.asked) < 12)
    @rule(
        kind=st.sampled_from(["test", "pause", "resume", "away", "back", "walk_test", "dance"]),
        minutes=st.integers(1, 60),
    )
    def command(self, kind: str, minutes: int) -> None:
        body: dict[str, Any] = {}
        if kind in {"pause", "away"}:
            body = {"until": self.bench.soon(minutes * 60)}
        if kind == "walk_test":
            body = {"minutes": minutes}
        command = self.bench.command(kind, len(self.asked) + 1, **body)
        self.asked[command.id] = kind
        self.centre.commands.append(command)

    @precondition(lambda self: len(self.centre.versions) < 6)
    @rule(people=st.integers(1, 25))
    def configure(self, people: int) -> None:
        version = len(self.centre.versions) + 1
        self.centre.versions.append(configuration(version, people=people))

    @rule(minutes=st.integers(1, 30))
    def pass_time(self, minutes: int) -> None:
        self.bench.run(minutes * 60)

    @rule(count=st.integers(1, 5))
    def hear(self, count: int) -> None:
        hours = (self.bench.now - START) / 3600
        intake = Intake(events=[event(hours) for _ in range(count)])
        paused = self.bench.standing.spells.now("pause") is not None
        self.bench.standing.spells.hush(intake)
        self.bench.journal.write_intake(intake, self.bench.now)
        assert not (paused and intake.events)
        self.heard += len(intake.events)

    @invariant()
    def no_test_is_raised_twice_and_no_command_answered_for_good_twice(self) -> None:
        alerts = Counter(decode(body, Alert).subject for body in self.bench.bodies("alert"))
        assert set(alerts) <= {name for name, kind in self.asked.items() if kind == "test"}
        assert all(times == 1 for times in alerts.values())
        ended = Counter(name for name, state in self.bench.results() if state in OVER)
        assert all(times == 1 for times in ended.values())

    @invariant()
    def the_hub_runs_with_a_version_that_the_centre_made_and_that_will_do(self) -> None:
        version, people = self.bench.effective.version, self.bench.effective.settings.hub.people
        if version is None:
            assert people == 1
        else:
            said = msgspec.json.decode(self.centre.versions[version - 1].content)
            assert people == said["people"] <= 20

    def settle(self) -> None:
        """The network is well again: now everything must come to rest, and be right."""
        self.centre.mood = "well"
        for _ in range(30):
            if asyncio.run(self._ear().step()) is None:
                self.bench.begin()
            self.bench.run(600)
        for _ in range(60):
            if asyncio.run(self._send()) is None and asyncio.run(self._send()) is None:
                break
        self.restart()
        asyncio.run(self._send())
        states = {one.command: one.state for one in self.centre.results()}
        kinds = Counter(self.asked.values())
        tests = self.centre.bodies(RecordKind.ALERT, Alert)
        done = [name for name, state in states.items() if state == "done"]
        assert sorted(one.subject for one in tests) == sorted(
            name for name in done if self.asked[name] == "test"
        )
        for name, kind in self.asked.items():
            expected = OVER if kind != "dance" else {"refused", "expired"}
            # One that had expired before the hub ever heard of it has no answer.
            assert states.get(name, "expired") in expected
        assert len(tests) <= kinds["test"]
        events = self.centre.bodies(RecordKind.EVENT, SensorEvent)
        assert len(events) == self.heard
        self._check_versions()

    def _check_versions(self) -> None:
        if not self.centre.versions:
            return
        newest = self.centre.versions[-1]
        reports = self.centre.bodies(RecordKind.CONFIGURATION, ConfigurationReport)
        last = {one.version: one.state for one in reports}
        good = msgspec.json.decode(newest.content)["people"] <= 20
        assert last[newest.version] in ({"applied", "reverted"} if good else {"refused"})


AnyNetworkTest = AnyNetwork.TestCase
AnyNetworkTest.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
