"""The page must say of every episode what the program says, or readers try what is not there."""

from pathlib import Path

import pytest

from simulator.living.episodes.kind import Kind
from simulator.living.episodes.registry import KINDS

PAGE = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text()


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_the_page_tells_of_every_episode(kind: Kind) -> None:
    raised = f"`{kind.condition}`" if kind.condition else "a decoy"
    row = f"| `{kind.name}` | {kind.summary} | {kind.shows} | {raised} |"
    assert row in PAGE, f"docs/simulator.md lacks, in its table of episodes: {row}"
