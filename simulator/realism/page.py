"""The results on a page of the documentation: behind its mark, with a few of the pictures."""

from pathlib import Path

MARK = "<!-- results -->\n"
PICTURES = ("realism-by-hour.svg", "realism-bathroom.svg", "realism-silence.svg")


def put_results(page: str, results: str) -> str:
    """The page with everything behind its mark replaced.

    Raises:
        ValueError: The page has no mark.
    """
    words, mark, _ = page.partition(MARK)
    if not mark:
        raise ValueError(f"the page has no line {MARK.strip()}")
    return f"{words}{mark}\n{results}"


def keep_pictures(folder: Path, names: list[str]) -> list[str]:
    """Deletes from the folder all of the pictures but a few, and returns those that stay."""
    for name in names:
        if name not in PICTURES:
            (folder / name).unlink()
    return [name for name in names if name in PICTURES]
