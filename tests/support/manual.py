"""All that is written for people about the hub, as one text."""

from pathlib import Path

_DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(_DOCS.glob("hub*.md"))
MANUAL = "\n".join(page.read_text("utf-8") for page in PAGES)


def under(heading: str) -> str:
    """What stands under a heading of the second or third level, up to the next page or heading."""
    return MANUAL.split(f"\n{heading}\n")[1].split("\n## ")[0].split("\n# ")[0]
