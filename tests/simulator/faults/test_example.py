"""The fault that docs/simulator-faults.md adds: what stands there must run."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from simulator.devices import Message
from simulator.faults import FAULTS, Fault, FaultSpec, Line
from simulator.faults.fault import parameter
from simulator.faults.table import table
from simulator.faults.words import device_of
from tests.simulator.faults.homes import HOUR, START, spoiled
from tests.simulator.faults.test_line import MESSAGES

PAGE = Path(__file__).parents[3] / "docs" / "simulator-faults.md"


# begin: the fault
@dataclass(kw_only=True)
class Forgetful(Fault):
    """Loses some messages, each by itself, as over a weak link."""

    share: float = parameter(0.1, "share of messages that are lost", high=1)

    expected: ClassVar[str] = "Fewer events, and none that were not there."

    def hear(self, message: Message) -> list[Message]:
        """The message, or nothing."""
        return [] if self._chance.happens(self.share) else [message]


# end


def test_the_example_loses_its_share() -> None:
    spec = FaultSpec("forgetful", Forgetful)
    fault = spec.make(onset=START, duration=10 * HOUR, share=0.5, device="hallway-pir")
    out = spoiled(MESSAGES, fault)
    told = [one for one in MESSAGES if device_of(one) == "hallway-pir"]
    assert set(out) <= set(MESSAGES)
    assert 0.3 < (len(MESSAGES) - len(out)) / len(told) < 0.7


def test_the_page_shows_the_example_that_runs() -> None:
    source = Path(__file__).read_text("utf-8")
    shown = source.split("# begin: the fault\n")[1].split("\n\n# end")[0].strip()
    assert shown in PAGE.read_text("utf-8")


def test_the_page_has_every_fault_with_its_parameters() -> None:
    assert table() in PAGE.read_text("utf-8")
    assert all(f"`{name}`" in table() for name in FAULTS)


def test_the_page_shows_how_to_set_a_fault_while_a_home_lives() -> None:
    page = PAGE.read_text("utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    published: list[Message] = []
    named = {"messages": iter(MESSAGES), "publish": published.append, "onset": START + 2 * HOUR}
    exec(code, named)  # noqa: S102 (the page's own example)
    gone = [one for one in MESSAGES if one.topic == "hallway-pir" and one.t >= START + 2 * HOUR]
    assert published == [one for one in MESSAGES if one not in gone]
    assert isinstance(named["line"], Line)
